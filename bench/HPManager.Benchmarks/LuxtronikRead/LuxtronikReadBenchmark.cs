using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HPManager.Benchmarks.Harness;
using HPManager.Drivers.Luxtronik.Client;

namespace HPManager.Benchmarks.LuxtronikRead;

/// <summary>
/// All three blocks of a Luxtronik controller, connecting and closing included, from a server that holds every answer back by a round trip; every
/// number read is checked. The round trip is measured in the same run, on the smallest exchange there is. Loopback's handshake takes no round trip worth
/// mentioning; on a real network connecting adds one to every read.
/// </summary>
internal static class LuxtronikReadBenchmark
{
    private const int RoundTrips = 3;
    private const double AllowanceMilliseconds = 5;
    private const string Python = "/usr/bin/python3";

    private static readonly (int OneWayMilliseconds, int Reads)[] Cases = [(0, 500), (5, 150), (20, 75)];

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var report = new Report("luxtronik-read");
        Report.Remark(Machine.Describe(TimeProvider.System));
        Report.Remark($"{BlockServer.Parameters} parameters, {BlockServer.Calculations} calculations, {BlockServer.Visibilities} visibilities; connecting and closing included, which loopback does without a round trip");
        foreach (var (oneWay, reads) in Cases)
        {
            await using var server = new BlockServer(TimeSpan.FromMilliseconds(oneWay));
            using var client = new LuxtronikClient(new LuxtronikEndpoint("127.0.0.1", server.Port), TimeProvider.System);
            for (var i = 0; i < 5; i++) await ReadAsync(client, cancellationToken);
            var trips = new List<double>();
            var ours = new List<double>();
            for (var i = 0; i < reads; i++)
            {
                trips.Add(await RoundTripAsync(server.Port, cancellationToken));
                ours.Add(await ReadAsync(client, cancellationToken));
            }

            var separate = await SeparateSendsAsync(server.Port, Math.Min(reads, 50), cancellationToken);
            var trip = Statistics.Median(trips);
            Report.Remark(FormattableString.Invariant($"{oneWay} ms one way: round trip {trip:0.00} ms, ours p50 {Statistics.Median(ours):0.00} ms"));
            report.AtMost(FormattableString.Invariant($"read p95, {oneWay} ms one way, ms"), Statistics.Percentile(ours, 0.95), (RoundTrips * trip) + AllowanceMilliseconds);
            report.Line(
                FormattableString.Invariant($"read p95 beside words sent one by one, {oneWay} ms one way, ms"),
                FormattableString.Invariant($"{Statistics.Percentile(ours, 0.95):0.00}"),
                FormattableString.Invariant($"{Statistics.Percentile(separate, 0.95):0.00} (python)"),
                FormattableString.Invariant($"{Statistics.Percentile(ours, 0.95) / Statistics.Percentile(separate, 0.95):0.00}"),
                "-",
                null);
        }

        return report.ExitCode;
    }

    private static async Task<double> ReadAsync(LuxtronikClient client, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (result, blocks) = await client.ReadAllAsync(cancellationToken);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        if (blocks is null) throw new InvalidOperationException($"The read failed: {result.Detail}");
        var isRight = blocks.Parameters.Length == BlockServer.Parameters && blocks.Calculations.Length == BlockServer.Calculations
            && blocks.Visibilities.Length == BlockServer.Visibilities
            && blocks.Parameters.Index().All(entry => entry.Item == BlockServer.NumberAt(entry.Index))
            && blocks.Calculations.Index().All(entry => entry.Item == BlockServer.NumberAt(entry.Index))
            && blocks.Visibilities.Index().All(entry => entry.Item == entry.Index % 2);
        return isRight ? elapsed.TotalMilliseconds : throw new InvalidOperationException("The read gave wrong numbers.");
    }

    /// <summary>The smallest exchange on an open connection: 12 bytes there, 8 back.</summary>
    private static async Task<double> RoundTripAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        var request = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(request, 3002);
        var answer = new byte[8];
        var started = TimeProvider.System.GetTimestamp();
        await socket.SendAsync(request, cancellationToken);
        for (var have = 0; have < answer.Length;) have += await socket.ReceiveAsync(answer.AsMemory(have), cancellationToken);
        return TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<IReadOnlyList<double>> SeparateSendsAsync(int port, int reads, CancellationToken cancellationToken)
    {
        await using var peer = ChildProcess.Start(
            Python, Checkout.PathOf("bench", "peers", "luxtronik"),
            ["separate_sends.py", port.ToString(CultureInfo.InvariantCulture), reads.ToString(CultureInfo.InvariantCulture)]);
        var times = new List<double>();
        for (var i = 0; i < reads; i++) times.Add(double.Parse(await peer.ReadLineAsync(cancellationToken), CultureInfo.InvariantCulture));
        return times;
    }
}
