using HPManager.Core.History.Engines;

namespace HPManager.Core.History.VictoriaMetrics;

/// <summary>A VictoriaMetrics.</summary>
internal sealed class VictoriaMetricsEngine : IHistoryEngine
{
    private const string Product = "VictoriaMetrics";

    private readonly VictoriaSettings _settings;
    private readonly TimeProvider _time;
    private readonly EngineHttp _writing;
    private readonly EngineHttp _reading;
    private readonly VictoriaServer _server;
    private readonly VictoriaWriter _writer;
    private readonly VictoriaReader _reader;

    public VictoriaMetricsEngine(VictoriaSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _writing = new EngineHttp(settings.Writing, time);
        _reading = new EngineHttp(settings.Reading, time);
        _server = new VictoriaServer(_writing, _reading);
        _writer = new VictoriaWriter(_server, settings.Names);
        _reader = new VictoriaReader(_server, settings.Names);
    }

    public ValueTask<string> TestAsync(CancellationToken cancellationToken) =>
        EngineCall.WithinAsync(EngineCall.TestLimit, Product, _time, limited => _server.NameAsync(_settings.Names.Layout, limited), cancellationToken);

    public ValueTask<EngineReceipt> WriteAsync(EngineBatch batch, CancellationToken cancellationToken) =>
        EngineCall.WithinAsync(EngineCall.WriteLimit, Product, _time, limited => _writer.WriteAsync(batch, limited), cancellationToken);

    public ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        EngineCall.WithinAsync(EngineCall.QueryLimit, Product, _time, limited => _reader.ReadAsync(query, limited), cancellationToken);

    public ValueTask DisposeAsync()
    {
        _writing.Dispose();
        _reading.Dispose();
        return ValueTask.CompletedTask;
    }
}
