using System.Diagnostics;
using HPManager.Core.Discovery;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Discovery;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Sockets;
using HPManager.Tests.Drivers.Modbus.Profiles;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit.Abstractions;

namespace HPManager.Tests.Drivers.Discovery;

/// <summary>
/// A search of a real private network with a real broadcast, between two network namespaces that <c>private_network.sh</c> makes and from which there is
/// no way out. This assembly runs as a process in the first one; the devices are scripts that share nothing with the product, in the second.
/// </summary>
public sealed class PrivateNetworkTests(ITestOutputHelper output)
{
    /// <summary>What the process in the namespace is started with.</summary>
    public const string Work = "search-a-private-network";

    private const string Subnet = "10.77.0.0/26";
    private const int Addresses = 62;
    private const int Ports = 3;

    private static readonly string[] Namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
    private static readonly string Tests = Path.Combine(AppContext.BaseDirectory, "Drivers");

    /// <summary>Where namespaces cannot be made (no root, or a container without the right to) it says so and proves nothing; CONTRIBUTING.md tells why that counts as passed.</summary>
    [Fact]
    public async Task Search_PrivateNetwork_CallsByBroadcastAndFindsEveryDevice()
    {
        var (cannot, reason) = await RunAsync([.. Namespaces, "true"]);
        if (cannot != 0)
        {
            output.WriteLine($"Not run: network namespaces cannot be made here. {reason}");
            return;
        }

        var (exit, said) = await RunAsync(
            [.. Namespaces, "sh", Path.Combine(Tests, "Discovery", "Fixtures", "private_network.sh"), "dotnet", typeof(PrivateNetworkTests).Assembly.Location, Work]);

        output.WriteLine(said);
        Assert.True(exit == 0, said);
    }

    /// <summary>What happens in the namespace.</summary>
    internal static async Task SearchAsync()
    {
        AssertThereIsNoWayOut();
        Assert.Equal([Subnet, "10.99.7.0/24"], AddressRange.OfThisMachine().Select(range => range.ToString()).Order(StringComparer.Ordinal));

        await using var controller = await NeighbourAsync(
            "Luxtronik/Fixtures/luxtronik_device.py", Path.Combine(Tests, "Luxtronik", "Fixtures"), "--address", "10.77.0.20", "--port", "8889",
            "--search-port", "4444", "--search-address", "10.77.0.63");
        await using var gateway = await NeighbourAsync(
            "Modbus/Fixtures/register_device.py", Path.Combine(Tests, "Modbus", "Fixtures", "stiebel-isg.csv"), "own", "502", "1", "--address", "10.77.0.30",
            "--model", "WPM3i", "--fill", "0x8000", "--set", "i:5001=391");
        Assert.True(AddressRange.TryParse(Subnet, out var range));
        using var search = NewSearch();

        await AssertFindsAsync(search, range, controller);
        await AssertCanBeCancelledAsync(search, range, controller);
    }

    private static async Task AssertFindsAsync(NetworkSearch search, AddressRange range, Neighbour controller)
    {
        var began = Stopwatch.StartNew();
        Assert.True(search.TryStart([range], out var ended));
        var progress = new List<int> { search.State.Done };
        await Eventually.IsTrue(
            () =>
            {
                progress.Add(search.State.Done);
                return ended.IsCompleted;
            },
            within: TimeSpan.FromMinutes(1));

        Assert.Equal((SearchStatus.Finished, Addresses * Ports, Addresses * Ports), (search.State.Status, search.State.Done, search.State.Total));
        Assert.Equal(progress.Order(), progress);
        Assert.Contains(progress, done => done is > 0 and < Addresses * Ports);
        Assert.True(began.Elapsed > TimeSpan.FromMilliseconds(5) * (Addresses * Ports), $"{Addresses * Ports} places in {began.Elapsed}");

        // The controller hears what is sent to the broadcast address and nothing else, and what answers a call is asked first.
        Assert.Equal(
            [("10.77.0.20", 8889, "luxtronik", "luxtronik_2_1"), ("10.77.0.30", 502, "stiebel_eltron", "wpm_3i")],
            search.State.Found.Select(sighting => (sighting.Address, sighting.Port, sighting.Manufacturer!, sighting.Model!)));
        Assert.All(search.State.Found, sighting => Assert.Equal(Certainty.Certain, sighting.Certainty));
        Assert.Equal(["search 323030303B3131313B313B00"], controller.Said("search"), StringComparer.OrdinalIgnoreCase);
        Assert.All(controller.Said("request"), request => Assert.Contains(" 3004 ", request, StringComparison.Ordinal));
    }

    private static async Task AssertCanBeCancelledAsync(NetworkSearch search, AddressRange range, Neighbour controller)
    {
        var asked = controller.Said("request").Count;
        Assert.True(search.TryStart([range], out var ended));
        await Eventually.IsTrue(() => controller.Said("search").Count == 2);

        search.Cancel();
        await ended.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal((SearchStatus.Cancelled, 0), (search.State.Status, search.State.Done));
        Assert.Equal(asked, controller.Said("request").Count);
    }

    private static NetworkSearch NewSearch()
    {
        var registry = new ManufacturerRegistry(
            [new ModbusManufacturerSource(new ShippedProfiles.SilentDriver(), null, NullLogger<ModbusManufacturerSource>.Instance)]);
        var luxtronik = new LuxtronikProbe(new HostGate(TimeProvider.System), TimeProvider.System);
        return new NetworkSearch(
            [new ModbusProbe(registry, Options.Create(new DiscoveryOptions()), TimeProvider.System), luxtronik], [luxtronik], new MemoryHeatPumpStore(),
            TimeProvider.System, NullLogger<NetworkSearch>.Instance);
    }

    // Destination and gateway are the second and third column; zero is "everywhere" for the one and "none" for the other.
    private static void AssertThereIsNoWayOut() => Assert.All(
        File.ReadAllLines("/proc/net/route").Skip(1).Select(line => line.Split('\t')),
        columns => Assert.True(columns[1] != "00000000" && columns[2] == "00000000", string.Join(' ', columns)));

    private static async Task<(int Exit, string Said)> RunAsync(IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("unshare", arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            try
            {
                var said = await process.StandardOutput.ReadToEndAsync(limit.Token);
                await process.WaitForExitAsync(limit.Token);
                return (process.ExitCode, said + await errors);
            }
            finally
            {
                if (!process.HasExited) process.Kill();
            }
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (-1, missing.Message);
        }
    }

    private static Task<Neighbour> NeighbourAsync(string script, params string[] arguments) =>
        Neighbour.StartAsync(["--net=/run/netns/devices", "/usr/bin/python3", Path.Combine(Tests, script), .. arguments]);

    /// <summary>A script in the other namespace.</summary>
    private sealed class Neighbour : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly List<string> _lines = [];
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _reading;

        private Neighbour(Process process)
        {
            _process = process;
            _reading = ReadAsync();
        }

        public static async Task<Neighbour> StartAsync(IEnumerable<string> arguments)
        {
            var started = new Neighbour(Process.Start(new ProcessStartInfo("nsenter", arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!);
            await started._started.Task.WaitAsync(TimeSpan.FromSeconds(30));
            return started;
        }

        /// <summary>Lines that begin with a word, so far.</summary>
        public IReadOnlyList<string> Said(string word)
        {
            lock (_lines) return [.. _lines.Where(line => line.StartsWith(word, StringComparison.Ordinal))];
        }

        public async ValueTask DisposeAsync()
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            await _reading;
            _process.Dispose();
        }

        private async Task ReadAsync()
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
            {
                lock (_lines) _lines.Add(line);
                _started.TrySetResult();
            }

            _started.TrySetException(new InvalidOperationException("the device did not start"));
        }
    }
}
