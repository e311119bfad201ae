using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;

namespace HPManager.Tests.Drivers.Luxtronik.Fixtures;

/// <summary>
/// Runs <c>luxtronik_device.py</c>: a controller written from the protocol page alone, filled from tables that no code of the product reads. The
/// script says what it can be told; what it saw is kept here in order.
/// </summary>
internal sealed class LuxtronikDevice : IAsyncDisposable
{
    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Drivers", "Luxtronik", "Fixtures");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Channel<string> _done = Channel.CreateUnbounded<string>();
    private readonly List<string> _events = [];
    private readonly SemaphoreSlim _telling = new(1);
    private readonly Task _reading;

    private LuxtronikDevice(Process process, JsonElement started)
    {
        _process = process;
        Port = started.GetProperty("port").GetInt32();
        OldPort = started.TryGetProperty("oldPort", out var old) ? old.GetInt32() : 0;
        SearchPort = started.TryGetProperty("searchPort", out var search) ? search.GetInt32() : 0;
        Expected = started.GetProperty("expected");
        Sizes = started.GetProperty("sizes");
        _reading = ReadEventsAsync();
    }

    public int Port { get; }

    /// <summary>The second port, when started with <c>--old-port</c>.</summary>
    public int OldPort { get; }

    /// <summary>Where it answers the search, when started with <c>--search-port</c>.</summary>
    public int SearchPort { get; }

    /// <summary>What a reader must find: <c>parameters</c>, <c>calculations</c> and <c>visibilities</c>, by key, decoded by the device.</summary>
    public JsonElement Expected { get; }

    /// <summary>Entries of each block.</summary>
    public JsonElement Sizes { get; }

    /// <summary>What happened so far, in order, as the script words it; <see cref="TellAsync"/> <c>ping</c> makes it complete.</summary>
    public IReadOnlyList<string> Events
    {
        get
        {
            lock (_events) return [.. _events];
        }
    }

    /// <summary>Every request so far: its command, then its other words.</summary>
    public IReadOnlyList<int[]> Requests => [.. Of("request").Select(words => words[1..].Select(Number).ToArray())];

    /// <summary>Starts it with options of the script.</summary>
    public static async Task<LuxtronikDevice> StartAsync(params string[] options)
    {
        var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Path.Combine(Fixtures, "luxtronik_device.py"), Fixtures, .. options])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("python3 did not start");
        if (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } started)
            return new LuxtronikDevice(process, JsonDocument.Parse(started).RootElement);
        var error = await process.StandardError.ReadToEndAsync();
        process.Dispose();
        throw new InvalidOperationException($"The device did not start: {error}");
    }

    /// <summary>Tells it a line, and waits until that is done and everything that happened before is in <see cref="Events"/>.</summary>
    /// <returns>What it tells back; empty for most.</returns>
    public async Task<string> TellAsync(string line)
    {
        await _telling.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
            return await _done.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        }
        finally
        {
            _telling.Release();
        }
    }

    /// <summary>A raw entry as it is now.</summary>
    public async Task<int> GetAsync(string block, int index) => Number(await TellAsync($"get {block} {index.ToString(CultureInfo.InvariantCulture)}"));

    /// <summary>Changes a raw entry.</summary>
    public Task SetAsync(string block, int index, int raw) => TellAsync(string.Create(CultureInfo.InvariantCulture, $"set {block} {index} {raw}"));

    /// <summary>The words of every event of a kind, without the kind.</summary>
    public IEnumerable<string[]> Of(string kind) => Events.Select(line => line.Split(' ')).Where(words => words[0] == kind).Select(words => words[1..]);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        _telling.Dispose();
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private async Task ReadEventsAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("done", StringComparison.Ordinal))
            {
                _done.Writer.TryWrite(line["done".Length..].TrimStart());
                continue;
            }

            lock (_events) _events.Add(line);
        }

        _done.Writer.Complete(new InvalidOperationException("The device ended: " + await _process.StandardError.ReadToEndAsync()));
    }
}
