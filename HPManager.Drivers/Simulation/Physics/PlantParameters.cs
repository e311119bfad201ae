namespace HPManager.Drivers.Simulation.Physics;

/// <summary>What the heat pump draws from.</summary>
public enum HeatSource
{
    /// <summary>A ground loop.</summary>
    Brine,

    /// <summary>Outdoor air; frosts up and defrosts.</summary>
    Air,
}

/// <summary>
/// A house and a heat pump in plain numbers; docs/simulator.md says what each does in the equations. The defaults are a detached house of
/// 150 m² with floor heating and an 8 kW inverter heat pump.
/// </summary>
public sealed record PlantParameters
{
    /// <summary>Where heat comes from.</summary>
    public HeatSource Source { get; init; } = HeatSource.Brine;

    /// <summary>Yearly mean of the outdoor temperature, °C.</summary>
    public double OutdoorMean { get; init; } = 9.5;

    /// <summary>Amplitude of the year, K; coldest in the middle of January.</summary>
    public double OutdoorYearAmplitude { get; init; } = 10;

    /// <summary>Amplitude of the day, K; warmest at 15:00 UTC.</summary>
    public double OutdoorDayAmplitude { get; init; } = 3.5;

    /// <summary>Heat loss of the house, kW/K.</summary>
    public double HouseLoss { get; init; } = 0.17;

    /// <summary>Heat capacity of the house, kWh/K.</summary>
    public double HouseCapacity { get; init; } = 11;

    /// <summary>Heat from people and appliances, kW.</summary>
    public double InternalGains { get; init; } = 0.35;

    /// <summary>Largest heat from the sun through the windows, kW.</summary>
    public double SolarGains { get; init; } = 0.9;

    /// <summary>Heat the floor gives per kelvin between water and room, kW/K.</summary>
    public double EmitterTransfer { get; init; } = 0.42;

    /// <summary>Heating water, litres.</summary>
    public double HeatingWater { get; init; } = 220;

    /// <summary>Heating water flow while the charge pump runs, l/min.</summary>
    public double HeatingFlow { get; init; } = 19;

    /// <summary>Hot water tank, litres; half of it is the top layer.</summary>
    public double Tank { get; init; } = 200;

    /// <summary>Hot water drawn on a day, litres at 45 °C.</summary>
    public double DailyHotWater { get; init; } = 140;

    /// <summary>Heat output at 0 °C source and top speed, kW.</summary>
    public double NominalOutput { get; init; } = 8.5;

    /// <summary>Part of the Carnot efficiency that the compressor reaches.</summary>
    public double CarnotFraction { get; init; } = 0.47;

    /// <summary>Slowest compressor speed, Hz.</summary>
    public double MinSpeed { get; init; } = 22;

    /// <summary>Fastest compressor speed, Hz.</summary>
    public double MaxSpeed { get; init; } = 95;

    /// <summary>Shortest run of the compressor.</summary>
    public TimeSpan MinRun { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Shortest rest of the compressor.</summary>
    public TimeSpan MinRest { get; init; } = TimeSpan.FromMinutes(8);

    /// <summary>Electric heater, kW.</summary>
    public double HeaterOutput { get; init; } = 3;

    /// <summary>Power of controller and electronics, always drawn, kW.</summary>
    public double StandbyPower { get; init; } = 0.015;

    /// <summary>Power of pumps and fan while the compressor runs, kW.</summary>
    public double AuxiliaryPower { get; init; } = 0.085;
}
