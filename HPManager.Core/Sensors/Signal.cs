using System.Text.Json.Serialization;
using HPManager.Core.Text;

namespace HPManager.Core.Sensors;

/// <summary>
/// A meaning that does not depend on the make. Dashboards, charts, COP and alerts are built on signals, so that they work for
/// every heat pump. Written in lower snake case (<c>flow_temperature</c>).
/// </summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<Signal>))]
public enum Signal
{
    /// <summary>Outdoor air, now.</summary>
    OutdoorTemperature,

    /// <summary>Outdoor air, the controller's average.</summary>
    OutdoorTemperatureAverage,

    /// <summary>Heating water leaving the heat pump.</summary>
    FlowTemperature,

    /// <summary>Heating water coming back.</summary>
    ReturnTemperature,

    /// <summary>The flow temperature the controller wants; per circuit.</summary>
    FlowTemperatureTarget,

    /// <summary>Flow of one heating circuit, behind its mixer; per circuit.</summary>
    CircuitFlowTemperature,

    /// <summary>Hot water tank, where it says how much is left: the top.</summary>
    HotWaterTemperature,

    /// <summary>Hot water tank, bottom or charging sensor.</summary>
    HotWaterTemperatureBottom,

    /// <summary>The hot water temperature asked for.</summary>
    HotWaterTarget,

    /// <summary>Buffer tank.</summary>
    BufferTemperature,

    /// <summary>Brine, ground water or air entering the heat pump.</summary>
    SourceInTemperature,

    /// <summary>Brine, ground water or air leaving the heat pump.</summary>
    SourceOutTemperature,

    /// <summary>Room air; per circuit.</summary>
    RoomTemperature,

    /// <summary>The room temperature asked for; per circuit.</summary>
    RoomTemperatureTarget,

    /// <summary>Slope of the heating curve; per circuit.</summary>
    HeatingCurve,

    /// <summary>Parallel shift or offset of the heating curve; per circuit.</summary>
    HeatingCurveOffset,

    /// <summary>Compressor frequency or speed.</summary>
    CompressorSpeed,

    /// <summary>Whether a compressor runs.</summary>
    CompressorRunning,

    /// <summary>Number of compressor starts, a counter.</summary>
    CompressorStarts,

    /// <summary>Compressor operating hours, a counter.</summary>
    CompressorHours,

    /// <summary>Electric power drawn.</summary>
    ElectricPower,

    /// <summary>Heat output.</summary>
    ThermalPower,

    /// <summary>Electric energy, a counter.</summary>
    ElectricEnergy,

    /// <summary>Heat, a counter.</summary>
    ThermalEnergy,

    /// <summary>Heat for heating, a counter.</summary>
    ThermalEnergyHeating,

    /// <summary>Heat for hot water, a counter.</summary>
    ThermalEnergyHotWater,

    /// <summary>Heating water flow.</summary>
    FlowRate,

    /// <summary>What the heat pump does now: heating, hot water, defrost, off.</summary>
    OperatingState,

    /// <summary>What the owner chose: automatic, standby, hot water only.</summary>
    OperatingMode,

    /// <summary>Whether it defrosts.</summary>
    DefrostActive,

    /// <summary>Degree minutes.</summary>
    DegreeMinutes,

    /// <summary>Electric heater's power.</summary>
    SupplementaryHeatPower,

    /// <summary>Charge or heating circulation pump speed.</summary>
    HeatingPumpSpeed,

    /// <summary>Brine or source pump speed, or the fan's.</summary>
    SourcePumpSpeed,

    /// <summary>Hot gas behind the compressor.</summary>
    HotGasTemperature,

    /// <summary>Suction gas before the compressor.</summary>
    SuctionGasTemperature,

    /// <summary>High pressure.</summary>
    HighPressure,

    /// <summary>Low pressure.</summary>
    LowPressure,

    /// <summary>Photovoltaic surplus made known to the heat pump.</summary>
    PvSurplus,

    /// <summary>Smart grid or SG Ready state.</summary>
    SmartGridState,

    /// <summary>Electric power limit.</summary>
    PowerLimit,

    /// <summary>Number of the fault or message, 0 for none.</summary>
    FaultCode,

    /// <summary>Whether a fault is present.</summary>
    FaultActive,

    /// <summary>How full a battery is.</summary>
    StateOfCharge,

    /// <summary>Power into a battery; negative while it delivers.</summary>
    ChargePower,

    /// <summary>Power from the mains; negative while it is fed in.</summary>
    GridPower,

    /// <summary>Power that the house uses.</summary>
    HousePower,

    /// <summary>What is left of a battery's capacity when new.</summary>
    StateOfHealth,
}

/// <summary>What is known about signals beside their name.</summary>
public static class Signals
{
    private static readonly HashSet<Signal> PerCircuit =
    [
        Signal.FlowTemperatureTarget, Signal.CircuitFlowTemperature, Signal.RoomTemperature, Signal.RoomTemperatureTarget,
        Signal.HeatingCurve, Signal.HeatingCurveOffset, Signal.OperatingMode, Signal.OperatingState,
    ];

    /// <summary>Whether a heat pump may carry the signal once per heating circuit; others it carries at most once.</summary>
    public static bool IsPerCircuit(this Signal signal) => PerCircuit.Contains(signal);

    /// <summary>The signal's key in lower snake case.</summary>
    public static string Key(this Signal signal) => SnakeCase.FromPascalCase(signal.ToString());

    /// <summary>Finds a signal by its key.</summary>
    public static bool TryParse(string? key, out Signal signal) => SnakeCaseEnum.TryParse(key, out signal);
}
