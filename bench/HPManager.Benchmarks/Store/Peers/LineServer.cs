using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using HPManager.Benchmarks.Store.Data;
using HPManager.Tests.Shared;

namespace HPManager.Benchmarks.Store.Peers;

/// <summary>A peer that takes lines over HTTP, in a folder of its own.</summary>
internal abstract class LineServer(string folder) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private PeerProcess? _process;

    public abstract string Name { get; }

    public string Folder => folder;

    public int ProcessId => _process!.Id;

    protected int Port { get; } = FreePort.Next();

    protected HttpClient Http { get; } = new() { Timeout = TimeSpan.FromMinutes(5) };

    protected Uri UriOf(string path) => new($"http://127.0.0.1:{Port}{path}");

    protected abstract string WritePath { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = await StartProcessAsync(cancellationToken);
        await PrepareAsync(cancellationToken);
    }

    public async Task StopAsync()
    {
        if (_process is { } process) await process.DisposeAsync();
        _process = null;
    }

    /// <summary>Sends requests that were made before; returns when the last one is answered.</summary>
    public async Task WriteAsync(IEnumerable<byte[]> bodies, LineSettings settings, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = settings.Connections };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(2) };
        var uri = UriOf(WritePath);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Connections, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(bodies, parallel, async (body, token) =>
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
            if (settings.Packed) content.Headers.ContentEncoding.Add("gzip");
            using var answer = await http.PostAsync(uri, content, token);
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{Name} answers {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(token)}");
        });
    }

    /// <summary>Makes it as small as it gets by itself, and tells how many bytes its folder has then.</summary>
    public abstract Task<long> SettleAsync(CancellationToken cancellationToken);

    /// <summary>Waits until it has all points of some recordings, and nothing else: what was taken may take a moment to be found.</summary>
    /// <exception cref="InvalidOperationException">It has not.</exception>
    public async Task ExpectAsync(IReadOnlyList<Recording> recordings, CancellationToken cancellationToken)
    {
        var expected = recordings.Sum(recording => recording.Points);
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(500, cancellationToken))
        {
            var found = await CountAsync(recordings[0], cancellationToken);
            if (found == expected) return;
            if (found > expected || clock.Elapsed > Patience) throw new InvalidOperationException($"{Name} has {found} points instead of {expected}.");
        }
    }

    public async Task<byte[]> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await Http.GetAsync(UriOf(path), cancellationToken);
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? bytes : throw new InvalidOperationException($"{Name} answers {path} with {(int)answer.StatusCode}: {Encoding.UTF8.GetString(bytes)}");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Http.Dispose();
    }

    /// <summary>How many points it has in the time of a recording.</summary>
    protected abstract Task<long> CountAsync(Recording like, CancellationToken cancellationToken);

    protected abstract Task<PeerProcess> StartProcessAsync(CancellationToken cancellationToken);

    protected virtual Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits until the folder has kept its size for a time.</summary>
    protected async Task<long> StableSizeAsync(TimeSpan quiet, TimeSpan longest, CancellationToken cancellationToken)
    {
        var size = 0L;
        var began = Stopwatch.StartNew();
        var still = Stopwatch.StartNew();
        while (still.Elapsed < quiet && began.Elapsed < longest)
        {
            await Task.Delay(500, cancellationToken);
            var now = DiskFolder.Size(folder);
            if (now != size) still.Restart();
            size = now;
        }

        return size;
    }
}

/// <summary>Folders on the disk.</summary>
internal static class DiskFolder
{
    private const long Block = 512;

    /// <summary>The bytes of all files; of a file with holes, as InfluxDB keeps its names in, those that it occupies.</summary>
    public static long Size(string folder)
    {
        using var find = Process.Start(new ProcessStartInfo("find", [folder, "-type", "f", "-printf", "%s %b\\n"]) { RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException("find did not start.");
        var size = 0L;
        while (find.StandardOutput.ReadLine() is { } line)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            size += Math.Min(long.Parse(line.AsSpan(0, space), CultureInfo.InvariantCulture), Block * long.Parse(line.AsSpan(space + 1), CultureInfo.InvariantCulture));
        }

        find.WaitForExit();
        return size;
    }

    /// <summary>An empty folder for measuring, on the disk of the checkout.</summary>
    public static string Empty(string name)
    {
        var folder = RecordedData.Folder("run", name);
        Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }
}
