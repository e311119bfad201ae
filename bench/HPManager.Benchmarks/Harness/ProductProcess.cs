using System.Net.Http.Json;

namespace HPManager.Benchmarks.Harness;

/// <summary>The product as a process of its own, on a free port, with its files in a folder of the benchmark's.</summary>
internal sealed class ProductProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _draining;

    private ProductProcess(ChildProcess process, Uri address)
    {
        (_process, Address) = (process, address);
        Client = new HttpClient { BaseAddress = address };

        // A log that nobody reads would stop the product when the pipe is full.
        _draining = process.DrainAsync(_end.Token);
    }

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>A client of its REST.</summary>
    public HttpClient Client { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it, as it was built with <c>-c Release</c> and as its unit and image do, and waits until it answers.</summary>
    public static async Task<ProductProcess> StartAsync(string dataFolder, CancellationToken cancellationToken)
    {
        var program = Checkout.PathOf("HPManager.Web", "bin", "Release", "net10.0", "HPManager.Web.dll");
        var process = ChildProcess.Start("env", dataFolder, "MALLOC_ARENA_MAX=1", "dotnet", program, "--Server:Port=0", $"--Storage:DataFolder={dataFolder}");
        try
        {
            return new ProductProcess(process, await AddressOfAsync(process, cancellationToken));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Configures a device of <see cref="BenchProfile"/> on this machine.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="model">Key of its model.</param>
    /// <param name="port">Its port.</param>
    /// <param name="seconds">How often it is polled.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task AddAsync(string name, string model, int port, int seconds, CancellationToken cancellationToken)
    {
        using var answer = await Client.PostAsJsonAsync(
            "/api/heatpumps",
            new { name, manufacturer = BenchProfile.Manufacturer, model, interval = seconds, connection = new { kind = "modbus_tcp", host = "127.0.0.1", port } },
            cancellationToken);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _draining;
        Client.Dispose();
        await _process.DisposeAsync();
        _end.Dispose();
    }

    private static async Task<Uri> AddressOfAsync(ChildProcess process, CancellationToken cancellationToken)
    {
        const string Sign = "HPManager is at ";
        while (true)
        {
            var line = await process.ReadLineAsync(cancellationToken);
            var at = line.IndexOf(Sign, StringComparison.Ordinal);
            if (at >= 0) return new Uri(line[(at + Sign.Length)..].Trim());
        }
    }
}
