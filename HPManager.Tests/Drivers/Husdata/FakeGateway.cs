using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HPManager.Tests.Drivers.Husdata;

/// <summary>
/// A gateway's HTTP interface, written from the protocol page and from nothing of ours: /api/alldata, /api/set as the maker's open firmware does it, /status.
/// </summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _values = [];
    private readonly List<(int DueRead, string Index, string Value)> _pending = [];
    private readonly Task _accepting;
    private int _reads;

    public FakeGateway(string? values = null)
    {
        _listener.Start();
        if (values is not null) Set(values);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Paths and queries in the order they came.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>0 off, 1 read only, 2 read and write, as API_ENABLED.</summary>
    public int Api { get; set; } = 2;

    /// <summary>The answer to /status; null for none.</summary>
    public string? Status { get; set; }

    /// <summary>How many reads still see the old value after a write.</summary>
    public int ReadsUntilWritten { get; set; }

    /// <summary>What a written word becomes before it is served; by index.</summary>
    public Func<string, int, int> Serves { get; set; } = (_, word) => word;

    /// <summary>The whole answer to a path, headers included, instead of the usual one; null for the usual one.</summary>
    public Func<string, byte[]?> Instead { get; set; } = _ => null;

    /// <summary>What happens to a connection instead of everything else; false for the usual.</summary>
    public Func<Socket, CancellationToken, Task<bool>>? Script { get; set; }

    public IEnumerable<string> Writes => Requests.Where(request => request.StartsWith("/api/set", StringComparison.Ordinal));

    /// <summary>Sets values, written as in JSON without its braces: <c>"0001":224,"0007":-26</c>.</summary>
    public void Set(string members)
    {
        lock (_gate)
        {
            foreach (var member in members.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = member.Split(':', 2);
                _values[parts[0].Trim().Trim('"')] = parts[1].Trim();
            }
        }
    }

    public void Clear()
    {
        lock (_gate) _values.Clear();
    }

    public string? Value(string index)
    {
        lock (_gate) return _values.GetValueOrDefault(index);
    }

    public static byte[] Answer(string status, string body, string mediaType = "text/plain", string extra = "") =>
        Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: {mediaType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{extra}Connection: close\r\n\r\n{body}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        try
        {
            if (Script is { } script && await script(socket, _stop.Token)) return;
            var text = new StringBuilder();
            var buffer = new byte[2048];
            while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                var count = await socket.ReceiveAsync(buffer, _stop.Token);
                if (count == 0) return;
                text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }

            var line = text.ToString().Split("\r\n")[0].Split(' ');
            Requests.Enqueue(line[1]);
            await socket.SendAsync(Instead(line[1]) ?? Respond(line[1]), _stop.Token);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client or the test went away.
        }
    }

    private byte[] Respond(string path)
    {
        if (path == "/status" && Status is { } status) return Answer("200 OK", status, "application/json");
        if (Api == 0) return Answer("404 Not Found", "Not found");
        if (path == "/api/alldata") return Answer("200 OK", AllData());
        if (!path.StartsWith("/api/set", StringComparison.Ordinal)) return Answer("404 Not Found", "Not found");
        if (Api < 2) return Answer("404 Not Found", "Not found");
        var query = path.Contains('?', StringComparison.Ordinal) ? path[(path.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&') : [];
        if (query.Length != 2) return Answer("200 OK", """{"response":"err"}""");
        if (!query[0].StartsWith("idx=", StringComparison.Ordinal) || !query[1].StartsWith("val=", StringComparison.Ordinal)) return Answer("200 OK", """{"response":"Format error"}""");
        var (index, value) = (query[0][4..], query[1][4..]);
        if (index.Length != 4 || value.Length == 0) return Answer("200 OK", """{"response":{"Format error"}""");
        var word = (int)double.Parse(value, CultureInfo.InvariantCulture);
        lock (_gate)
        {
            var served = Serves(index, (short)word).ToString(CultureInfo.InvariantCulture);
            if (ReadsUntilWritten == 0) _values[index] = served;
            else _pending.Add((_reads + ReadsUntilWritten, index, served));
        }

        return Answer("200 OK", """{"response":"Ok"}""");
    }

    private string AllData()
    {
        lock (_gate)
        {
            foreach (var due in _pending.Where(pending => pending.DueRead <= _reads)) _values[due.Index] = due.Value;
            _pending.RemoveAll(pending => pending.DueRead <= _reads);
            _reads++;
            return $"{{{string.Join(',', _values.Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}";
        }
    }
}
