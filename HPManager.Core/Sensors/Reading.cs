using System.Text.Json.Serialization;
using HPManager.Core.Text;

namespace HPManager.Core.Sensors;

/// <summary>How far a reading can be trusted.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<Quality>))]
public enum Quality
{
    /// <summary>The device has no value: sensor not fitted, function absent, not yet polled. There is no value.</summary>
    Missing,

    /// <summary>Read in the newest poll and believed.</summary>
    Good,

    /// <summary>Was good, but is older than it should be.</summary>
    Stale,

    /// <summary>Outside of what is physically or by the table possible; shown, marked, not used for analysis.</summary>
    Implausible,

    /// <summary>Could not be read this time. There is no value.</summary>
    Failed,
}

/// <summary>
/// A sensor's value at one moment. <c>default</c> is missing without a reason.
/// </summary>
/// <param name="Value">In the sensor's unit, or the code; null for texts and where there is no value.</param>
/// <param name="Text">The word of a code, or the text itself.</param>
/// <param name="Quality">Trust.</param>
/// <param name="At">When it was true, UTC; within a poll the snapshot's timestamp, earlier for values a gateway had cached.</param>
/// <param name="Reason">Why the quality is not good, in words; null when it is.</param>
public readonly record struct Reading(double? Value, string? Text, Quality Quality, DateTimeOffset At, string? Reason = null)
{
    /// <summary>Whether the value may be used as true now.</summary>
    public bool IsGood => Quality == Quality.Good;

    /// <summary>A reading that says why there is no value.</summary>
    public static Reading Missing(DateTimeOffset at, string reason) => new(null, null, Quality.Missing, at, reason);

    /// <summary>A reading that could not be taken.</summary>
    public static Reading Failed(DateTimeOffset at, string reason) => new(null, null, Quality.Failed, at, reason);
}
