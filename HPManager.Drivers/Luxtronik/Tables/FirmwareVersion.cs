using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HPManager.Drivers.Luxtronik.Tables;

/// <summary>
/// The firmware as the controller writes it, and the numbers in it: <c>V3.92.1</c> is series 3, minor 92, patch 1. The series is the kind of
/// controller (1 and 2 are Luxtronik 2.0, 3 is 2.1) and is never changed by an update; features follow minor and patch.
/// </summary>
/// <param name="Text">As the controller writes it; may be empty.</param>
/// <param name="Series">null when the text holds no number.</param>
/// <param name="Minor">0 when the text does not tell.</param>
/// <param name="Patch">0 when the text does not tell.</param>
public sealed partial record FirmwareVersion(string Text, int? Series, int Minor, int Patch)
{
    /// <summary>Calculations a block must have to hold the text.</summary>
    internal const int NeededCalculations = FirstIndex + Length;

    private const int FirstIndex = 81;
    private const int Length = 10;

    /// <summary>Whether the parts before and behind the second point are at least these, whatever the series.</summary>
    public bool IsAtLeast(int minor, int patch) => Minor > minor || (Minor == minor && Patch >= patch);

    /// <summary>Reads the text from a block of calculations.</summary>
    /// <exception cref="ArgumentException">The block is too short to hold it.</exception>
    public static FirmwareVersion Of(ReadOnlySpan<int> calculations)
    {
        if (calculations.Length < NeededCalculations) throw new ArgumentException($"{calculations.Length} calculations hold no firmware text", nameof(calculations));
        var text = new StringBuilder(Length);
        foreach (var code in calculations.Slice(FirstIndex, Length))
        {
            if (code == 0) break;
            text.Append(code is >= ' ' and <= '~' ? (char)code : '?');
        }

        return Parse(text.ToString());
    }

    /// <summary>Reads a text, leaving out what stands before the first digit.</summary>
    public static FirmwareVersion Parse(string text)
    {
        var numbers = Numbers().Match(text);
        return numbers.Success
            ? new FirmwareVersion(text, NumberOf(numbers.Groups["series"]), NumberOf(numbers.Groups["minor"]), NumberOf(numbers.Groups["patch"]))
            : new FirmwareVersion(text, null, 0, 0);
    }

    private static int NumberOf(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^[^0-9]*(?<series>[0-9]{1,4})(\.(?<minor>[0-9]{1,4})(\.(?<patch>[0-9]{1,4}))?)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
