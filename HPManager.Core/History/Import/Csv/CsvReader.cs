using System.Globalization;
using System.Runtime.CompilerServices;
using HPManager.Core.History.Export;
using HPManager.Core.Sensors;
using HPManager.Core.Text;

namespace HPManager.Core.History.Import.Csv;

/// <summary>Reads a file of separated values, row by row. Columns named <c>key.quality</c> are the qualities of the columns <c>key</c>, as our own export writes them.</summary>
internal sealed class CsvReader(string file, CsvSettings settings, TimeProvider time) : IImportReader
{
    private const string ColumnPrefix = "column:";
    private const int MostSamples = 3;
    private const int MostRows = 20_000;

    public async ValueTask<ImportSurvey> SurveyAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Found>();
        var (bad, named) = (0L, "");
        await using var rows = await OpenAsync(cancellationToken);
        while (await rows.NextAsync(cancellationToken))
        {
            if (rows.Fault is { } fault)
            {
                if (bad++ == 0) named = string.Create(CultureInfo.InvariantCulture, $"line {rows.Line}, {fault}");
                continue;
            }

            foreach (var (id, name, text, _) in ValuesOf(rows))
            {
                if (!found.TryGetValue(id, out var series))
                {
                    if (found.Count >= ImportSurvey.MostSeries) continue;
                    found.Add(id, series = new Found(name));
                }

                series.Take(rows.At, text);
            }
        }

        var notes = new List<string>();
        if (bad > 0) notes.Add(string.Create(CultureInfo.InvariantCulture, $"Rows that cannot be understood: {bad}. The first is {named}."));
        if (found.Count >= ImportSurvey.MostSeries) notes.Add($"Only the first {ImportSurvey.MostSeries} series are shown.");
        return new ImportSurvey([.. found.Select(pair => pair.Value.As(pair.Key))], notes);
    }

    public async IAsyncEnumerable<ImportBatch> ReadAsync(IReadOnlyList<string> series, string? place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = series.Select((id, position) => (id, position)).ToDictionary(pair => pair.id, pair => pair.position);
        var done = place is null ? 0 : long.Parse(place, CultureInfo.InvariantCulture);
        await using var rows = await OpenAsync(cancellationToken);
        for (var skipped = 0L; skipped < done; skipped++)
        {
            if (!await rows.NextAsync(cancellationToken)) yield break;
        }

        var points = new List<ImportPoint>();
        var bad = new List<string>();
        var (begin, badCount, reached) = (done, 0L, (long?)null);
        while (await rows.NextAsync(cancellationToken))
        {
            done++;
            if (rows.Fault is { } fault)
            {
                badCount++;
                if (bad.Count < ImportBatch.MostBad) bad.Add(string.Create(CultureInfo.InvariantCulture, $"Line {rows.Line}: {fault}."));
            }
            else
            {
                reached = rows.At;
                foreach (var (id, _, text, quality) in ValuesOf(rows))
                {
                    if (wanted.TryGetValue(id, out var position) && PointOf(position, rows.At, text, quality) is { } point) points.Add(point);
                }
            }

            if (points.Count < ImportBatch.MostPoints && done - begin < MostRows) continue;
            yield return Batch();
            (points, bad, begin, badCount) = ([], [], done, 0);
        }

        if (done > begin) yield return Batch();

        ImportBatch Batch() => new(
            points, done.ToString(CultureInfo.InvariantCulture), done - begin, reached is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, rows.Fraction, bad, badCount);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string IdOf(int column) => string.Create(CultureInfo.InvariantCulture, $"{ColumnPrefix}{column}");

    private async ValueTask<Rows> OpenAsync(CancellationToken cancellationToken)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(settings.Zone, out var zone)) throw new ImportException($"There is no time zone {settings.Zone}.");
        var rows = new Rows(CsvFile.Open(file), settings, new CsvTimes(settings.TimeFormat, zone, time.GetUtcNow()));
        await rows.BeginAsync(cancellationToken);
        return rows;
    }

    private IEnumerable<(string Id, string Name, string Text, Quality? Quality)> ValuesOf(Rows rows)
    {
        if (settings.SensorColumn is { } sensor && settings.ValueColumn is { } value)
        {
            var name = rows.Field(sensor).Trim();
            if (name.Length > 0) yield return (name, name, rows.Field(value), null);
            yield break;
        }

        for (var column = 0; column < rows.Headings.Count; column++)
        {
            if (column == settings.TimeColumn || rows.IsQuality(column)) continue;
            var (text, quality) = (rows.Field(column), rows.QualityOf(column));
            if (text.Length > 0 || quality is not null) yield return (rows.Ids[column], rows.Headings[column], text, quality);
        }
    }

    // An empty text is a text where it is said to be good.
    private ImportPoint? PointOf(int position, long at, string text, Quality? quality)
    {
        if (text.Length == 0 && quality is not (Quality.Good or Quality.Implausible)) return quality is null ? null : new ImportPoint(position, at, null, null, quality);
        return new ImportPoint(position, at, CsvDetection.NumberOf(text.Trim(), settings.IsDecimalComma), CsvText.Rearm(text), quality);
    }

    // A unit behind the name, as in Flow temperature (°C) or [°C].
    private static (string Name, string? Unit) Parted(string heading)
    {
        var open = heading.LastIndexOfAny(['(', '[']);
        if (open <= 0 || heading[^1] is not (')' or ']')) return (heading, null);
        var unit = heading[(open + 1)..^1].Trim();
        return unit.Length is > 0 and <= 8 ? (heading[..open].Trim(), unit) : (heading, null);
    }

    private sealed class Found(string name)
    {
        private readonly List<string> _samples = [];
        private long _count;
        private long _first = long.MaxValue;
        private long _last = long.MinValue;

        public void Take(long at, string text)
        {
            _count++;
            _first = Math.Min(_first, at);
            _last = Math.Max(_last, at);
            if (_samples.Count < MostSamples && text.Length > 0 && !_samples.Contains(text)) _samples.Add(text.Length <= 40 ? text : text[..40] + "…");
        }

        public FoundSeries As(string id)
        {
            var (plain, unit) = Parted(name);
            return new FoundSeries(id, plain, unit, _count, DateTimeOffset.FromUnixTimeMilliseconds(_first), DateTimeOffset.FromUnixTimeMilliseconds(_last), _samples);
        }
    }

    private sealed class Rows(FileStream stream, CsvSettings settings, CsvTimes times) : IAsyncDisposable
    {
        private readonly StreamReader _text = CsvFile.Reader(stream, settings.Encoding);
        private readonly Dictionary<int, int> _qualities = [];
        private readonly HashSet<int> _qualityColumns = [];
        private CsvRecords _records = null!;
        private bool _isAhead;

        public List<string> Headings { get; private set; } = [];

        public List<string> Ids { get; private set; } = [];

        public long At { get; private set; }

        public long Line => _records.Line;

        public string? Fault { get; private set; }

        public double Fraction => stream.Length == 0 ? 1 : (double)stream.Position / stream.Length;

        public async ValueTask BeginAsync(CancellationToken cancellationToken)
        {
            _records = new CsvRecords(_text, settings.Separator);
            do
            {
                if (!await _records.NextAsync(cancellationToken)) return;
            }
            while (_records.IsEmpty);

            Headings = CsvDetection.Headings(settings, _records.Fields);
            Ids = [.. Headings.Select((_, column) => IdOf(column))];
            _isAhead = !settings.HasHeader;
            for (var column = 0; column < Headings.Count; column++)
            {
                if (!Headings[column].EndsWith(CsvEncoder.QualitySuffix, StringComparison.Ordinal)) continue;
                var own = Headings.IndexOf(Headings[column][..^CsvEncoder.QualitySuffix.Length]);
                if (own < 0) continue;
                _qualities[own] = column;
                _qualityColumns.Add(column);
            }
        }

        public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
        {
            do
            {
                if (!_isAhead && !await _records.NextAsync(cancellationToken)) return false;
                _isAhead = false;
            }
            while (_records.IsEmpty && _records.Fault is null);

            Fault = _records.Fault ?? FaultOfFields();
            return true;
        }

        public string Field(int column) => column < _records.Fields.Count ? _records.Fields[column] : "";

        public bool IsQuality(int column) => _qualityColumns.Contains(column);

        public Quality? QualityOf(int column) =>
            _qualities.TryGetValue(column, out var own) && SnakeCaseEnum.TryParse<Quality>(Field(own), out var quality) ? quality : null;

        public ValueTask DisposeAsync()
        {
            _text.Dispose();
            return stream.DisposeAsync();
        }

        private string? FaultOfFields()
        {
            if (_records.Fields.Count != Headings.Count)
                return string.Create(CultureInfo.InvariantCulture, $"it has {_records.Fields.Count} fields instead of {Headings.Count}");
            if (!times.TryParse(Field(settings.TimeColumn), out var moment, out var reason)) return reason;
            At = moment;
            return null;
        }
    }
}
