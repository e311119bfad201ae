using System.Globalization;
using HPManager.Benchmarks.Harness;

namespace HPManager.Benchmarks.Push;

/// <summary>
/// From the wire to a browser: a device whose register is the time at which it is read, the product as a process of its own, and 50 clients of its hub.
/// What a client receives tells how long ago the device said it.
/// </summary>
internal static class PushBenchmark
{
    private const int Clients = 50;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var measured = TimeSpan.FromSeconds(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60);
        var report = new Report("push");
        Report.Remark(Machine.Describe(TimeProvider.System));
        var data = Directory.CreateTempSubdirectory("hpmanager-push-");
        try
        {
            await using var device = ClockDevice.Start();
            ClockDevice.WriteProfile(Path.Combine(data.FullName, "profiles"));
            await using var product = await ProductProcess.StartAsync(data.FullName, cancellationToken);
            await product.AddAsync("Clock", ClockDevice.Model, device.Port, seconds: 1, cancellationToken);
            var samples = await ListenAsync(product.Address, device, measured, cancellationToken);
            Report.Remark($"{samples.Count} messages to {Clients} clients in {measured.TotalSeconds:0} s");
            report.AtMost("wire to hub client p99, ms", Statistics.Percentile(samples, 0.99), 100);
            report.AtMost("wire to hub client median, ms", Statistics.Median(samples), 100);
            report.AtMost("messages missing", Math.Max(0, (Clients * (measured.TotalSeconds - 2)) - samples.Count), 0);
            return report.ExitCode;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<List<double>> ListenAsync(Uri address, ClockDevice device, TimeSpan measured, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var clients = Enumerable.Range(0, Clients).Select(_ => new HubClient(address, device)).ToList();
        var listening = clients.ConvertAll(client => client.ListenAsync(end.Token));
        await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);
        clients.ForEach(client => client.Begin());
        await Task.Delay(measured, cancellationToken);
        clients.ForEach(client => client.Finish());
        await end.CancelAsync();
        await Task.WhenAll(listening);
        return [.. clients.SelectMany(client => client.LatenciesMs)];
    }
}
