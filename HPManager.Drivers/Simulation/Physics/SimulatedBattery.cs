namespace HPManager.Drivers.Simulation.Physics;

/// <summary>Everything measurable at a home battery at one moment. Power in kW.</summary>
/// <param name="At">Moment, UTC.</param>
/// <param name="Charge">State of charge, 0 to 1.</param>
/// <param name="Power">Into the battery; negative while it delivers.</param>
/// <param name="Solar">From the panels.</param>
/// <param name="House">Into the house, heat pump included.</param>
/// <param name="Cells">Temperature of the cells in °C.</param>
/// <param name="Cycles">Full cycles lived through.</param>
public sealed record BatteryState(DateTimeOffset At, double Charge, double Power, double Solar, double House, double Cells, double Cycles)
{
    /// <summary>From the grid; negative while power is fed in.</summary>
    public double Grid => House + Power - Solar;
}

/// <summary>
/// A home battery beside a heat pump: it takes what the panels have left over and delivers what the house lacks, as far as it can. The house's own
/// consumption and the clouds depend on time and seed alone, the heat pump's on the plant. Thread-safe.
/// </summary>
public sealed class SimulatedBattery
{
    private const double Capacity = 12;          // kWh
    private const double LargestCharge = 4.8;    // kW
    private const double LargestDelivery = 5.5;  // kW
    private const double Kept = 0.05;
    private const double Efficiency = 0.95;      // of each way
    private const double PeakSolar = 6;          // kW
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SimulatedHeatPump _plant;
    private readonly int _seed;
    private readonly TimeProvider _time;
    private DateTimeOffset _now;
    private double _charge = 0.55;
    private double _cells = 19;
    private double _cycles = 412;

    /// <summary>Creates a battery that has already lived for a while.</summary>
    /// <param name="plant">The heat pump in the same house.</param>
    /// <param name="seed">Clouds and habits.</param>
    /// <param name="time">Clock.</param>
    /// <param name="past">How long it has lived, not longer than the plant.</param>
    public SimulatedBattery(SimulatedHeatPump plant, int seed, TimeProvider time, TimeSpan past = default)
    {
        (_plant, _seed, _time) = (plant, seed, time);
        var now = time.GetUtcNow();
        _now = now - past;
        if (past <= TimeSpan.Zero) return;
        var former = plant.Reborn();
        while (_now < now)
        {
            former.AdvanceTo(_now);
            AdvanceTo(_now + Step < now ? _now + Step : now, LoadOf(former.State));
        }
    }

    /// <summary>The state now.</summary>
    public BatteryState State
    {
        get
        {
            var load = LoadOf(_plant.State);
            lock (_gate)
            {
                AdvanceTo(_time.GetUtcNow(), load);
                var (power, solar, house) = Flows(load);
                return new BatteryState(_now, _charge, power, solar, house, _cells, _cycles);
            }
        }
    }

    private static double LoadOf(PlantState heatPump) => heatPump.ElectricPower + heatPump.HeaterPower;

    private void AdvanceTo(DateTimeOffset target, double load)
    {
        while (_now < target)
        {
            var step = target - _now < Step ? target - _now : Step;
            Advance(step, load);
            _now += step;
        }
    }

    private void Advance(TimeSpan step, double load)
    {
        var power = Flows(load).Power;
        var energy = power * step.TotalHours * (power > 0 ? Efficiency : 1 / Efficiency);
        _charge = Math.Clamp(_charge + (energy / Capacity), 0, 1);
        _cycles += Math.Abs(energy) / Capacity / 2;
        _cells += (19 + (0.8 * Math.Abs(power)) - _cells) * Math.Min(1, step.TotalHours);
    }

    private (double Power, double Solar, double House) Flows(double heatPump)
    {
        var solar = Solar(_now);
        var house = Habits(_now) + heatPump;
        var power = Math.Clamp(solar - house, -LargestDelivery, LargestCharge);
        if ((power > 0 && _charge >= 1) || (power < 0 && _charge <= Kept)) power = 0;
        return (power, solar, house);
    }

    private double Solar(DateTimeOffset at)
    {
        var height = Math.Max(0, Math.Sin(2 * Math.PI * (at.TimeOfDay.TotalDays - 0.27)) - 0.15);
        return PeakSolar * height * (0.35 + (0.65 * Between(at, 20, 0)));
    }

    // A fridge and standby, breakfast and an evening, and somebody who boils water now and then.
    private double Habits(DateTimeOffset at)
    {
        var hour = at.TimeOfDay.TotalHours;
        var meals = Math.Exp(-Math.Pow((hour - 7.2) / 1.1, 2)) + (1.6 * Math.Exp(-Math.Pow((hour - 19) / 1.8, 2)));
        return 0.22 + (0.7 * meals) + (0.35 * Between(at, 7, 1_000_003));
    }

    // A number from 0 to 1 that moves slowly from one chance to the next.
    private double Between(DateTimeOffset at, double minutes, long stream)
    {
        var place = (at - DateTimeOffset.UnixEpoch).TotalMinutes / minutes;
        var index = (long)Math.Floor(place);
        var share = place - index;
        return (Chance.Of(_seed, stream + index) * (1 - share)) + (Chance.Of(_seed, stream + index + 1) * share);
    }
}
