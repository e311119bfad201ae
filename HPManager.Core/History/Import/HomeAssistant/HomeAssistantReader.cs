using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.Import.HomeAssistant;

/// <summary>
/// Reads Home Assistant's recorder: first the means of statistics, where states are no longer there, then states. Home Assistant notes changes only: between two of them a value
/// holds, so that polls can be made on a grid; where nothing at all was noted for long, it was not running, and nothing holds over such a time.
/// </summary>
internal sealed class HomeAssistantReader(string file, HomeAssistantSettings settings, TimeProvider time) : IImportReader
{
    private const long Day = 24 * 3600 * 1000L;
    private const long MostPoints = 200_000;
    private const long Stretch = 30 * Day;
    private const int MostSamples = 3;

    private readonly long _grid = settings.GridSeconds * 1000L;
    private readonly long _outage = settings.OutageMinutes * 60_000L;

    public ValueTask<ImportSurvey> SurveyAsync(CancellationToken cancellationToken) => new(Task.Run(() => Survey(cancellationToken), cancellationToken));

    public async IAsyncEnumerable<ImportBatch> ReadAsync(IReadOnlyList<string> series, string? place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        using var batches = Read(series, place is null ? new Place() : Place.Parse(place), cancellationToken).GetEnumerator();
        while (await Task.Run(() => MoveNext(batches), cancellationToken)) yield return batches.Current;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool MoveNext(IEnumerator<ImportBatch> batches)
    {
        try
        {
            return batches.MoveNext();
        }
        catch (Exception fault) when (fault is Microsoft.Data.Sqlite.SqliteException)
        {
            throw RecorderDatabase.Wrapped(fault);
        }
    }

    private ImportSurvey Survey(CancellationToken cancellationToken)
    {
        using var database = RecorderDatabase.Open(file);
        try
        {
            var statistics = new RecorderStatistics(database);
            var entities = new RecorderEntities(database);
            var found = new List<FoundSeries>();
            foreach (var entity in entities.All(statistics.Ids))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var span = entities.SpanOf(entity);
                var means = statistics.SpanOf(entity);
                if (span.Count == 0 && means.Count == 0) continue;
                var (unit, name) = entities.AttributesOf(entity);
                var first = span.Count == 0 ? means.First : means.Count == 0 ? span.First : Math.Min(span.First, means.First);
                var last = span.Count == 0 ? means.Last : means.Count == 0 ? span.Last : Math.Max(span.Last, means.Last);
                found.Add(new FoundSeries(
                    entity, entity, unit ?? statistics.UnitOf(entity), span.Count + means.Count, Moment(first), Moment(last), entities.SamplesOf(entity, MostSamples))
                {
                    Alias = name,
                });
                if (found.Count == ImportSurvey.MostSeries) break;
            }

            var notes = new List<string>
            {
                "Home Assistant notes changes only: polls are made on a grid, with the value that held then.",
            };
            if (statistics.Ids.Count > 0) notes.Add("Where states are no longer there, the means of its statistics are taken, at the end of their five minutes or hour.");
            if (found.Count == ImportSurvey.MostSeries) notes.Add($"Only the first {ImportSurvey.MostSeries} entities are shown.");
            return new ImportSurvey(found, notes);
        }
        catch (Microsoft.Data.Sqlite.SqliteException fault)
        {
            throw RecorderDatabase.Wrapped(fault);
        }
    }

    private static DateTimeOffset Moment(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);

    private IEnumerable<ImportBatch> Read(IReadOnlyList<string> series, Place place, CancellationToken cancellationToken)
    {
        using var database = RecorderDatabase.Open(file);
        var entities = new RecorderEntities(database);
        var wanted = series.Select((id, position) => (id, position)).ToDictionary(pair => pair.id, pair => pair.position);
        if (!place.HasStatistics)
        {
            foreach (var batch in ReadStatistics(database, entities, series, place, cancellationToken)) yield return batch;
            place = new Place { HasStatistics = true };
        }

        var (begin, last) = entities.Extent();
        var end = Math.Min(last, time.GetUtcNow().ToUnixTimeMilliseconds() + Day);
        if (begin > end) yield break;
        var run = new GridRun(_grid, _outage, series.Count, place);
        var step = Math.Min(Day, Math.Max(_grid * 60, MostPoints / Math.Max(1, series.Count) * _grid));
        for (var from = place.Upto ?? Floor(begin); from <= end;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = entities.NextFrom(from);
            if (next is null) yield break;
            from = Math.Max(from, next.Value - (next.Value % step));
            var points = new List<ImportPoint>();
            var (rows, bad) = (0L, 0L);
            foreach (var (entity, at, state) in entities.States(from, from + step))
            {
                if (++rows % 4096 == 0) cancellationToken.ThrowIfCancellationRequested();
                if (at is not { } moment || moment < 0 || moment > time.GetUtcNow().ToUnixTimeMilliseconds() + Day)
                {
                    bad++;
                    continue;
                }

                run.Advance(moment, points);
                if (entity is not null && wanted.TryGetValue(entity, out var position)) run.Set(position, state);
            }

            from += step;
            yield return new ImportBatch(
                points,
                run.PlaceAt(from).ToString(),
                rows,
                Moment(Math.Min(from, end)),
                Math.Clamp((double)(from - begin) / Math.Max(1, end - begin + step), 0, 1),
                bad > 0 ? [string.Create(CultureInfo.InvariantCulture, $"{Moment(from - step):yyyy-MM-dd}: {bad} states without a time that makes sense.")] : [],
                bad);
        }
    }

    private static long Floor(long at) => at - (((at % Day) + Day) % Day);

    private static IEnumerable<ImportBatch> ReadStatistics(
        RecorderDatabase database, RecorderEntities entities, IReadOnlyList<string> series, Place place, CancellationToken cancellationToken)
    {
        var statistics = new RecorderStatistics(database);
        var spans = series.Select(statistics.SpanOf).ToList();
        var ends = series.Select(entity => entities.SpanOf(entity) is { Count: > 0 } span ? span.First : long.MaxValue).ToList();
        var units = series.Select(entity => (Own: statistics.UnitOf(entity), Wanted: entities.AttributesOf(entity).Unit)).ToList();
        var conversions = units.ConvertAll(unit => Converted(unit.Own, unit.Wanted));
        if (spans.TrueForAll(span => span.Count == 0)) yield break;
        var begin = spans.Where(span => span.Count > 0).Min(span => span.First);
        var last = spans.Zip(ends).Where(pair => pair.First.Count > 0).Max(pair => Math.Min(pair.First.Last, pair.Second));
        for (var from = place.Upto ?? Floor(begin - Day); from <= last; from += Stretch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var points = new List<ImportPoint>();
            var bad = new List<string>();
            var (rows, badCount) = (0L, 0L);
            for (var position = 0; position < series.Count; position++)
            {
                if (spans[position].Count == 0) continue;
                var means = 0L;
                foreach (var (at, value) in statistics.Between(series[position], from, from + Stretch, ends[position]))
                {
                    means++;
                    if (conversions[position] is { } convert) points.Add(new ImportPoint(position, at, convert(value), null, null, IsStatistic: true));
                }

                rows += means;
                if (means == 0 || conversions[position] is not null) continue;
                badCount += means;
                bad.Add($"{series[position]}: its statistics are in {units[position].Own}, its states in {units[position].Wanted}.");
            }

            yield return new ImportBatch(points, new Place { Upto = from + Stretch }.ToString(), rows, Moment(Math.Min(from + Stretch, last)), null, bad, badCount);
        }
    }

    private static Func<double, double>? Converted(string? from, string? to) =>
        from is null || to is null ? static value => value : ImportUnits.Conversion(from, ImportUnits.Normal(to)!);

    /// <summary>Where a reading is, with what held then, so that it can go on without reading what came before.</summary>
    internal sealed record Place
    {
        public bool HasStatistics { get; init; }

        public long? Upto { get; init; }

        public long? Newest { get; init; }

        public long NextGrid { get; init; }

        public Dictionary<int, string?> Held { get; init; } = [];

        public static Place Parse(string text) => JsonSerializer.Deserialize<Place>(text) ?? new Place();

        public override string ToString() => JsonSerializer.Serialize(this);
    }

    /// <summary>Polls on a grid, made of changes in the order of time.</summary>
    private sealed class GridRun
    {
        private readonly long _grid;
        private readonly long _outage;
        private readonly string?[] _states;
        private readonly bool[] _isKnown;
        private long? _newest;
        private long _next;

        public GridRun(long grid, long outage, int series, Place place)
        {
            (_grid, _outage, _newest, _next) = (grid, outage, place.Newest, place.NextGrid);
            (_states, _isKnown) = (new string?[series], new bool[series]);
            foreach (var (position, state) in place.Held) Set(position, state);
        }

        /// <summary>Something changed then: what held up to it is told, unless nothing had changed for too long.</summary>
        public void Advance(long moment, List<ImportPoint> points)
        {
            if (_newest is { } before)
            {
                if (moment - before > _outage) Array.Clear(_isKnown);
                var first = Math.Max(_next, (before + _grid - 1) / _grid * _grid);
                if (moment - before <= _outage)
                {
                    for (; first < moment; first += _grid) Tell(first, points);
                }

                _next = Math.Max(_next, first);
            }

            _newest = Math.Max(moment, _newest ?? moment);
        }

        public void Set(int position, string? state) => (_states[position], _isKnown[position]) = (state, true);

        public Place PlaceAt(long upto) => new()
        {
            HasStatistics = true,
            Upto = upto,
            Newest = _newest,
            NextGrid = _next,
            Held = Enumerable.Range(0, _states.Length).Where(position => _isKnown[position]).ToDictionary(position => position, position => _states[position]),
        };

        private void Tell(long at, List<ImportPoint> points)
        {
            for (var position = 0; position < _states.Length; position++)
            {
                if (!_isKnown[position]) continue;
                var state = _states[position];
                if (state is null or "" or "unknown" or "unavailable") points.Add(new ImportPoint(position, at, null, null, Quality.Missing));
                else if (double.TryParse(state, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) points.Add(new ImportPoint(position, at, number, state));
                else points.Add(new ImportPoint(position, at, null, state));
            }
        }
    }
}
