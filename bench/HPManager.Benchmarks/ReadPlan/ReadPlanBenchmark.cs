using HPManager.Benchmarks.Harness;
using HPManager.Core.HeatPumps;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.ReadPlan;

namespace HPManager.Benchmarks.ReadPlan;

/// <summary>
/// How many requests a poll takes for the shipped profiles under their rules, once the optional points have answered: against the usual way to join
/// registers, and against the fewest that are possible. Counted, not measured: the figures are the same on every machine.
/// </summary>
internal static class ReadPlanBenchmark
{
    private const double GreedyGoal = 1;
    private const double OptimumGoal = 1.05;

    private static readonly (string Profile, string Model, string Name, string Circuits, string Zones)[] Cases =
    [
        ("idm/navigator_2_0", "navigator_2_0", "iDM Navigator 2.0, circuit A", "a", ""),
        ("idm/navigator_2_0", "navigator_2_0", "iDM Navigator 2.0, circuits A-G", "a,b,c,d,e,f,g", ""),
        ("idm/navigator_2_0", "navigator_2_0", "iDM Navigator 2.0, circuits A-G, 3 zone modules", "a,b,c,d,e,f,g", "0,1,2"),
        ("nibe/s_series", "s1155", "NIBE S1155", "", ""),
        ("nibe/s_series", "s1255", "NIBE S1255", "", ""),
        ("nibe/s_series", "s320", "NIBE VVM S320", "", ""),
        ("nibe/s_series", "s325", "NIBE VVM S325", "", ""),
        ("nibe/s_series", "s2125", "NIBE S2125", "", ""),
        ("nibe/s_series", "smo_s40", "NIBE SMO S40", "", ""),
    ];

    public static Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine("read-plan takes no arguments");
            return Task.FromResult(2);
        }

        var report = new Report("read-plan");
        var profiles = ModbusManufacturerSource.ReadShipped().Select(result => result.Profile).OfType<ModbusProfile>().ToDictionary(profile => profile.Name);
        Report.Remark("requests per poll, fewer is better; counted, the same on every machine");
        foreach (var (name, model, title, circuits, zones) in Cases)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var profile = profiles[name];
            var options = Settings.Empty.With("circuits", circuits.Length > 0 ? circuits : null).With("zones", zones.Length > 0 ? zones : null);
            var points = profile.Points(model, options);
            var proven = new ReadFindings();
            foreach (var point in points) proven.NotePresent(point);
            var ours = ReadPlanner.Plan(points, profile.Blocks, proven, new HashSet<int>()).Count;
            var readable = points.Where(point => point.Sensor.IsReadable).ToList();
            Report.Remark($"{title}: {readable.Count} points; first poll {ReadPlanner.Plan(points, profile.Blocks, new ReadFindings(), new HashSet<int>()).Count} requests");
            AtMost(report, title, ours, "one-hole greedy", OneHoleGreedy.Count(readable, profile.Blocks), GreedyGoal);
            AtMost(report, title, ours, "exact optimum", ExactOptimum.Count(readable, profile.Blocks), OptimumGoal);
        }

        return Task.FromResult(report.ExitCode);
    }

    private static void AtMost(Report report, string title, int ours, string peerName, int peer, double goal)
    {
        var ratio = (double)ours / peer;
        report.Line(FormattableString.Invariant($"requests, {title}"), $"{ours}", $"{peer} ({peerName})", FormattableString.Invariant($"{ratio:0.00}"), FormattableString.Invariant($"<= {goal} x"), ratio <= goal);
    }
}
