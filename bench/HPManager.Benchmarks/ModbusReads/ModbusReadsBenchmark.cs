using System.Globalization;
using HPManager.Benchmarks.Harness;

namespace HPManager.Benchmarks.ModbusReads;

/// <summary>
/// 125 registers a read over one connection, one read after the other, from a server without delay in a process of its own;
/// every read is decoded into 125 doubles and its sum checked. All clients take turns against the same server, so that what
/// else the machine does meets all of them; the figure is the median of the rounds.
/// </summary>
internal static class ModbusReadsBenchmark
{
    private const double Goal = 1.5;
    private const int Rounds = 15;
    private const string Python = "/usr/bin/python3";

    /// <summary>Blocks a thread and is written in C: shown to tell how far there is to go, not a goal.</summary>
    private const string Reference = "libmodbus";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(400);

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var report = new Report("modbus-reads");
        Report.Remark(Machine.Describe(TimeProvider.System));
        await using var server = ChildProcess.StartSelf("serve-modbus", "0");
        var port = await server.ReadLineAsync(cancellationToken);
        var contestants = new List<IContestant>();
        try
        {
            var number = int.Parse(port, CultureInfo.InvariantCulture);
            var ours = new OurClient("HPManager", number, ReadsServer.Sum);
            contestants.Add(ours);
            await AddPeersAsync(contestants, [port, ReadsServer.Sum.ToString("R", CultureInfo.InvariantCulture)], cancellationToken);

            var speeds = contestants.ToDictionary(contestant => contestant, _ => new List<double>());
            var allocated = new List<double>();
            foreach (var contestant in contestants) await contestant.ReadForAsync(WarmUp, cancellationToken);
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var contestant in contestants) speeds[contestant].Add(await contestant.ReadForAsync(Turn, cancellationToken));
                allocated.Add(ours.BytesPerRead);
            }

            var ourSpeed = Statistics.Median(speeds[ours]);
            var peers = contestants.Skip(1).Select(peer => (peer.Name, Speed: Statistics.Median(speeds[peer]))).ToArray();
            var best = peers.Where(peer => peer.Name != Reference).MaxBy(peer => peer.Speed);
            report.AtLeast("reads a second, against the best", ourSpeed, best.Name, best.Speed, Goal);
            foreach (var (name, speed) in peers) report.AtLeast("reads a second", ourSpeed, name, speed);
            report.AtMost("bytes allocated a read", Statistics.Median(allocated), limit: 1);
            return report.ExitCode;
        }
        finally
        {
            foreach (var contestant in contestants) await contestant.DisposeAsync();
        }
    }

    private static async Task AddPeersAsync(List<IContestant> contestants, string[] arguments, CancellationToken cancellationToken)
    {
        var folder = Checkout.PathOf("bench", "peers", "modbus");
        if (!Directory.Exists(Path.Combine(folder, "node_modules"))) await ChildProcess.RunAsync("npm", folder, ["ci"], cancellationToken);
        var libmodbus = await CompileLibmodbusAsync(folder, cancellationToken);

        await Add("jsmodbus", "node", ["jsmodbus_reads.js", .. arguments]);
        await Add("modbus-serial", "node", ["modbus_serial_reads.js", .. arguments]);
        await Add("pymodbus sync", Python, ["pymodbus_reads.py", .. arguments, "sync"]);
        await Add("pymodbus async", Python, ["pymodbus_reads.py", .. arguments, "async"]);
        await Add(Reference, libmodbus, arguments);

        async Task Add(string name, string program, string[] its) =>
            contestants.Add(await PeerProcess.StartAsync(name, program, folder, its, cancellationToken));
    }

    /// <summary>Needs gcc and Debian's libmodbus-dev.</summary>
    private static async Task<string> CompileLibmodbusAsync(string folder, CancellationToken cancellationToken)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "libmodbus_reads");
        await ChildProcess.RunAsync(
            "gcc", folder, ["-O2", "-I/usr/include/modbus", "-o", program, "libmodbus_reads.c", "-lmodbus", "-lm"], cancellationToken);
        return program;
    }
}
