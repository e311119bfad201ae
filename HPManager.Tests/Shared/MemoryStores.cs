using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;

namespace HPManager.Tests.Shared;

/// <summary>Configured heat pumps in memory.</summary>
internal sealed class MemoryHeatPumpStore(params HeatPump[] heatPumps) : IHeatPumpStore
{
    private readonly ConcurrentDictionary<HeatPumpId, HeatPump> _heatPumps = new(heatPumps.ToDictionary(heatPump => heatPump.Id));

    public Task<IReadOnlyList<HeatPump>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<HeatPump>>([.. _heatPumps.Values.OrderBy(heatPump => heatPump.Id.Value, StringComparer.Ordinal)]);

    public Task<HeatPump?> FindAsync(HeatPumpId id, CancellationToken cancellationToken) => Task.FromResult(_heatPumps.GetValueOrDefault(id));

    public Task<HeatPump> AddAsync(HeatPump heatPump, CancellationToken cancellationToken)
    {
        var added = heatPump.Id == default ? heatPump with { Id = HeatPumpId.FromNumber(_heatPumps.Count + 1) } : heatPump;
        _heatPumps[added.Id] = added;
        return Task.FromResult(added);
    }

    public Task<bool> UpdateAsync(HeatPump heatPump, CancellationToken cancellationToken)
    {
        if (!_heatPumps.ContainsKey(heatPump.Id)) return Task.FromResult(false);
        _heatPumps[heatPump.Id] = heatPump;
        return Task.FromResult(true);
    }

    public Task<bool> RemoveAsync(HeatPumpId id, CancellationToken cancellationToken) => Task.FromResult(_heatPumps.TryRemove(id, out _));
}

/// <summary>History in memory; keeps the order of what it was given.</summary>
internal sealed class MemoryTimeSeriesStore : ITimeSeriesStore
{
    public ConcurrentQueue<Snapshot> Snapshots { get; } = new();

    public ConcurrentQueue<HeatPumpId> Deleted { get; } = new();

    public ValueTask AppendAsync(IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken)
    {
        foreach (var snapshot in snapshots) Snapshots.Enqueue(snapshot);
        return ValueTask.CompletedTask;
    }

    public ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        var rows = Snapshots.Where(snapshot => snapshot.HeatPumpId == query.HeatPumpId && snapshot.At >= query.From && snapshot.At < query.To)
            .OrderBy(snapshot => snapshot.At).ToList();
        return ValueTask.FromResult(new HistoryTable(
            [.. rows.Select(snapshot => snapshot.At)],
            [.. query.Sensors.Select(key => HistoryColumn.OfPolls([.. rows.Select(snapshot => snapshot[key]?.Value)]))],
            TimeSpan.Zero));
    }

    public async IAsyncEnumerable<HistoryBlock> ReadAsync(
        HeatPumpId heatPump,
        IReadOnlyList<SensorKey>? sensors,
        DateTimeOffset from,
        DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var polls = Snapshots.Where(snapshot => snapshot.HeatPumpId == heatPump && snapshot.At >= from && snapshot.At < to).OrderBy(snapshot => snapshot.At);
        foreach (var rows in polls.Chunk(HistoryBlock.MostPolls))
        {
            var keys = sensors ?? [.. rows.SelectMany(row => row.Sensors.All).Select(sensor => sensor.Key).Distinct()];
            yield return new HistoryBlock(
                heatPump,
                [.. rows.Select(row => row.At)],
                [.. keys.Select(key => new HistorySeries(key, [.. rows.Select(row => Stored(row[key]))]))]);
        }
    }

    public ValueTask<IReadOnlyList<SensorKey>> SensorsAsync(HeatPumpId heatPump, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<SensorKey>>(
        [.. Snapshots.Where(snapshot => snapshot.HeatPumpId == heatPump && snapshot.At >= from && snapshot.At < to)
            .SelectMany(snapshot => snapshot.Sensors.All.Where(sensor => snapshot[sensor.Key] is { } reading && (reading.Value is not null || reading.Text is not null)))
            .Select(sensor => sensor.Key).Distinct()]);

    public ValueTask<HistoryExtent?> ExtentAsync(HeatPumpId heatPump, CancellationToken cancellationToken)
    {
        var times = Snapshots.Where(snapshot => snapshot.HeatPumpId == heatPump).Select(snapshot => snapshot.At).ToList();
        return ValueTask.FromResult(times.Count == 0 ? null : new HistoryExtent(times.Min(), times.Max(), times.Count));
    }

    private static StoredReading Stored(Reading? reading) =>
        reading is { } known ? new StoredReading(known.Value, known.Text, known.Quality) : default;

    public ValueTask DeleteAsync(HeatPumpId heatPump, CancellationToken cancellationToken)
    {
        Deleted.Enqueue(heatPump);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Findings in memory.</summary>
internal sealed class MemoryDeviceMemory : IDeviceMemory
{
    private readonly ConcurrentDictionary<(HeatPumpId, string), string> _kept = new();

    public string? Recall(HeatPumpId heatPump, string topic) => _kept.GetValueOrDefault((heatPump, topic));

    public void Keep(HeatPumpId heatPump, string topic, string content) => _kept[(heatPump, topic)] = content;
}

/// <summary>Documents in memory.</summary>
internal sealed class MemoryDocuments : IDocumentStore
{
    public ConcurrentDictionary<string, string> Content { get; } = new();

    public Task<string?> ReadAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Content.GetValueOrDefault(name));

    public Task WriteAsync(string name, string content, CancellationToken cancellationToken)
    {
        Content[name] = content;
        return Task.CompletedTask;
    }
}
