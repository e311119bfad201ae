using System.Globalization;
using System.Text.Json;
using HPManager.Core.Sensors;

namespace HPManager.Drivers.Powervault.Tables;

/// <summary>How a value is written in a message.</summary>
internal enum ValueCoding
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>A number, or a text that is one.</summary>
    NumberOrText,

    /// <summary>A number whose sign says nothing.</summary>
    Magnitude,

    /// <summary>0 or 1, as a text or a number.</summary>
    Switch,

    /// <summary>A text.</summary>
    Text,

    /// <summary>The whole message.</summary>
    Whole,
}

/// <summary>One line of the table: a value of one topic. Immutable.</summary>
internal sealed record PowervaultValue
{
    private const int LongestText = 200;

    public required SensorDefinition Sensor { get; init; }

    /// <summary>The topic behind the battery's id.</summary>
    public required string Topic { get; init; }

    public required ValueSelector Selector { get; init; }

    public required ValueCoding Coding { get; init; }

    public double Scale { get; init; } = 1;

    /// <summary>The member that counts the battery's modules, each of which has a sensor of its own; null for a value of the whole battery.</summary>
    public string? PerMember { get; init; }

    /// <summary>Largest step between two messages that is believed at once; null for any.</summary>
    public double? Guard { get; init; }

    /// <summary>Whether it comes every few seconds, so that one that does not come any more is old; others come when something happens.</summary>
    public bool IsRenewed { get; init; }

    /// <summary>Whether it is an alarm that means that something is broken.</summary>
    public bool IsFault { get; init; }

    /// <summary>The reading of a value found in a message.</summary>
    public Reading Decode(JsonElement value, DateTimeOffset at)
    {
        if (Coding is ValueCoding.Text) return value.ValueKind == JsonValueKind.String ? Text(value.GetString()!, at) : WrongType(value, at);
        if (Coding is ValueCoding.Whole) return Text(value.GetRawText(), at);
        if (NumberOf(value) is not { } raw) return WrongType(value, at);
        if (!double.IsFinite(raw)) return Reading.Failed(at, "the battery sent a number without bounds");
        var number = raw * Scale;
        if (Coding is ValueCoding.Magnitude) number = Math.Abs(number);
        if (Coding is ValueCoding.Switch && number is not (0 or 1)) return Reading.Failed(at, "the battery sent neither 0 nor 1");
        var word = Sensor.Codes is { } codes && number is >= 0 and <= 1000 && number == Math.Truncate(number) ? codes.WordFor((int)number) : null;
        return Sensor.IsRangePlausibility && !Sensor.Range.Contains(number)
            ? new Reading(number, word, Quality.Implausible, at, "outside of what is possible")
            : new Reading(number, word, Quality.Good, at);
    }

    private double? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when Coding is ValueCoding.NumberOrText or ValueCoding.Switch
            && double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static Reading Text(string text, DateTimeOffset at) =>
        new(null, text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText), "…"), Quality.Good, at);

    private static Reading WrongType(JsonElement value, DateTimeOffset at) => Reading.Failed(at, value.ValueKind switch
    {
        JsonValueKind.String => "the battery sent a text that is not a value of this kind",
        JsonValueKind.Number => "the battery sent a number where a text belongs",
        _ => "the battery sent something else than a value",
    });
}
