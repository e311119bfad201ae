namespace HPManager.Drivers.Simulation.Physics;

/// <summary>What the heat pump is doing.</summary>
public enum PlantActivity
{
    /// <summary>At rest.</summary>
    Off,

    /// <summary>Heating the house.</summary>
    Heating,

    /// <summary>Charging the hot water tank.</summary>
    HotWater,

    /// <summary>Thawing the evaporator with heat from the heating water.</summary>
    Defrost,
}

/// <summary>What the owner allows it to do.</summary>
public enum PlantMode
{
    /// <summary>Nothing.</summary>
    Standby,

    /// <summary>Heating and hot water.</summary>
    Automatic,

    /// <summary>Hot water alone.</summary>
    HotWaterOnly,

    /// <summary>Heating alone.</summary>
    HeatingOnly,
}

/// <summary>
/// Everything measurable at one moment. Temperatures in °C, power in kW, energy in kWh, flow in l/min, pressure in bar, current in A.
/// Thermal power equals flow × heat capacity of water × (flow temperature − return temperature); counters are the integrals of the powers.
/// </summary>
public sealed record PlantState
{
    /// <summary>Moment, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Activity.</summary>
    public required PlantActivity Activity { get; init; }

    /// <summary>Outdoor air.</summary>
    public required double Outdoor { get; init; }

    /// <summary>Outdoor air, sliding average of about a day.</summary>
    public required double OutdoorAverage { get; init; }

    /// <summary>Room air.</summary>
    public required double Room { get; init; }

    /// <summary>Water leaving the heat pump.</summary>
    public required double Flow { get; init; }

    /// <summary>Water coming back.</summary>
    public required double Return { get; init; }

    /// <summary>Flow temperature that the heating curve asks for.</summary>
    public required double FlowTarget { get; init; }

    /// <summary>Hot water, top of the tank.</summary>
    public required double HotWaterTop { get; init; }

    /// <summary>Hot water, bottom of the tank.</summary>
    public required double HotWaterBottom { get; init; }

    /// <summary>Brine or air entering.</summary>
    public required double SourceIn { get; init; }

    /// <summary>Brine or air leaving.</summary>
    public required double SourceOut { get; init; }

    /// <summary>Compressor speed, Hz; 0 at rest.</summary>
    public required double Speed { get; init; }

    /// <summary>Electric power of compressor, pumps, fan and electronics, without the electric heater.</summary>
    public required double ElectricPower { get; init; }

    /// <summary>Heat output; negative while defrosting.</summary>
    public required double ThermalPower { get; init; }

    /// <summary>Electric heater.</summary>
    public required double HeaterPower { get; init; }

    /// <summary>Heating water; 0 while the charge pump rests.</summary>
    public required double FlowRate { get; init; }

    /// <summary>Charge pump, per cent.</summary>
    public required double ChargePump { get; init; }

    /// <summary>Brine pump or fan, per cent.</summary>
    public required double SourcePump { get; init; }

    /// <summary>Degree minutes.</summary>
    public required double DegreeMinutes { get; init; }

    /// <summary>Condensing temperature.</summary>
    public required double Condensing { get; init; }

    /// <summary>Evaporating temperature.</summary>
    public required double Evaporating { get; init; }

    /// <summary>Gas behind the compressor.</summary>
    public required double HotGas { get; init; }

    /// <summary>Gas before the compressor.</summary>
    public required double SuctionGas { get; init; }

    /// <summary>Electric energy since the start, electric heater included.</summary>
    public required double ElectricEnergy { get; init; }

    /// <summary>Of this, what compressor, pumps and electronics drew while charging the tank.</summary>
    public required double HotWaterElectricEnergy { get; init; }

    /// <summary>Heat for heating since the start, defrost deducted nowhere.</summary>
    public required double HeatingEnergy { get; init; }

    /// <summary>Heat for hot water since the start.</summary>
    public required double HotWaterEnergy { get; init; }

    /// <summary>Heat taken back for defrosting since the start.</summary>
    public required double DefrostEnergy { get; init; }

    /// <summary>Heat of the electric heater since the start.</summary>
    public required double HeaterEnergy { get; init; }

    /// <summary>Compressor starts.</summary>
    public required long Starts { get; init; }

    /// <summary>Compressor hours.</summary>
    public required double Hours { get; init; }

    /// <summary>Of these, hours for hot water.</summary>
    public required double HotWaterHours { get; init; }

    /// <summary>Electric heater hours.</summary>
    public required double HeaterHours { get; init; }

    /// <summary>What it has been through.</summary>
    public required PlantHistory History { get; init; }

    /// <summary>Whether a compressor runs.</summary>
    public bool IsRunning => Speed > 0;

    /// <summary>Pressure behind the compressor.</summary>
    public double HighPressure => Refrigerant.Pressure(Condensing);

    /// <summary>Pressure before the compressor.</summary>
    public double LowPressure => Refrigerant.Pressure(Evaporating);

    /// <summary>Current in each of three phases at 230 V.</summary>
    public double PhaseCurrent => (ElectricPower + HeaterPower) * 1000 / 3 / 230;
}
