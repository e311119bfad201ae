using System.Globalization;

namespace HPManager.Drivers.Ebusd.Inventory;

/// <summary>When ebusd last heard each message, by its own clock.</summary>
internal static class StoredTimes
{
    private const string Mark = " [ZZ=";
    private const string Stored = "lastup=";

    // A machine that has not been told the time begins in 1970.
    private const int FirstYear = 1970;
    private const int LastYear = 2099;
    private const string Form = "yyyy-MM-dd HH:mm:ss";

    /// <summary>What ebusd is asked: everything it has data of, with nothing sent on the bus.</summary>
    public static string Command => "find -V -d";

    /// <summary>The newest time of each message, in ebusd's local time. Lines that are none are passed over, and so are messages that send a value.</summary>
    public static Dictionary<MessageId, DateTime> Parse(IReadOnlyList<string> lines)
    {
        var times = new Dictionary<MessageId, DateTime>();
        foreach (var line in lines)
        {
            if (TryParse(line, out var message, out var time) && (!times.TryGetValue(message, out var known) || known < time)) times[message] = time;
        }

        return times;
    }

    private static bool TryParse(string line, out MessageId message, out DateTime time)
    {
        (message, time) = (default, default);
        var equals = line.IndexOf(" = ", StringComparison.Ordinal);
        var mark = line.LastIndexOf(Mark, StringComparison.Ordinal);
        if (equals <= 0 || mark < equals) return false;
        var tail = line[mark..];
        var words = line[..equals].Split(' ');
        var at = tail.IndexOf(Stored, StringComparison.Ordinal);
        if (words.Length != 2 || at < 0 || tail.Length < at + Stored.Length + Form.Length || tail.Contains("active write", StringComparison.Ordinal)) return false;
        message = MessageId.Of(words[0], words[1]);
        return DateTime.TryParseExact(tail.AsSpan(at + Stored.Length, Form.Length), Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
            && time.Year is >= FirstYear and <= LastYear;
    }
}
