using System.Text;

namespace HPManager.Drivers.Husdata.Client;

/// <summary>What a gateway said to a write. Its firmware makes broken JSON of some refusals, so that only the word behind <c>response</c> counts.</summary>
/// <param name="IsTaken">Whether it handed the value on; the heat pump need not have taken it.</param>
/// <param name="Word">What it said, shortened to what can be shown; empty when that is nothing it is known to say.</param>
internal readonly record struct SetAnswer(bool IsTaken, string Word)
{
    private const int Shown = 40;

    /// <summary>Reads an answer.</summary>
    public static SetAnswer Parse(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 256)]);
        var name = text.IndexOf("\"response\"", StringComparison.OrdinalIgnoreCase);
        if (name < 0) return new SetAnswer(IsTaken: false, "");
        var word = new string([.. text[(name + 10)..].Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '-' or '_')]).Trim();
        return new SetAnswer(string.Equals(word, "Ok", StringComparison.OrdinalIgnoreCase), word.Length > Shown ? word[..Shown] : word);
    }
}
