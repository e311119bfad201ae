using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace HPManager.Drivers.Simulation.Husdata;

/// <summary>
/// A Husdata gateway's HTTP interface on a real loopback socket, as the maker's open firmware answers: whatever is written is said Ok to. Written apart from
/// the client, names included, so that a mistake there is found here. Thread-safe.
/// </summary>
public sealed class SimulatedHusdataGateway : ISimulatedServer
{
    private const int MaxRequest = 4096;
    private const string Plain = "text/plain";

    private readonly IGatewayBank _bank;
    private readonly TimeProvider _time;
    private readonly LoopbackListener _listener;
    private long _requests;

    private SimulatedHusdataGateway(IGatewayBank bank, TimeProvider time, int port)
    {
        _bank = bank;
        _time = time;
        _listener = new LoopbackListener(port, () => Faults.OneClientOnly, ServeAsync);
    }

    /// <inheritdoc/>
    public int Port => _listener.Port;

    /// <summary>Faults on demand.</summary>
    public GatewayFaults Faults { get; } = new();

    /// <summary>Requests understood so far.</summary>
    public long RequestCount => Interlocked.Read(ref _requests);

    /// <summary>Starts a gateway.</summary>
    /// <param name="bank">What it serves.</param>
    /// <param name="time">Clock of the delays.</param>
    /// <param name="port">Port on 127.0.0.1; 0 for a free one.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static SimulatedHusdataGateway Start(IGatewayBank bank, TimeProvider time, int port = 0) => new(bank, time, port);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(Socket client, CancellationToken stop)
    {
        if (await ReadRequestAsync(client, stop) is not { } target) return;
        Interlocked.Increment(ref _requests);
        if (Faults.Delay is { Ticks: > 0 } delay) await Task.Delay(delay, _time, stop);
        switch (Faults.Fault)
        {
            case GatewayFault.Silence:
                await client.ReceiveAsync(new byte[1], stop);
                return;
            case GatewayFault.Reset:
                client.LingerState = new LingerOption(enable: true, seconds: 0);
                return;
        }

        var answer = Answer(target);
        if (Faults.Fault == GatewayFault.TruncatedAnswer) answer = answer[..^4];
        await SendAsync(client, answer, stop);
        while (Faults.Fault == GatewayFault.Endless) await SendAsync(client, answer, stop);
        client.Shutdown(SocketShutdown.Send);
    }

    // The target of a GET; null when the client left, or asked something that no gateway understands.
    private static async Task<string?> ReadRequestAsync(Socket client, CancellationToken stop)
    {
        var buffer = new byte[MaxRequest];
        for (var have = 0; have < buffer.Length;)
        {
            var count = await client.ReceiveAsync(buffer.AsMemory(have), SocketFlags.None, stop);
            if (count == 0) return null;
            have += count;
            var text = Encoding.ASCII.GetString(buffer, 0, have);
            if (!text.Contains("\r\n\r\n", StringComparison.Ordinal)) continue;
            var words = text[..text.IndexOf('\r', StringComparison.Ordinal)].Split(' ');
            return words is ["GET", var target, _] ? target : "";
        }

        return null;
    }

    private byte[] Answer(string target)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        var fault = Faults.Fault;
        if (path == "/" || fault == GatewayFault.WebPage) return Response("200 OK", "text/html", WebPage());
        if (path == "/status") return Response("200 OK", Plain, Status());
        if (fault == GatewayFault.ApiOff) return NotFound();
        return path switch
        {
            "/api/alldata" => Response("200 OK", Plain, AllData(fault)),
            "/api/set" when fault != GatewayFault.ReadOnly => Response("200 OK", Plain, Set(question < 0 ? [] : target[(question + 1)..].Split('&'), fault)),
            _ => NotFound(),
        };
    }

    private string Status() => $"{{\"status\":{{\"H1ver\":\"{_bank.InterfaceType}10.184\",\"powersum\":0}},\"config\":{{\"ROOM_CTRL\":\"1\"}}}}";

    private string AllData(GatewayFault fault)
    {
        if (fault == GatewayFault.NoData) return "{}";
        var members = _bank.Read().Select(entry => string.Create(
            CultureInfo.InvariantCulture, $"\"{entry.Key}\":{(fault == GatewayFault.OnlyZeros ? 0 : entry.Value)}"));
        return $"{{{string.Join(',', members)}}}";
    }

    private string Set(string[] parameters, GatewayFault fault)
    {
        if (parameters.Length != 2) return """{"response":"err"}""";
        if (!parameters[0].StartsWith("idx=", StringComparison.Ordinal) || !parameters[1].StartsWith("val=", StringComparison.Ordinal))
            return """{"response":"Format error"}""";
        var (index, value) = (parameters[0][4..], parameters[1][4..]);

        // The brace too many is the firmware's.
        if (index.Length != 4 || value.Length == 0) return """{"response":{"Format error"}""";
        _ = float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        if (fault != GatewayFault.ForgetsWrites) _bank.Write(index, unchecked((short)(int)number));
        return """{"response":"Ok"}""";
    }

    private string WebPage()
    {
        var rows = _bank.Read().Select(entry => string.Create(CultureInfo.InvariantCulture, $"<tr><td>{entry.Key}</td><td>{entry.Value}</td></tr>"));
        return $"<!DOCTYPE html><html><head><title>H60</title></head><body><table>{string.Concat(rows)}</table></body></html>";
    }

    private static byte[] NotFound() => Response("404 Not Found", Plain, "Not found");

    private static byte[] Response(string status, string mediaType, string body) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Type: {mediaType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"));

    private static async Task SendAsync(Socket client, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (!bytes.IsEmpty) bytes = bytes[await client.SendAsync(bytes, SocketFlags.None, stop)..];
    }
}
