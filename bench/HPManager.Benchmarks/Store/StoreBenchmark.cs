using System.Globalization;
using HPManager.Benchmarks.Harness;
using HPManager.Benchmarks.Store.Data;
using HPManager.Benchmarks.Store.Parts;

namespace HPManager.Benchmarks.Store;

/// <summary>
/// The embedded history beside VictoriaMetrics, InfluxDB and the table of Home Assistant's recorder: <c>store [ingest|size|query|writes|memory|all] [minutes]</c>, where the
/// minutes are those that VictoriaMetrics or the product's memory are watched for.
/// </summary>
internal static class StoreBenchmark
{
    private const string Day = "day";
    private const string LivelyDay = "lively day";
    private static readonly string[] Parts = ["ingest", "size", "query", "writes", "memory"];

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var chosen = args.Length == 0 || args[0] == "all" ? Parts : [args[0]];
        double? minutes = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : null;
        if (!Parts.Contains(chosen[0], StringComparer.Ordinal))
        {
            await Console.Error.WriteLineAsync($"There is no part '{chosen[0]}'; there are {string.Join(", ", Parts)}, all.");
            return 2;
        }

        var report = new Report("store");
        Report.Remark(Machine.Describe(TimeProvider.System));
        var day = await RecordedData.DayAsync();
        var lively = day.Select(Lively.Of).ToList();
        Report.Remark($"lively: the same heat pumps, {Lively.Count(day[0])} of {StoreData.SensorCount} sensors moved by -1, 0 or 1 digit at every poll");
        foreach (var part in chosen)
        {
            switch (part)
            {
                case "ingest":
                    await IngestPart.RunAsync(report, Day, day, isJudged: true, cancellationToken);
                    await IngestPart.RunAsync(report, LivelyDay, lively, isJudged: false, cancellationToken);
                    break;
                case "size":
                    await SizePart.RunAsync(report, Day, day, isJudged: true, cancellationToken);
                    await SizePart.RunAsync(report, LivelyDay, lively, isJudged: false, cancellationToken);
                    break;
                case "query":
                    await QueryPart.RunAsync(report, await RecordedData.YearAsync(), day, cancellationToken);
                    break;
                case "writes":
                    await WritesPart.RunAsync(report, Day, day, isLively: false, TimeSpan.FromMinutes(minutes ?? 5), cancellationToken);
                    await WritesPart.RunAsync(report, LivelyDay, lively, isLively: true, wall: null, cancellationToken);
                    break;
                default:
                    await MemoryPart.RunAsync(report, await RecordedData.YearAsync(), TimeSpan.FromMinutes(minutes ?? 10), cancellationToken);
                    break;
            }
        }

        return report.ExitCode;
    }
}
