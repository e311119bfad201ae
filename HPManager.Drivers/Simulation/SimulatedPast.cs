using System.Globalization;
using System.Runtime.CompilerServices;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Powervault.Driver;
using HPManager.Drivers.Simulation.Powervault;
using HPManager.Drivers.Simulation.Viessmann;
using HPManager.Drivers.Viessmann.Driver;

namespace HPManager.Drivers.Simulation;

/// <summary>
/// What a simulated device would have told through a time that is over: the simulation is deterministic, so that a second one, run along a clock of its own,
/// tells what the first one has been through.
/// </summary>
public static class SimulatedPast
{
    /// <summary>The snapshots of a time, oldest first.</summary>
    /// <param name="model">A model with a simulator.</param>
    /// <param name="heatPump">Its configuration; where it is reached does not matter.</param>
    /// <param name="twin">What lived, along <paramref name="clock"/>.</param>
    /// <param name="clock">Stands at the beginning; it is moved along.</param>
    /// <param name="until">The end, not included.</param>
    /// <param name="every">Time between two snapshots.</param>
    /// <param name="time">The real clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<Snapshot> LiveThroughAsync(
        HeatPumpModel model,
        HeatPump heatPump,
        SimulatedHeatPump twin,
        PastClock clock,
        DateTimeOffset until,
        TimeSpan every,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (model is PowervaultModel battery)
        {
            // What it tells is pushed: it is taken in at once instead of being waited for.
            foreach (var snapshot in PowervaultPast.LiveThrough(battery, heatPump, twin, clock, until, every)) yield return snapshot;
            yield break;
        }

        if (model is ViessmannModel cloud)
        {
            // The program's own driver is told by its settings where the cloud is, and counts its calls along the real clock.
            await foreach (var snapshot in ViessmannPast.LiveThroughAsync(cloud, heatPump, twin, clock, until, every, cancellationToken)) yield return snapshot;
            yield break;
        }

        await using var server = SimulatedSite.StartForThePast(model, heatPump.Options, twin, clock, time);
        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        var here = heatPump with
        {
            Connection = new ConnectionConfig(model.Connections[0].Kind, new Settings([new("host", "127.0.0.1"), new("port", port)])),
        };
        await using var session = model.Driver.Open(here.Connection);
        await using var device = session.Attach(model.Complete(here), model, new NoMemory());
        for (; clock.GetUtcNow() < until; clock.Advance(every))
        {
            if ((await device.PollAsync(clock.GetUtcNow(), cancellationToken)).Snapshot is { } snapshot) yield return snapshot;
        }
    }

    internal sealed class NoMemory : IDeviceMemory
    {
        public string? Recall(HeatPumpId heatPump, string topic) => null;

        public void Keep(HeatPumpId heatPump, string topic, string content)
        {
            // What the twin refuses, the configured one finds out for itself.
        }
    }
}
