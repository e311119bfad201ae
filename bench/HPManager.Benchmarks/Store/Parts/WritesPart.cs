using System.Diagnostics;
using System.Globalization;
using System.Text;
using HPManager.Benchmarks.Harness;
using HPManager.Benchmarks.Store.Data;
using HPManager.Benchmarks.Store.Peers;

namespace HPManager.Benchmarks.Store.Parts;

/// <summary>
/// Bytes that a process gives to the disk in an hour, as the kernel counts them. Ours and Home Assistant's table live through a whole day as quickly as they can, commit by
/// commit; VictoriaMetrics writes by the clock on the wall and lives through some minutes of it.
/// </summary>
internal static class WritesPart
{
    public const string Command = "store-writer";

    private const string Working = "working";
    private const int PollsAtATime = 500;
    private const double HoursOfDay = 24;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(Report report, string name, IReadOnlyList<Recording> day, bool isLively, TimeSpan? wall, CancellationToken cancellationToken)
    {
        var victoria = wall is { } time ? VictoriaAsync(day, time, cancellationToken) : Task.FromResult(double.NaN);
        var ours = await WrittenAsync("ours", isLively, cancellationToken) / HoursOfDay;
        var table = await WrittenAsync("table", isLively, cancellationToken) / HoursOfDay;
        var peer = await victoria;
        report.AtMost($"{name}: bytes written an hour", ours, "Home Assistant's table, a row per changed state", table, isLively ? null : 1 / 20.0);
        if (wall is { } minutes) report.AtMost($"{name}: bytes written an hour", ours, $"VictoriaMetrics, over {minutes.TotalMinutes:0} minutes", peer, 1.0);
    }

    /// <summary>The process that writes: <c>ours</c> or <c>table</c>, a folder, and whether the lively recordings; says how many bytes it has written.</summary>
    public static async Task<int> WriteAsync(string[] args, CancellationToken cancellationToken)
    {
        var day = await RecordedData.DayAsync();
        if (bool.Parse(args[2])) day = [.. day.Select(Lively.Of)];
        var before = BytesWritten(Environment.ProcessId);
        if (args[0] == "ours")
        {
            using var store = await OurStore.OpenAsync(args[1], cancellationToken);
            var polls = 0;
            foreach (var batch in OurStore.Snapshots(day).Chunk(day.Count))
            {
                await store.Store.AppendAsync(batch, cancellationToken);
                if (++polls % PollsAtATime == 0) await Console.Out.WriteLineAsync(Working);
            }
        }
        else
        {
            using var table = new HomeAssistantTable(args[1], day, everyReading: false);
            for (var poll = 0; poll < day[0].Polls; poll++)
            {
                table.Write(day, poll);
                if (poll % PollsAtATime == 0) await Console.Out.WriteLineAsync(Working);
            }
        }

        await Console.Out.WriteLineAsync((BytesWritten(Environment.ProcessId) - before).ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static async Task<double> WrittenAsync(string who, bool isLively, CancellationToken cancellationToken)
    {
        await using var writer = ChildProcess.StartSelf(Command, who, DiskFolder.Empty($"writes-{who}"), $"{isLively}");
        string line;
        while ((line = await writer.ReadLineAsync(cancellationToken)) == Working)
        {
            // A day takes its time.
        }

        return double.Parse(line, CultureInfo.InvariantCulture);
    }

    private static async Task<double> VictoriaAsync(IReadOnlyList<Recording> day, TimeSpan wall, CancellationToken cancellationToken)
    {
        await using var victoria = new VictoriaMetrics(DiskFolder.Empty("writes-victoria"));
        await victoria.StartAsync(cancellationToken);
        using var timer = new PeriodicTimer(Round);

        // New series cost it their registration; the hour that is extrapolated has none.
        const int WarmUp = 6;
        var (clock, before) = (Stopwatch.StartNew(), 0L);
        for (var poll = 0; poll < WarmUp || clock.Elapsed < wall; poll++)
        {
            if (poll == WarmUp)
            {
                before = BytesWritten(victoria.ProcessId);
                clock.Restart();
            }

            var text = new StringBuilder();
            foreach (var recording in day) LineProtocol.Append(text, recording, poll, TimeProvider.System.GetUtcNow());
            await victoria.WriteAsync([Encoding.ASCII.GetBytes(text.ToString())], new LineSettings(day.Count, Packed: false, 1), cancellationToken);
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return (BytesWritten(victoria.ProcessId) - before) / clock.Elapsed.TotalHours;
    }

    private static long BytesWritten(int process) => long.Parse(
        File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/io")).First(line => line.StartsWith("write_bytes:", StringComparison.Ordinal)).AsSpan("write_bytes:".Length),
        CultureInfo.InvariantCulture);
}
