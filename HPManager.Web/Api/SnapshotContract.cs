using System.Text.Json.Serialization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Web.Api;

/// <summary>The newest readings of one heat pump, and whether it answers. What the hub sends has the same form.</summary>
/// <param name="HeatPumpId">Whose readings.</param>
/// <param name="At">The snapshot's one timestamp, UTC; null before the first.</param>
/// <param name="State">Whether the heat pump answers.</param>
/// <param name="LastError">The newest failure; null when there was none since it last answered.</param>
/// <param name="Readings">One a sensor, in the profile's order; empty before the first snapshot.</param>
public sealed record SnapshotContract(
    HeatPumpId HeatPumpId, DateTimeOffset? At, ConnectionState State, Failure? LastError, IReadOnlyList<ReadingContract> Readings)
{
    internal static SnapshotContract Of(HeatPumpState state) => new(
        state.HeatPump.Id,
        state.Snapshot?.At,
        state.Connection,
        state.LastError,
        state.Snapshot is { } snapshot ? ReadingContract.ListOf(snapshot) : []);
}

/// <summary>A reading with what is needed to show it.</summary>
public sealed record ReadingContract
{
    /// <summary>The sensor.</summary>
    public required SensorKey Key { get; init; }

    /// <summary>What a person reads.</summary>
    public required string Label { get; init; }

    /// <summary>In the unit, or the code; null for texts and where there is no value.</summary>
    public double? Value { get; init; }

    /// <summary>The word of a code, or the text itself.</summary>
    public string? Text { get; init; }

    /// <summary>Symbol of the unit; empty for plain numbers, codes and texts.</summary>
    public required Unit Unit { get; init; }

    /// <summary>How far it can be trusted.</summary>
    public required Quality Quality { get; init; }

    /// <summary>Meaning that does not depend on the make, if any.</summary>
    public Signal? Signal { get; init; }

    /// <summary>The group it is shown in.</summary>
    public required SensorCategory Category { get; init; }

    /// <summary>When it was true, UTC; only where that is not the snapshot's time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? At { get; init; }

    /// <summary>Why the quality is not good; only where it is not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    internal static IReadOnlyList<ReadingContract> ListOf(Snapshot snapshot)
    {
        var readings = new ReadingContract[snapshot.Sensors.Count];
        for (var position = 0; position < readings.Length; position++)
            readings[position] = Of(snapshot.Sensors[position], snapshot.Readings[position], snapshot.At);
        return readings;
    }

    internal static ReadingContract Of(SensorDefinition sensor, Reading reading, DateTimeOffset? snapshotAt) => new()
    {
        Key = sensor.Key,
        Label = sensor.Label,
        Value = reading.Value,
        Text = reading.Text,
        Unit = sensor.Unit,
        Quality = reading.Quality,
        Signal = sensor.Signal,
        Category = sensor.Category,
        At = reading.At == snapshotAt ? null : reading.At,
        Reason = reading.Reason,
    };
}
