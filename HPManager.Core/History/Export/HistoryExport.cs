using System.IO.Pipelines;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.Export;

/// <summary>
/// A range of history on its way out, block by block: what waits in memory is one block and what the receiver has not taken yet. Used once, by one caller.
/// </summary>
public sealed class HistoryExport : IAsyncDisposable
{
    private const long FlushAt = 64 * 1024;

    private readonly IAsyncEnumerator<HistoryBlock> _blocks;
    private readonly IExportEncoder _encoder;
    private readonly Dictionary<SensorKey, int> _columns;
    private bool _hasBlock;

    private HistoryExport(ExportRequest request, IReadOnlyList<SensorKey> columns, IAsyncEnumerator<HistoryBlock> blocks, bool hasBlock)
    {
        _blocks = blocks;
        _hasBlock = hasBlock;
        _columns = columns.Select((key, column) => (key, column)).ToDictionary(pair => pair.key, pair => pair.column);
        _encoder = request.Format switch
        {
            ExportFormat.Csv => new CsvEncoder(columns, request.WithQuality),
            ExportFormat.Json => new JsonEncoder(request, columns, isDocument: true),
            _ => new JsonEncoder(request, columns, isDocument: false),
        };
    }

    /// <summary>Begins to read; what is wrong with the store shows here, before anything was given out.</summary>
    /// <exception cref="IOException">The store cannot be read now.</exception>
    public static async ValueTask<HistoryExport> OpenAsync(ITimeSeriesStore store, ExportRequest request, CancellationToken cancellationToken)
    {
        var others = request.WithOthers ? await store.SensorsAsync(request.HeatPumpId, request.From, request.To, cancellationToken) : [];
        IReadOnlyList<SensorKey> columns = [.. request.Sensors.Concat(others.OrderBy(key => key.Value, StringComparer.Ordinal)).Distinct()];
        var blocks = store.ReadAsync(request.HeatPumpId, columns, request.From, request.To, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            return new HistoryExport(request, columns, blocks, await blocks.MoveNextAsync());
        }
        catch
        {
            await blocks.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes all of it, as fast as the receiver takes it; ends early when the receiver has gone.</summary>
    /// <exception cref="IOException">The store cannot be read any further.</exception>
    public async Task WriteToAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        _encoder.Begin(output);
        for (; _hasBlock; _hasBlock = await _blocks.MoveNextAsync())
        {
            var block = _blocks.Current;
            var series = Ordered(block);
            for (var row = 0; row < block.Times.Count; row++)
            {
                _encoder.Row(output, block.Times[row], series, row);
                if (output.UnflushedBytes < FlushAt) continue;
                var flushed = await output.FlushAsync(cancellationToken);
                if (flushed.IsCompleted) return;
            }
        }

        _encoder.End(output);
        await output.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _blocks.DisposeAsync();
        _encoder.Dispose();
    }

    // By the columns, whatever order the block has.
    private IReadOnlyList<StoredReading>?[] Ordered(HistoryBlock block)
    {
        var ordered = new IReadOnlyList<StoredReading>?[_columns.Count];
        foreach (var series in block.Series) ordered[_columns[series.Sensor]] = series.Readings;
        return ordered;
    }
}
