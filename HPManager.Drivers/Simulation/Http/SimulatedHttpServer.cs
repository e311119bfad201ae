using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace HPManager.Drivers.Simulation.Http;

/// <summary>A request as a simulated device sees it.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">Without the query.</param>
/// <param name="Query">Behind the question mark, as it came.</param>
/// <param name="Headers">By name, upper and lower case alike.</param>
/// <param name="Body">Text; empty for none.</param>
internal sealed record HttpCall(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>A field of a query or of a form; empty for none.</summary>
    public static string Field(string fields, string name)
    {
        foreach (var pair in fields.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (parts.Length == 2 && parts[0] == name) return Uri.UnescapeDataString(parts[1].Replace('+', ' '));
        }

        return "";
    }
}

/// <summary>What a simulated device answers.</summary>
/// <param name="Status">Status code.</param>
/// <param name="Type">Content type.</param>
/// <param name="Body">Text.</param>
/// <param name="Location">Where to go instead; null for nowhere.</param>
internal sealed record HttpReply(int Status, string Type, string Body, string? Location = null)
{
    public static HttpReply Json(int status, string body) => new(status, "application/json", body);

    public static HttpReply Page(string body) => new(200, "text/html; charset=utf-8", body);

    public static HttpReply Redirect(string location) => new(302, "text/plain", "", location);
}

/// <summary>
/// HTTP/1.1 on a loopback socket, as much of it as a small device speaks: requests with a length, answers with a length, connections that are kept open.
/// Thread-safe.
/// </summary>
internal sealed class SimulatedHttpServer : IAsyncDisposable
{
    private const int LongestHead = 32 * 1024;
    private const int LongestBody = 256 * 1024;

    private readonly LoopbackListener _listener;
    private readonly Func<HttpCall, HttpReply> _answer;

    /// <summary>Listens.</summary>
    /// <param name="port">Port on 127.0.0.1; 0 for a free one.</param>
    /// <param name="answer">What is answered; called by several clients at once.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public SimulatedHttpServer(int port, Func<HttpCall, HttpReply> answer)
    {
        _answer = answer;
        _listener = new LoopbackListener(port, static () => false, ServeAsync);
    }

    /// <summary>Where it listens.</summary>
    public int Port => _listener.Port;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(Socket client, CancellationToken stop)
    {
        var received = new MemoryStream();
        var buffer = new byte[8 * 1024];
        while (true)
        {
            int end;
            while ((end = EndOfHead(received)) < 0)
            {
                if (received.Length > LongestHead || !await ReceiveAsync(client, received, buffer, stop)) return;
            }

            var head = Encoding.ASCII.GetString(received.GetBuffer(), 0, end).Split("\r\n");
            var headers = Headers(head);
            var length = int.TryParse(headers.GetValueOrDefault("content-length", "0"), NumberStyles.None, CultureInfo.InvariantCulture, out var told) ? told : -1;
            var first = head[0].Split(' ');
            if (length is < 0 or > LongestBody || headers.ContainsKey("transfer-encoding") || first.Length != 3) return;
            while (received.Length < end + 4 + length)
            {
                if (!await ReceiveAsync(client, received, buffer, stop)) return;
            }

            var body = Encoding.UTF8.GetString(received.GetBuffer(), end + 4, length);
            received = Rest(received, end + 4 + length);
            var target = first[1].Split('?', 2);
            var reply = _answer(new HttpCall(first[0], target[0], target.Length > 1 ? target[1] : "", headers, body));
            await client.SendAsync(Bytes(reply), SocketFlags.None, stop);
        }
    }

    private static async Task<bool> ReceiveAsync(Socket client, MemoryStream received, byte[] buffer, CancellationToken stop)
    {
        var count = await client.ReceiveAsync(buffer, SocketFlags.None, stop);
        received.Position = received.Length;
        await received.WriteAsync(buffer.AsMemory(0, count), stop);
        return count > 0;
    }

    private static int EndOfHead(MemoryStream received) => received.GetBuffer().AsSpan(0, (int)received.Length).IndexOf("\r\n\r\n"u8);

    private static MemoryStream Rest(MemoryStream received, int from)
    {
        var rest = new MemoryStream();
        rest.Write(received.GetBuffer(), from, (int)received.Length - from);
        return rest;
    }

    private static Dictionary<string, string> Headers(string[] head)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in head.Skip(1))
        {
            var parts = line.Split(':', 2);
            if (parts.Length == 2) headers[parts[0].Trim()] = parts[1].Trim();
        }

        return headers;
    }

    private static byte[] Bytes(HttpReply reply)
    {
        var body = Encoding.UTF8.GetBytes(reply.Body);
        var location = reply.Location is { } target ? $"Location: {target}\r\n" : "";
        var head = string.Create(
            CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.Status} Answer\r\nContent-Type: {reply.Type}\r\nContent-Length: {body.Length}\r\nCache-Control: no-store\r\n{location}\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}
