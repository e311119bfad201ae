using HPManager.Core.History.Engines;

namespace HPManager.Core.History.InfluxDb;

/// <summary>An InfluxDB.</summary>
internal sealed class InfluxDbEngine : IHistoryEngine
{
    private const string Product = "InfluxDB";

    private readonly InfluxSettings _settings;
    private readonly TimeProvider _time;
    private readonly EngineHttp _http;
    private readonly InfluxServer _server;
    private readonly InfluxWriter _writer;
    private readonly InfluxReader _reader;

    public InfluxDbEngine(InfluxSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _http = new EngineHttp(settings.Http, time);
        _server = new InfluxServer(_http, settings);
        _writer = new InfluxWriter(_http, _server, settings.Layout);
        _reader = new InfluxReader(_server, settings.Layout);
    }

    public ValueTask<string> TestAsync(CancellationToken cancellationToken) =>
        EngineCall.WithinAsync(EngineCall.TestLimit, Product, _time, TestedAsync, cancellationToken);

    public ValueTask<EngineReceipt> WriteAsync(EngineBatch batch, CancellationToken cancellationToken) =>
        EngineCall.WithinAsync(EngineCall.WriteLimit, Product, _time, limited => _writer.WriteAsync(batch, limited), cancellationToken);

    public ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        EngineCall.WithinAsync(EngineCall.QueryLimit, Product, _time, limited => _reader.ReadAsync(query, limited), cancellationToken);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> TestedAsync(CancellationToken cancellationToken)
    {
        var name = await _server.NameAsync(cancellationToken);
        if (await _server.MajorAsync(cancellationToken) == 1)
        {
            var databases = (await _server.QueryAsync("SHOW DATABASES", cancellationToken)).Single().Names;
            return databases.Contains(_settings.Bucket) ? name : $"{name}; the database {_settings.Bucket} will be made with the first write";
        }

        _ = await _server.QueryAsync("SHOW MEASUREMENTS LIMIT 1", cancellationToken);
        return name;
    }
}
