using System.Globalization;
using HPManager.Benchmarks.Harness;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.ReadPlan;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Benchmarks.ReadPlan;

/// <summary>
/// How many requests a poll takes for the shipped profiles under their rules, once the optional points have answered: against the usual way to join
/// registers, and against the fewest that are possible. Counted, not measured: the figures are the same on every machine.
/// </summary>
internal static class ReadPlanBenchmark
{
    private const double GreedyGoal = 1;
    private const double OptimumGoal = 1.05;

    public static Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine("read-plan takes no arguments");
            return Task.FromResult(2);
        }

        var report = new Report("read-plan");
        Report.Remark("requests per poll, fewer is better; counted, the same on every machine");
        var driver = new ModbusDriver(TimeProvider.System, NullLoggerFactory.Instance);
        foreach (var model in ModbusManufacturerSource.ReadShipped().SelectMany(result => result.Profile!.CreateModels(driver)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var usual = model.Options.WithDefaults(Settings.Empty);
            Compare(report, model, $"{model.Profile.ManufacturerName} {model.Name}", usual);
            if (Everything(model) is var all && !all.Equals(usual)) Compare(report, model, $"{model.Profile.ManufacturerName} {model.Name}, every option", all);
        }

        return Task.FromResult(report.ExitCode);
    }

    private static void Compare(Report report, ModbusModel model, string title, Settings options)
    {
        var profile = model.Profile;
        var points = profile.Points(model.Key, options);
        var proven = new ReadFindings();
        foreach (var point in points) proven.NotePresent(point);
        var ours = ReadPlanner.Plan(points, profile.Blocks, proven, new HashSet<int>()).Count;
        var readable = points.Where(point => point.Sensor.IsReadable).ToList();
        var first = ReadPlanner.Plan(points, profile.Blocks, new ReadFindings(), new HashSet<int>()).Count;
        Report.Remark($"{title}: {readable.Count} points; first poll {first} requests");
        AtMost(report, title, ours, "one-hole greedy", OneHoleGreedy.Count(readable, profile.Blocks), GreedyGoal);
        AtMost(report, title, ours, "exact optimum", ExactOptimum.Count(points, profile.Blocks), OptimumGoal);
    }

    private static Settings Everything(ModbusModel model) => new(model.Options
        .Select(option => KeyValuePair.Create(option.Key, option.Kind switch
        {
            ParameterKind.Choices => string.Join(',', option.Choices.Select(choice => choice.Key)),
            ParameterKind.Integer => option.Max?.ToString(CultureInfo.InvariantCulture),
            ParameterKind.Flag => "true",
            _ => option.Default,
        }))
        .Where(pair => pair.Value is not null)
        .Select(pair => KeyValuePair.Create(pair.Key, pair.Value!)));

    private static void AtMost(Report report, string title, int ours, string peerName, int peer, double goal)
    {
        var ratio = (double)ours / peer;
        report.Line(FormattableString.Invariant($"requests, {title}"), $"{ours}", $"{peer} ({peerName})", FormattableString.Invariant($"{ratio:0.00}"), FormattableString.Invariant($"<= {goal} x"), ratio <= goal);
    }
}
