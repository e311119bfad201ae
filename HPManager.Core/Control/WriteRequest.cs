using System.Text.Json.Serialization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Core.Text;

namespace HPManager.Core.Control;

/// <summary>A request to change a sensor.</summary>
/// <param name="HeatPumpId">Whose sensor.</param>
/// <param name="Sensor">Which sensor.</param>
/// <param name="Value">A number in the sensor's unit, a code or its word, or true / false, as invariant text.</param>
/// <param name="RequestedBy">Who asks: <c>browser</c>, <c>rest</c>, a job's name.</param>
public sealed record WriteRequest(HeatPumpId HeatPumpId, SensorKey Sensor, string Value, string RequestedBy);

/// <summary>How a write ended.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<WriteStatus>))]
public enum WriteStatus
{
    /// <summary>Sent, and read back equal.</summary>
    Confirmed,

    /// <summary>Equal to the newest reading already: nothing was sent, which spares the device's memory.</summary>
    Unchanged,

    /// <summary>Sent and taken; the sensor cannot be read back.</summary>
    Sent,

    /// <summary>Not sent: the value or the moment is not allowed.</summary>
    Rejected,

    /// <summary>Sent, and the device refused it.</summary>
    Refused,

    /// <summary>Sent and taken, but another value reads back: the device kept its own.</summary>
    Reverted,

    /// <summary>The link failed: it is not known whether the device took it.</summary>
    Unknown,
}

/// <summary>The outcome of a write.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Sent">What was sent, in the sensor's unit; null when nothing was.</param>
/// <param name="SentText">Its word, for codes.</param>
/// <param name="ReadBack">What was read back afterwards; null when nothing could be.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Field">The field at fault when rejected: <c>value</c>, <c>sensor</c>, <c>heatPumpId</c>.</param>
public sealed record WriteOutcome(
    WriteStatus Status, double? Sent, string? SentText, Reading? ReadBack, string Message, string? Field = null);
