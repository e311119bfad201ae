using HPManager.Core.Sensors;

namespace HPManager.Core.History.Import;

/// <summary>One run through a source: batch after batch is made polls and kept, then the place behind it is noted. Used once.</summary>
internal sealed class ImportRun
{
    // Many at once: a store writes and compresses them together, and each time is durable before it returns.
    private const int MostSnapshots = 16 * 1024;
    private static readonly TimeSpan NoteEvery = TimeSpan.FromSeconds(2);

    private readonly ImportPlan _plan;
    private readonly ITimeSeriesStore _store;
    private readonly TimeProvider _time;
    private readonly Action<ImportProgress, string?> _show;
    private readonly PollForming _forming;
    private readonly SensorDefinition[] _sensors;
    private readonly ValueTaking[] _taking;

    public ImportRun(ImportPlan plan, SensorSet sensors, ITimeSeriesStore store, TimeProvider time, Action<ImportProgress, string?> show)
    {
        (_plan, _store, _time, _show) = (plan, store, time, show);
        _forming = new PollForming(plan.HeatPumpId, TimeSpan.FromSeconds(plan.TogetherSeconds));
        _sensors = [.. plan.Mapping.Select(mapping => sensors.TryGet(mapping.Sensor, out var sensor) ? sensor : throw new ImportException($"There is no sensor {mapping.Sensor} any more."))];
        _taking = [.. plan.Mapping.Select((mapping, position) => new ValueTaking(_sensors[position], mapping.Unit))];
    }

    /// <summary>Reads on behind the place that was reached.</summary>
    /// <param name="reader">The source.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="note">Keeps how far it is for a later run.</param>
    /// <param name="cancellationToken">Ends it behind the batch.</param>
    public async Task RunAsync(IImportReader reader, ImportProgress progress, Action<ImportProgress> note, CancellationToken cancellationToken)
    {
        var noted = _time.GetTimestamp();
        var unnoted = false;
        try
        {
            await foreach (var batch in reader.ReadAsync([.. _plan.Mapping.Select(mapping => mapping.Series)], progress.Place, cancellationToken))
            {
                progress = await TakeAsync(batch, progress, cancellationToken);
                _show(progress, null);
                unnoted = true;
                if (_time.GetElapsedTime(noted) < NoteEvery) continue;
                await PersistAsync(() => note(progress), progress, cancellationToken);
                (noted, unnoted) = (_time.GetTimestamp(), false);
            }
        }
        finally
        {
            // What was taken is taken; a place that is not noted would only be taken again.
            if (unnoted) TryNote(() => note(progress));
        }
    }

    private static void TryNote(Action note)
    {
        try
        {
            note();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The end of the run notes it once more, and logs it.
        }
    }

    private async Task<ImportProgress> TakeAsync(ImportBatch batch, ImportProgress progress, CancellationToken cancellationToken)
    {
        var tallies = progress.Series.Select(outcome => new ImportTally(outcome)).ToList();
        var readings = ReadingsOf(batch, tallies);
        var snapshots = _forming.Form([.. readings.Select(pair => (_sensors[pair.Series], pair.Reading))]);
        if (!_plan.Replaces) snapshots = await WithoutKnownAsync(snapshots, progress, cancellationToken);
        for (var first = 0; first < snapshots.Count; first += MostSnapshots)
        {
            var some = snapshots.GetRange(first, Math.Min(MostSnapshots, snapshots.Count - first));
            await AppendAsync(some, progress, cancellationToken);
        }

        Count(readings, snapshots, tallies);
        return progress with
        {
            Rows = progress.Rows + batch.Rows,
            Polls = progress.Polls + snapshots.Count,
            Kept = progress.Kept + snapshots.Sum(snapshot => (long)snapshot.Readings.Count),
            Reached = batch.Reached ?? progress.Reached,
            Fraction = batch.Fraction ?? progress.Fraction,
            BadRows = progress.BadRows + batch.BadCount,
            BadRowsNamed = [.. progress.BadRowsNamed.Concat(batch.Bad).Take(ImportBatch.MostBad)],
            Series = [.. tallies.Select(tally => tally.Outcome)],
            Place = batch.Place,
        };
    }

    private List<(int Series, Reading Reading, bool IsStatistic)> ReadingsOf(ImportBatch batch, List<ImportTally> tallies)
    {
        var readings = new List<(int Series, Reading Reading, bool IsStatistic)>(batch.Points.Count);
        foreach (var point in batch.Points)
        {
            if (_taking[point.Series].Take(point, out var reason) is { } reading) readings.Add((point.Series, reading, point.IsStatistic));
            else tallies[point.Series].Refuse(reason!);
        }

        return readings;
    }

    // Snapshots tell by moment and sensor what was kept; a reading that formed one may have been moved to its moment, by less than readings of a series are apart.
    private void Count(List<(int Series, Reading Reading, bool IsStatistic)> readings, List<Snapshot> snapshots, List<ImportTally> tallies)
    {
        var kept = new HashSet<(DateTimeOffset At, SensorKey Sensor)>(snapshots.SelectMany(snapshot => snapshot.Sensors.All.Select(sensor => (snapshot.At, sensor.Key))));
        var moments = snapshots.Select(snapshot => snapshot.At).ToList();
        foreach (var (series, reading, isStatistic) in readings)
        {
            var at = moments.BinarySearch(reading.At);
            var moment = at >= 0 ? reading.At : ~at > 0 ? moments[~at - 1] : reading.At;
            if (kept.Contains((moment, _sensors[series].Key)) && reading.At - moment <= TimeSpan.FromSeconds(_plan.TogetherSeconds)) tallies[series].Keep(reading, isStatistic);
            else tallies[series].WasHere();
        }
    }

    // What is here already stays; only where it has no value, one that has may come.
    private async Task<List<Snapshot>> WithoutKnownAsync(List<Snapshot> snapshots, ImportProgress progress, CancellationToken cancellationToken)
    {
        if (snapshots.Count == 0) return snapshots;
        var known = await KnownAsync(snapshots, progress, cancellationToken);
        if (known.Count == 0) return snapshots;
        var fresh = new List<Snapshot>(snapshots.Count);
        foreach (var snapshot in snapshots)
        {
            var kept = snapshot.Sensors.All.Zip(snapshot.Readings)
                .Where(pair => !known.TryGetValue((snapshot.At, pair.First.Key), out var hasValue) || (!hasValue && (pair.Second.Value is not null || pair.Second.Text is not null)))
                .ToList();
            if (kept.Count == snapshot.Readings.Count) fresh.Add(snapshot);
            else if (kept.Count > 0) fresh.Add(new Snapshot(snapshot.HeatPumpId, snapshot.At, new SensorSet([.. kept.Select(pair => pair.First)]), [.. kept.Select(pair => pair.Second)]));
        }

        return fresh;
    }

    private async Task<Dictionary<(DateTimeOffset At, SensorKey Sensor), bool>> KnownAsync(List<Snapshot> snapshots, ImportProgress progress, CancellationToken cancellationToken)
    {
        var moments = snapshots.Select(snapshot => snapshot.At).ToHashSet();
        var keys = _sensors.Select(sensor => sensor.Key).Distinct().ToList();
        var known = new Dictionary<(DateTimeOffset At, SensorKey Sensor), bool>();
        await PatientlyAsync(
            async () =>
            {
                known.Clear();
                await foreach (var block in _store.ReadAsync(_plan.HeatPumpId, keys, snapshots[0].At, snapshots[^1].At.AddMilliseconds(1), cancellationToken))
                {
                    for (var row = 0; row < block.Times.Count; row++)
                    {
                        if (!moments.Contains(block.Times[row])) continue;
                        foreach (var series in block.Series)
                        {
                            var reading = series.Readings[row];
                            if (reading.Quality is not null) known[(block.Times[row], series.Sensor)] = reading.Value is not null || reading.Text is not null;
                        }
                    }
                }
            },
            progress,
            cancellationToken);
        return known;
    }

    private Task AppendAsync(List<Snapshot> snapshots, ImportProgress progress, CancellationToken cancellationToken) =>
        PatientlyAsync(() => _store.AppendAsync(snapshots, cancellationToken).AsTask(), progress, cancellationToken);

    private Task PersistAsync(Action note, ImportProgress progress, CancellationToken cancellationToken) => PatientlyAsync(
        () =>
        {
            note();
            return Task.CompletedTask;
        },
        progress,
        cancellationToken);

    // A full disk is made room on, sooner or later: it waits, says why, and goes on.
    private async Task PatientlyAsync(Func<Task> work, ImportProgress progress, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception fault) when (fault is UnauthorizedAccessException or (IOException and not ImportException))
            {
                _show(progress, fault.Message);
            }

            await Task.Delay(WritePause.After(failures), _time, cancellationToken);
        }
    }
}
