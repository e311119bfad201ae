using HPManager.Core.Sensors;

namespace HPManager.Core.Manufacturers;

/// <summary>What a heat pump of a model can tell or be told, found from its sensors.</summary>
/// <param name="Signals">Make-independent meanings it has.</param>
/// <param name="SensorCount">All sensors.</param>
/// <param name="WritableCount">Sensors that can be written.</param>
/// <param name="HasElectricPower">Whether electric power or energy is told, without which there is no COP.</param>
/// <param name="HasThermalPower">Whether heat output or a heat counter is told.</param>
public sealed record HeatPumpCapabilities(
    IReadOnlyList<Signal> Signals, int SensorCount, int WritableCount, bool HasElectricPower, bool HasThermalPower)
{
    /// <summary>Finds the capabilities of a set of sensors.</summary>
    public static HeatPumpCapabilities Of(SensorSet sensors)
    {
        var signals = sensors.All.Select(sensor => sensor.Signal).OfType<Signal>().Distinct().Order().ToList();
        return new HeatPumpCapabilities(
            signals,
            sensors.Count,
            sensors.All.Count(sensor => sensor.IsWritable),
            signals.Contains(Signal.ElectricPower) || signals.Contains(Signal.ElectricEnergy),
            signals.Contains(Signal.ThermalPower) || signals.Contains(Signal.ThermalEnergy));
    }
}
