using System.Text.Json;
using System.Text.RegularExpressions;
using HPManager.Core.History.Engines;

namespace HPManager.Core.History.InfluxDb;

/// <summary>How far a refusal goes.</summary>
internal enum RefusalKind
{
    /// <summary>A field has another type there; every line with it was refused, the others may have been kept.</summary>
    Field,

    /// <summary>Some lines were refused, the others were kept.</summary>
    Lines,

    /// <summary>A line was refused, and all others with it.</summary>
    Whole,
}

/// <summary>A refusal that speaks of the lines themselves, in one of the forms of versions 1, 2 and 3. Others are no such refusal: nothing may be given up for them.</summary>
/// <param name="Kind">How far it goes.</param>
/// <param name="Words">What it says.</param>
/// <param name="Field">The field, of <see cref="RefusalKind.Field"/>.</param>
/// <param name="Named">Lines that it names, by number from 1, and why.</param>
internal sealed partial record InfluxRefusal(RefusalKind Kind, string Words, string? Field, IReadOnlyList<(int Line, string Words)> Named)
{
    /// <summary>Reads an answer; null when it does not speak of lines.</summary>
    public static InfluxRefusal? Of(EngineAnswer answer)
    {
        if (answer.Status is not (400 or 422)) return null;
        var words = EngineHttp.Words(answer);
        var named = NamedIn(answer);
        var field = FieldIn(words) ?? named.Select(line => FieldIn(line.Words)).FirstOrDefault(known => known is not null);
        if (field is not null)
            return new InfluxRefusal(RefusalKind.Field, named.Count > 0 ? named[0].Words : words, field, named);
        if (words.Contains("partial write", StringComparison.OrdinalIgnoreCase)) return new InfluxRefusal(RefusalKind.Lines, words, null, named);
        var isOfLines = words.Contains("unable to parse", StringComparison.OrdinalIgnoreCase) || words.Contains("parsing failed", StringComparison.OrdinalIgnoreCase);
        return isOfLines ? new InfluxRefusal(RefusalKind.Whole, words, null, named) : null;
    }

    private static string? FieldIn(string words)
    {
        if (InputField().Match(words) is { Success: true } first) return first.Groups["field"].Value;
        return ColumnType().Match(words) is { Success: true } second ? second.Groups["field"].Value : null;
    }

    // Version 3 lists the lines that it refuses.
    private static List<(int Line, string Words)> NamedIn(EngineAnswer answer)
    {
        var named = new List<(int, string)>();
        using var json = answer.Json();
        if (json?.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("data", out var data)) return named;
        foreach (var item in data.ValueKind == JsonValueKind.Array ? data.EnumerateArray().ToList() : [data])
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("error_message", out var text) || text.ValueKind != JsonValueKind.String) continue;
            var line = item.TryGetProperty("line_number", out var number) && number.TryGetInt32(out var known) ? known : 0;
            named.Add((line, text.GetString()!));
        }

        return named;
    }

    [GeneratedRegex("input field \"(?<field>[^\"]+)\" on measurement", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InputField();

    [GeneratedRegex("column type for column '(?<field>[^']+)'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ColumnType();
}
