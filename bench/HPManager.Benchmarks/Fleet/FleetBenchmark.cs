using System.Globalization;
using HPManager.Benchmarks.Harness;

namespace HPManager.Benchmarks.Fleet;

/// <summary>1,000 endpoints × 60 registers every 10 s, answered after 100 ms, for three minutes (or the seconds given).</summary>
internal static class FleetBenchmark
{
    private const int Endpoints = 1000;
    private const int Registers = 60;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var measured = TimeSpan.FromSeconds(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 180);
        var report = new Report("fleet");
        Report.Remark(Machine.Describe(TimeProvider.System));
        var figures = await FleetRun.MeasureAsync(
            Endpoints, Registers, Interval, delayMs: 100, faults: null, warmUp: TimeSpan.FromSeconds(25), measured, cancellationToken);
        var expected = Endpoints * measured / Interval;
        Report.Remark($"{figures.LatenessMs.Count} polls of about {expected:0}, {figures.WrongValues} wrong values");
        report.AtMost("polls missed or failed", figures.Missed + figures.Failed + (figures.LatenessMs.Count < expected * 0.98 ? 1 : 0), 0);
        report.AtMost("lateness p99, ms", Statistics.Percentile(figures.LatenessMs, 0.99), 50);
        report.AtMost("processor, % of one core", 100 * figures.CpuShare, 25);
        report.AtMost("resident memory, MB", figures.PeakMegabytes, 250);
        report.AtMost("wrong values", figures.WrongValues, 0);
        return report.ExitCode;
    }
}

/// <summary>50 endpoints, with and without one silent, one resetting and one answering garbage: what the other 47 notice of it.</summary>
internal static class OneDeadBenchmark
{
    private const int Endpoints = 50;
    private const int Dead = 3;
    private const int Rounds = 5;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
        var report = new Report("one-dead");
        Report.Remark(Machine.Describe(TimeProvider.System));
        var healthy = new List<double>();
        var beside = new List<double>();
        long wrong = 0;
        // Round 0 is thrown away: the first failures of a process cost it the compilation of everything that handles them.
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (faults, into) in new[] { (null, healthy), ("silent,resets,garbage", beside) })
            {
                var figures = await FleetRun.MeasureAsync(
                    Endpoints, 60, TimeSpan.FromSeconds(1), delayMs: 20, faults, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(seconds), cancellationToken);
                if (round > 0) into.Add(Statistics.Percentile(figures.LatenessMs, 0.99));
                wrong += figures.WrongValues;
                if (figures.Missed > 0) Report.Remark($"{figures.Missed} polls missed");
                if (figures.LatenessMs.Count < (Endpoints - Dead) * seconds * 0.95) Report.Remark($"only {figures.LatenessMs.Count} polls");
            }
        }

        var without = Statistics.Median(healthy);
        var with = Statistics.Median(beside);
        var change = 100 * (with - without) / without;
        Report.Remark($"p99 by round without: {string.Join(' ', healthy.Select(value => value.ToString("0.00", CultureInfo.InvariantCulture)))}");
        Report.Remark($"p99 by round with:    {string.Join(' ', beside.Select(value => value.ToString("0.00", CultureInfo.InvariantCulture)))}");
        report.Line(
            "lateness p99 of the other 47, ms",
            with.ToString("0.00", CultureInfo.InvariantCulture),
            $"{without.ToString("0.00", CultureInfo.InvariantCulture)} (none dead)",
            $"{change.ToString("+0.0;-0.0", CultureInfo.InvariantCulture)} %",
            "change < 5 %",
            change < 5);
        report.AtMost("wrong values", wrong, 0);
        return report.ExitCode;
    }
}
