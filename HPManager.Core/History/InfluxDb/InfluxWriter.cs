using HPManager.Core.History.Engines;

namespace HPManager.Core.History.InfluxDb;

/// <summary>
/// Sends a batch. A point that is sent twice is the same point there, so that whatever is unsure is sent again. Lines are only ever given up when the server says of them, and
/// not of the request, that it will not take them.
/// </summary>
internal sealed class InfluxWriter(EngineHttp http, InfluxServer server, LineLayout layout)
{
    private const string ReservedField = "time";

    /// <summary>Sends it.</summary>
    public Task<EngineReceipt> WriteAsync(EngineBatch batch, CancellationToken cancellationToken) =>
        new Sending(http, server, layout, batch).WriteAsync(cancellationToken);

    private sealed class Sending
    {
        private readonly EngineHttp _http;
        private readonly InfluxServer _server;
        private readonly EngineBatch _batch;
        private readonly EngineRefusals _refusals;
        private readonly EngineReadings _readings;
        private readonly HeatPumpLines _lines;
        private readonly HashSet<int> _except = [];
        private readonly LineBuffer _buffer = new();
        private bool _hasMadeDatabase;

        public Sending(EngineHttp http, InfluxServer server, LineLayout layout, EngineBatch batch)
        {
            _http = http;
            _server = server;
            _batch = batch;
            _refusals = new EngineRefusals(batch);
            _readings = new EngineReadings(batch, _refusals);
            _lines = new HeatPumpLines(batch, _readings, layout);
            if (_lines.SeriesOf(ReservedField) is not { } reserved) return;
            _except.Add(reserved);
            _refusals.AddSeries(reserved, $"{ReservedField} of {batch.HeatPump.Id}: no field of InfluxDB can have this name");
        }

        public async Task<EngineReceipt> WriteAsync(CancellationToken cancellationToken)
        {
            for (var poll = 0; poll < _batch.Polls.Times.Count;)
            {
                var next = _lines.Write(_buffer, poll, _except);
                if (_buffer.Count == 0 || await SendAsync(0, _buffer.Count, cancellationToken)) poll = next;
            }

            return _refusals.ToReceipt(_readings.Count);
        }

        // False when a sensor was left out and the polls have to be sent once more without it.
        private async Task<bool> SendAsync(int from, int to, CancellationToken cancellationToken)
        {
            var answer = await _server.WriteAsync(_buffer, from, to, cancellationToken);
            if (answer.Status == 204) return true;
            if (answer.Status == 404 && !_hasMadeDatabase && await _server.MajorAsync(cancellationToken) == 1)
            {
                _hasMadeDatabase = true;
                await _server.CreateDatabaseAsync(cancellationToken);
                return await SendAsync(from, to, cancellationToken);
            }

            if (answer.IsSuccess) throw _http.Strange($"answers a write with HTTP {answer.Status} instead of 204");
            var refusal = InfluxRefusal.Of(answer) ?? throw _http.FaultOf(answer, _server.NotFound);
            switch (refusal.Kind)
            {
                case RefusalKind.Field:
                    return LeaveOut(refusal);
                case RefusalKind.Lines:
                    Note(refusal, from, to);
                    return true;
                case RefusalKind.Whole when to - from > 1:
                    var middle = (from + to) / 2;
                    return await SendAsync(from, middle, cancellationToken) && await SendAsync(middle, to, cancellationToken);
                default:
                    NoteLine(from, refusal.Words);
                    return true;
            }
        }

        private bool LeaveOut(InfluxRefusal refusal)
        {
            // The field that every reading has: no reading could be kept, and that is for the owner to mend and not for us to give up.
            if (_lines.SeriesOf(refusal.Field!) is not { } series || !_except.Add(series))
                throw _http.Strange($"has values of another type in the place of ours ({_http.Clean(refusal.Words)}); choose another bucket or layout");
            _refusals.AddSeries(series, $"{refusal.Field} of {_batch.HeatPump.Id}: {_http.Clean(refusal.Words)}");
            return false;
        }

        private void Note(InfluxRefusal refusal, int from, int to)
        {
            foreach (var (line, words) in refusal.Named.Where(named => named.Line > 0 && named.Line <= to - from)) NoteLine(from + line - 1, words);
            if (refusal.Named.Count == 0) _refusals.Add($"some of {_batch.HeatPump.Id}: {_http.Clean(refusal.Words)}");
        }

        private void NoteLine(int line, string words)
        {
            var (poll, series) = _buffer.OriginOf(line);
            if (series is { } own) _refusals.Add(_batch.Polls.Series[own].Sensor, poll, _http.Clean(words));
            else _refusals.Add(poll, _http.Clean(words));
        }
    }
}
