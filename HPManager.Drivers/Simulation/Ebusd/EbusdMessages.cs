using System.Globalization;

namespace HPManager.Drivers.Simulation.Ebusd;

/// <summary>How a message comes to ebusd.</summary>
public enum EbusdMessageKind
{
    /// <summary>It is asked for on the bus.</summary>
    Active,

    /// <summary>The devices say it to each other, and ebusd overhears it.</summary>
    Passive,
}

/// <summary>A message as one ebusd has it. Definition texts are in its own form: <c>name,part,type,divisor or values,unit,comment</c> for each field.</summary>
/// <param name="Circuit">Circuit.</param>
/// <param name="Name">Name.</param>
/// <param name="Telegram">Primary and secondary byte, then the id, in hex.</param>
/// <param name="Definition">Fields.</param>
/// <param name="Read">The answer with numbers for words; <c>empty</c>, or an error, where there is no value.</param>
public sealed record EbusdMessage(string Circuit, string Name, string Telegram, string Definition, Func<string> Read)
{
    /// <summary>How it comes to ebusd.</summary>
    public EbusdMessageKind Kind { get; init; }

    /// <summary>Access level, empty for everybody.</summary>
    public string Level { get; init; } = "";

    /// <summary>Takes a value; null when there is no write of it. Gives what ebusd says.</summary>
    public Func<string, string>? Write { get; init; }

    /// <summary>An answer with words for numbers, as ebusd gives it unless it is asked for numbers.</summary>
    public string InWords(string answer)
    {
        if (answer == "empty" || answer.StartsWith("ERR:", StringComparison.Ordinal)) return answer;
        var lists = Definition.Split(',').Chunk(6).Where(field => field.Length > 2 && !field[2].StartsWith("IGN", StringComparison.Ordinal)).Select(field => field.Length > 3 ? field[3] : "").ToList();
        return string.Join(';', answer.Split(';').Select((value, place) => place < lists.Count ? WordOf(lists[place], value) : value));
    }

    private static string WordOf(string list, string value) =>
        list.Split(';').Select(entry => entry.Split('=', 2)).FirstOrDefault(entry => entry.Length == 2 && entry[0] == value)?[1] ?? value;
}

/// <summary>What a simulated ebusd serves. Thread-safe.</summary>
public interface IEbusdPlant
{
    /// <summary>Lines of a bus scan: address, maker, id, software and hardware.</summary>
    IReadOnlyList<string> Scan { get; }

    /// <summary>Its messages.</summary>
    IReadOnlyList<EbusdMessage> Messages { get; }
}

/// <summary>Numbers as ebusd writes them.</summary>
internal static class EbusdText
{
    /// <summary>A value of type D1C: half degrees, one decimal.</summary>
    public static string HalfDegrees(double value) => (Math.Round(value * 2) / 2).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>A value of type D2C: sixteenths, two decimals.</summary>
    public static string Sixteenths(double value) => (Math.Round(value * 16) / 16).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A value of type D2B: 256ths, three decimals.</summary>
    public static string Fine(double value) => (Math.Round(value * 256) / 256).ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A value in tenths.</summary>
    public static string Tenths(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Whole(double value) => Math.Round(value).ToString("0", CultureInfo.InvariantCulture);

    /// <summary>A float: up to six significant digits, 0 as 0.0, large ones with an exponent.</summary>
    public static string Float(double value)
    {
        if (value == 0) return "0.0";
        if (Math.Abs(value) is >= 1e-4 and < 1e6) return value.ToString("G6", CultureInfo.InvariantCulture);
        return value.ToString("0.#####e+00", CultureInfo.InvariantCulture);
    }

    /// <summary>A float counted in thousandths: nine decimals.</summary>
    public static string Thousandth(double value) => value.ToString("0.000000000", CultureInfo.InvariantCulture);
}
