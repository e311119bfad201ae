using System.Diagnostics;
using System.Globalization;
using HPManager.Benchmarks.Harness;
using HPManager.Benchmarks.Store.Data;
using HPManager.Benchmarks.Store.Peers;

namespace HPManager.Benchmarks.Store.Parts;

/// <summary>
/// Questions to stores that are full: ours within the process, its answer written as JSON; the peers over HTTP, each in the way that is quickest for it. Warm means
/// that each has been asked the same for two seconds, so that code is compiled and files are in memory; cold,
/// that the kernel's pages were dropped and the store or server started again; neither's start is counted.
/// </summary>
internal static class QueryPart
{
    private const int Sensors = 8;
    private const int YearPoints = 1000;
    private const int PollsOfDay = 20_000;
    private const int Turns = 15;
    private const int SlowTurns = 5;
    private const int ColdTurns = 3;

    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(2);
    private static readonly LineSettings Filling = new(100, Packed: false, 2);

    public static async Task RunAsync(Report report, Recording year, IReadOnlyList<Recording> day, CancellationToken cancellationToken)
    {
        await YearAsync(report, new Question(year, Sensors, YearPoints), cancellationToken);
        await DayAsync(report, day, new Question(day[0], Sensors, PollsOfDay), cancellationToken);
    }

    private static async Task YearAsync(Report report, Question question, CancellationToken cancellationToken)
    {
        Report.Remark(string.Create(
            CultureInfo.InvariantCulture, $"a year of {question.Recording.Points:n0} points, 8 sensors in {question.Buckets.Count} buckets of {question.Buckets.Width / 3_600_000.0:0.##} hours: {string.Join(' ', question.Sensors)}"));
        var folder = DiskFolder.Empty("query-year-ours");
        using var ours = await FillOursAsync(folder, [question.Recording], question, cancellationToken);
        await using var victoria = new VictoriaMetrics(Kept("victoria"));
        await FillKeptAsync(victoria, question.Recording, cancellationToken);
        var way = await QuickestAsync(VictoriaWays.OfBuckets(victoria, question), cancellationToken);
        var (mine, peer) = await InterleavedAsync(ours, question, way, Turns, cancellationToken);
        report.AtMost("a year, 8 sensors, 1,000 points, warm, ms", mine, $"VictoriaMetrics, {way.Name}", peer, 0.25);

        await using (var influx = new InfluxDb(Kept("influx")))
        {
            await FillKeptAsync(influx, question.Recording, cancellationToken);
            var influxWay = await QuickestAsync(InfluxWays.OfBuckets(influx, question), cancellationToken);
            (mine, peer) = await InterleavedAsync(ours, question, influxWay, SlowTurns, cancellationToken);
            report.AtMost("a year, 8 sensors, 1,000 points, warm, ms", mine, $"InfluxDB, {influxWay.Name}", peer, 0.02);
        }

        ours.Dispose();
        await ColdAsync(report, folder, question, victoria, way, cancellationToken);
    }

    private static async Task DayAsync(Report report, IReadOnlyList<Recording> day, Question question, CancellationToken cancellationToken)
    {
        Report.Remark(string.Create(CultureInfo.InvariantCulture, $"24 hours of 1 of 10 heat pumps, {question.Recording.Polls:n0} polls, 8 sensors: {string.Join(' ', question.Sensors)}"));
        using var ours = await FillOursAsync(DiskFolder.Empty("query-day-ours"), day, question, cancellationToken);
        await using var victoria = new VictoriaMetrics(DiskFolder.Empty("query-day-victoria"));
        await FillAsync(victoria, day, cancellationToken);
        var way = await QuickestAsync(VictoriaWays.OfPolls(victoria, question), cancellationToken);
        var (mine, peer) = await InterleavedAsync(ours, question, way, Turns, cancellationToken);
        report.AtMost("24 hours raw, 8 sensors, ms", mine, $"VictoriaMetrics, {way.Name}", peer, 1.0);
        await victoria.StopAsync();

        await using var influx = new InfluxDb(DiskFolder.Empty("query-day-influx"));
        await FillAsync(influx, day, cancellationToken);
        var influxWay = await QuickestAsync(InfluxWays.OfPolls(influx, question), cancellationToken);
        (mine, peer) = await InterleavedAsync(ours, question, influxWay, SlowTurns, cancellationToken);
        report.AtMost("24 hours raw, 8 sensors, ms", mine, "InfluxDB", peer);
    }

    private static async Task ColdAsync(Report report, string folder, Question question, VictoriaMetrics victoria, Way way, CancellationToken cancellationToken)
    {
        const string Drop = "/proc/sys/vm/drop_caches";
        var (mine, peer) = (new List<double>(), new List<double>());
        try
        {
            for (var turn = 0; turn < ColdTurns; turn++)
            {
                await victoria.StopAsync();
                await ChildProcess.RunAsync("/bin/sync", "/", [], cancellationToken);
                await File.WriteAllTextAsync(Drop, "3", cancellationToken);
                await victoria.StartAsync(cancellationToken);
                using var ours = await OurStore.OpenAsync(folder, cancellationToken);
                peer.Add(await MillisecondsAsync(() => way.AskAsync(cancellationToken)));
                mine.Add(await MillisecondsAsync(() => OurWay.AskAsync(ours, question, cancellationToken)));
            }
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            Report.Remark($"cold is skipped: the kernel's pages cannot be dropped ({denied.Message})");
            return;
        }

        report.AtMost("a year, 8 sensors, 1,000 points, cold, ms", Statistics.Median(mine), $"VictoriaMetrics, {way.Name}", Statistics.Median(peer), 0.5);
    }

    private static async Task<(double Ours, double Peer)> InterleavedAsync(OurStore ours, Question question, Way way, int turns, CancellationToken cancellationToken)
    {
        var (mine, peer) = (new List<double>(), new List<double>());
        await WarmAsync(() => OurWay.AskAsync(ours, question, cancellationToken));
        await WarmAsync(() => way.AskAsync(cancellationToken));
        for (var turn = 0; turn < turns; turn++)
        {
            mine.Add(await MillisecondsAsync(() => OurWay.AskAsync(ours, question, cancellationToken)));
            peer.Add(await MillisecondsAsync(() => way.AskAsync(cancellationToken)));
        }

        return (Statistics.Median(mine), Statistics.Median(peer));
    }

    private static async Task<Way> QuickestAsync(Way[] ways, CancellationToken cancellationToken)
    {
        var (best, isRight) = ((Way: ways[0], Time: double.MaxValue), false);
        foreach (var way in ways)
        {
            isRight |= await IsRightAsync(way, cancellationToken);
            var times = new List<double>();
            for (var turn = 0; turn < 3; turn++) times.Add(await MillisecondsAsync(() => way.AskAsync(cancellationToken)));
            if (Statistics.Median(times) < best.Time) best = (way, Statistics.Median(times));
        }

        return isRight ? best.Way : throw new InvalidOperationException($"None of {ways.Length} ways gives what was written.");
    }

    // VictoriaMetrics' export now and then answers with values of other moments. Its time counts all the same, in its favour, as long as another way shows that the data are there.
    private static async Task<bool> IsRightAsync(Way way, CancellationToken cancellationToken)
    {
        var answer = await way.AskAsync(cancellationToken);
        try
        {
            way.Check(answer);
            return true;
        }
        catch (InvalidOperationException wrong)
        {
            Report.Remark($"{way.Name} answers wrongly: {wrong.Message}");
            return false;
        }
    }

    private static async Task WarmAsync<T>(Func<Task<T>> run)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Warming) await run();
    }

    private static async Task<double> MillisecondsAsync<T>(Func<Task<T>> run)
    {
        var clock = Stopwatch.StartNew();
        await run();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static async Task<OurStore> FillOursAsync(string folder, IReadOnlyList<Recording> recordings, Question question, CancellationToken cancellationToken)
    {
        var store = await OurStore.OpenAsync(folder, cancellationToken);
        await store.FillAsync(OurStore.Snapshots(recordings), cancellationToken);
        OurWay.Check(question, await store.Store.QueryAsync(question.Query, cancellationToken));
        return store;
    }

    // A peer takes minutes for a year: the folder it has filled is kept for the next run.
    private static string Kept(string peer) => RecordedData.Folder($"year-{RecordedData.Version}-{peer}");

    private static async Task FillKeptAsync(LineServer server, Recording year, CancellationToken cancellationToken)
    {
        var mark = Path.Combine(server.Folder, "..", Path.GetFileName(server.Folder) + ".complete");
        if (File.Exists(mark))
        {
            await server.StartAsync(cancellationToken);
            return;
        }

        Directory.Delete(server.Folder, recursive: true);
        Directory.CreateDirectory(server.Folder);
        await FillAsync(server, [year], cancellationToken);
        await File.WriteAllTextAsync(mark, "", cancellationToken);
    }

    private static async Task FillAsync(LineServer server, IReadOnlyList<Recording> recordings, CancellationToken cancellationToken)
    {
        await server.StartAsync(cancellationToken);
        await server.WriteAsync(LineProtocol.Bodies(recordings, Filling), Filling, cancellationToken);
        await server.ExpectAsync(recordings, cancellationToken);
        await server.SettleAsync(cancellationToken);
    }
}
