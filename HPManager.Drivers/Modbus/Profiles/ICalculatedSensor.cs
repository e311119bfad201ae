using HPManager.Core.Sensors;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>A sensor without a register, which follows from others of the same snapshot. Immutable and thread-safe.</summary>
public interface ICalculatedSensor
{
    /// <summary>The sensor it is.</summary>
    SensorDefinition Sensor { get; }

    /// <summary>Positions of the sensors that it follows from.</summary>
    IReadOnlyList<int> Needs { get; }

    /// <summary>Its reading; missing, with the reason, where the others do not tell.</summary>
    /// <param name="readings">Readings of the snapshot, at the positions of the sensors.</param>
    /// <param name="at">Timestamp of the snapshot.</param>
    Reading Of(ReadOnlySpan<Reading> readings, DateTimeOffset at);
}
