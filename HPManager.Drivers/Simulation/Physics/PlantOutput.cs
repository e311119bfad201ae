namespace HPManager.Drivers.Simulation.Physics;

/// <summary>What the heat pump makes of one step; units as in <see cref="PlantState"/>.</summary>
internal readonly record struct PlantOutput(
    double Flow,
    double Return,
    double SourceIn,
    double SourceOut,
    double Thermal,
    double Electric,
    double Heater,
    double FlowRate,
    double Condensing,
    double Evaporating);

/// <summary>The integrals of the powers, in kWh and hours. A value, so that a state keeps what it was.</summary>
internal record struct PlantCounters
{
    public double Electric { get; private set; }

    public double HotWaterElectric { get; private set; }

    public double Heating { get; private set; }

    public double HotWater { get; private set; }

    public double Defrost { get; private set; }

    public double Heater { get; private set; }

    public double Hours { get; private set; }

    public double HotWaterHours { get; private set; }

    public double HeaterHours { get; private set; }

    public long Starts { get; private set; }

    public void CountStart() => Starts++;

    public void Count(PlantActivity activity, PlantOutput output, bool isRunning, TimeSpan step)
    {
        var hours = step.TotalHours;
        Electric += (output.Electric + output.Heater) * hours;
        Heater += output.Heater * hours;
        if (output.Heater > 0) HeaterHours += hours;
        if (isRunning) Hours += hours;
        if (activity == PlantActivity.Heating) Heating += output.Thermal * hours;
        if (activity == PlantActivity.Defrost) Defrost -= output.Thermal * hours;
        if (activity != PlantActivity.HotWater) return;
        HotWater += output.Thermal * hours;
        HotWaterElectric += output.Electric * hours;
        HotWaterHours += hours;
    }
}
