using HPManager.Benchmarks.Store.Data;
using HPManager.Core.History.Embedded;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Benchmarks.Store;

/// <summary>The product's store in a folder, written as its writer does.</summary>
internal sealed class OurStore : IDisposable
{
    /// <summary>What the writer takes at a time when much waits.</summary>
    public const int LargestBatch = 500;

    private OurStore(string folder) =>
        Store = new EmbeddedTimeSeriesStore(Options.Create(new StorageOptions { DataFolder = folder }), TimeProvider.System, NullLogger<EmbeddedTimeSeriesStore>.Instance);

    public EmbeddedTimeSeriesStore Store { get; }

    public static async Task<OurStore> OpenAsync(string folder, CancellationToken cancellationToken)
    {
        var store = new OurStore(folder);
        await store.Store.PrepareAsync(cancellationToken);
        return store;
    }

    /// <summary>Polls as they come: round by round, those of all heat pumps in each.</summary>
    public static IEnumerable<Snapshot> Snapshots(IReadOnlyList<Recording> recordings)
    {
        for (var poll = 0; poll < recordings[0].Polls; poll++)
        {
            foreach (var recording in recordings) yield return recording.SnapshotOf(poll);
        }
    }

    /// <summary>Writes snapshots in the largest batches and seals them.</summary>
    public async Task FillAsync(IEnumerable<Snapshot> snapshots, CancellationToken cancellationToken)
    {
        foreach (var batch in snapshots.Chunk(LargestBatch)) await Store.AppendAsync(batch, cancellationToken);
        await Store.SealAsync(cancellationToken);
    }

    /// <summary>Reads everything back.</summary>
    /// <exception cref="InvalidOperationException">It is not, bit for bit, what was written.</exception>
    public async Task CompareAsync(IReadOnlyList<Recording> recordings, CancellationToken cancellationToken)
    {
        foreach (var recording in recordings)
        {
            var poll = 0;
            var sensors = recording.Sensors.All.Select(sensor => sensor.Key).ToList();
            await foreach (var block in Store.ReadAsync(recording.HeatPump, sensors, recording.From, recording.To, cancellationToken))
            {
                for (var index = 0; index < block.Times.Count; index++, poll++)
                {
                    var row = recording.Row(poll);
                    var isSame = block.Times[index] == recording.TimeOf(poll);
                    for (var position = 0; position < row.Length; position++)
                        isSame &= BitConverter.DoubleToInt64Bits(block.Series[position].Readings[index].Value ?? double.NaN) == BitConverter.DoubleToInt64Bits(row[position]);
                    if (!isSame) throw new InvalidOperationException($"{recording.HeatPump} at {block.Times[index]:O} reads other than it was written.");
                }
            }

            if (poll != recording.Polls) throw new InvalidOperationException($"{recording.HeatPump} has {poll} polls instead of {recording.Polls}.");
        }
    }

    public void Dispose() => Store.Dispose();
}
