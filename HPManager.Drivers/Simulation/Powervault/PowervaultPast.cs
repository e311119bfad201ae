using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Drivers.Powervault.Driver;
using HPManager.Drivers.Simulation.Makes;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Powervault;

/// <summary>A battery's past, through the product's own reading of its messages.</summary>
internal static class PowervaultPast
{
    public static IEnumerable<Snapshot> LiveThrough(
        PowervaultModel model, HeatPump heatPump, SimulatedHeatPump twin, PastClock clock, DateTimeOffset until, TimeSpan every)
    {
        var battery = new SimulatedBattery(twin, SimulatedSite.BatterySeed, clock);
        var state = new PowervaultState(model.Table, heatPump.Options, []);
        for (var round = 0L; clock.GetUtcNow() < until; clock.Advance(every))
        {
            // The battery's own measurements take turns: ten rounds tell all of them.
            for (var end = round + 10; round < end; round++)
            {
                foreach (var (topic, payload) in PowervaultMessages.Of(battery.State, round))
                    state.Take(topic, System.Text.Encoding.UTF8.GetBytes(payload), clock.GetUtcNow());
            }

            var (sensors, readings) = state.ReadingsAt(clock.GetUtcNow());
            yield return new Snapshot(heatPump.Id, clock.GetUtcNow(), sensors, readings);
        }
    }
}
