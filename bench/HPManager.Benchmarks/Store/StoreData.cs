using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers;
using HPManager.Drivers.Simulation;
using HPManager.Drivers.Simulation.Physics;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Benchmarks.Store;

/// <summary>What simulated heat pumps with a Luxtronik controller told, a hundred sensors each, read through the product's own driver.</summary>
internal sealed class StoreData : IAsyncDisposable
{
    public const int SensorCount = 100;

    private readonly ServiceProvider _services;
    private readonly HeatPumpModel _model;

    public StoreData()
    {
        _services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton<ManufacturerRegistry>().AddHPManagerDrivers().BuildServiceProvider();
        var registry = _services.GetRequiredService<ManufacturerRegistry>();
        _model = registry.All.SelectMany(make => make.Models).First(model => model.Connections[0].Kind == "luxtronik");
    }

    /// <summary>The snapshots of one heat pump, oldest first: the first hundred sensors that tell numbers.</summary>
    public async IAsyncEnumerable<Snapshot> LiveThroughAsync(int number, DateTimeOffset from, DateTimeOffset until, TimeSpan every)
    {
        var clock = new PastClock(from);
        var id = HeatPumpId.FromNumber(number);
        var twin = new SimulatedHeatPump(new PlantParameters(), seed: number, clock, past: TimeSpan.FromDays(3));
        var heatPump = new HeatPump
        {
            Id = id,
            Name = $"House {number}",
            Location = "Bench",
            Manufacturer = _model.Manufacturer,
            Model = _model.Key,
            Connection = new ConnectionConfig(_model.Connections[0].Kind, Settings.Empty),
            Interval = every,
        };
        SensorSet? chosen = null;
        int[] positions = [];
        await foreach (var snapshot in SimulatedPast.LiveThroughAsync(_model, heatPump, twin, clock, until, every, TimeProvider.System, CancellationToken.None))
        {
            if (chosen is null)
            {
                positions = [.. Enumerable.Range(0, snapshot.Sensors.Count).Where(position => snapshot.Readings[position] is { IsGood: true, Value: not null }).Take(SensorCount)];
                chosen = new SensorSet([.. positions.Select(position => snapshot.Sensors[position])]);
            }

            yield return new Snapshot(id, snapshot.At, chosen, Array.ConvertAll(positions, position => snapshot.Readings[position]));
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
