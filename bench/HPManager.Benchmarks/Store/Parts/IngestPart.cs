using System.Diagnostics;
using System.Globalization;
using HPManager.Benchmarks.Harness;
using HPManager.Benchmarks.Store.Data;
using HPManager.Benchmarks.Store.Peers;

namespace HPManager.Benchmarks.Store.Parts;

/// <summary>
/// Points a second. What is sent, and our snapshots, are made before the clock starts, and everyone is tried before: the peers for their best settings, ours as often. The peers' clock stops with the last answer, when VictoriaMetrics has in memory what it
/// will write within seconds; ours when everything is on the disk and sealed.
/// </summary>
internal static class IngestPart
{
    private const int Rounds = 5;
    private const int PollsTried = 200;
    private const int PollsMeasured = 2160;
    private const int PollsOfTable = 1080;

    private static readonly LineSettings[] Tried =
    [
        new(100, Packed: false, 1), new(100, Packed: false, 2), new(100, Packed: false, 4), new(100, Packed: true, 2), new(20, Packed: false, 2), new(500, Packed: false, 2),
    ];

    private static readonly (string Name, Func<string, LineServer> Make)[] Makes =
    [
        ("VictoriaMetrics", static folder => new VictoriaMetrics(folder)), ("InfluxDB", static folder => new InfluxDb(folder)),
    ];

    public static async Task RunAsync(Report report, string name, IReadOnlyList<Recording> day, bool isJudged, CancellationToken cancellationToken)
    {
        var recordings = day.Select(recording => recording.Take(PollsMeasured)).ToList();
        var points = recordings.Sum(recording => recording.Points);
        Report.Remark(string.Create(CultureInfo.InvariantCulture, $"{name}: {points:n0} points, {recordings.Average(recording => recording.ChangedShare()):0.0 %} of the readings differ from the poll before"));
        var settings = new Dictionary<string, LineSettings>(StringComparer.Ordinal);
        var beginning = recordings.Select(recording => recording.Take(PollsTried)).ToList();
        foreach (var (peer, make) in Makes) settings[peer] = await BestAsync(make, beginning, cancellationToken);
        for (var trial = 0; trial < Tried.Length; trial++) await OursAsync(beginning, cancellationToken);

        var rates = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            Add(rates, "ours", points / await OursAsync(recordings, cancellationToken));
            foreach (var (peer, make) in Makes) Add(rates, peer, points / await LinesAsync(make, recordings, settings[peer], cancellationToken));
        }

        var ours = Statistics.Median(rates["ours"]);
        var peers = settings.Keys.Select(peer => (Name: peer, Rate: Statistics.Median(rates[peer]))).OrderByDescending(peer => peer.Rate).ToList();
        report.AtLeast($"{name}: points a second, against the better", ours, $"{peers[0].Name}, {settings[peers[0].Name]}", peers[0].Rate, isJudged ? 2 : null);
        report.AtLeast($"{name}: points a second", ours, $"{peers[1].Name}, {settings[peers[1].Name]}", peers[1].Rate);
        await AgainstTableAsync(report, name, [.. day.Select(recording => recording.Take(PollsOfTable))], ours, isJudged, cancellationToken);
    }

    private static void Add(Dictionary<string, List<double>> rates, string who, double rate)
    {
        if (!rates.TryGetValue(who, out var own)) rates[who] = own = [];
        own.Add(rate);
    }

    private static async Task<LineSettings> BestAsync(Func<string, LineServer> make, IReadOnlyList<Recording> recordings, CancellationToken cancellationToken)
    {
        var best = (Settings: Tried[0], Seconds: double.MaxValue);
        foreach (var settings in Tried)
        {
            var seconds = await LinesAsync(make, recordings, settings, cancellationToken);
            if (seconds < best.Seconds) best = (settings, seconds);
        }

        return best.Settings;
    }

    private static async Task<double> LinesAsync(
        Func<string, LineServer> make, IReadOnlyList<Recording> recordings, LineSettings settings, CancellationToken cancellationToken)
    {
        var bodies = LineProtocol.Bodies(recordings, settings).ToList();
        await using var server = make(DiskFolder.Empty("ingest-peer"));
        await server.StartAsync(cancellationToken);
        var clock = Stopwatch.StartNew();
        await server.WriteAsync(bodies, settings, cancellationToken);
        var seconds = clock.Elapsed.TotalSeconds;
        await server.ExpectAsync(recordings, cancellationToken);
        return seconds;
    }

    private static async Task<double> OursAsync(IReadOnlyList<Recording> recordings, CancellationToken cancellationToken)
    {
        var snapshots = OurStore.Snapshots(recordings).ToList();
        using var store = await OurStore.OpenAsync(DiskFolder.Empty("ingest-ours"), cancellationToken);
        GC.Collect();
        var clock = Stopwatch.StartNew();
        await store.FillAsync(snapshots, cancellationToken);
        var seconds = clock.Elapsed.TotalSeconds;
        await store.CompareAsync(recordings, cancellationToken);
        return seconds;
    }

    private static async Task AgainstTableAsync(
        Report report, string name, IReadOnlyList<Recording> recordings, double ours, bool isJudged, CancellationToken cancellationToken)
    {
        var readings = recordings.Sum(recording => recording.Points);
        var (changed, every) = (new List<double>(), new List<double>());
        var rows = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            (var seconds, rows) = await Task.Run(() => Table(recordings, everyReading: false), cancellationToken);
            changed.Add(seconds);
            every.Add((await Task.Run(() => Table([.. recordings.Select(recording => recording.Take(PollsTried))], everyReading: true), cancellationToken)).Seconds);
        }

        var covered = readings / Statistics.Median(changed);
        report.AtLeast($"{name}: readings a second, a row of the table per changed state", ours, "Home Assistant's table", covered, isJudged ? 50 : null);
        report.AtLeast($"{name}: points a second against rows a second, a row per changed state", ours, "Home Assistant's table", rows / Statistics.Median(changed));
        var ofEvery = recordings.Sum(recording => recording.Take(PollsTried).Points) / Statistics.Median(every);
        report.AtLeast($"{name}: readings a second, a row of the table per reading", ours, "Home Assistant's table", ofEvery);
    }

    private static (double Seconds, long Rows) Table(IReadOnlyList<Recording> recordings, bool everyReading)
    {
        using var table = new HomeAssistantTable(DiskFolder.Empty("ingest-table"), recordings, everyReading);
        var clock = Stopwatch.StartNew();
        for (var poll = 0; poll < recordings[0].Polls; poll++) table.Write(recordings, poll);
        var seconds = clock.Elapsed.TotalSeconds;
        TableCheck.Compare(table, recordings, everyReading);
        return (seconds, table.Rows);
    }
}
