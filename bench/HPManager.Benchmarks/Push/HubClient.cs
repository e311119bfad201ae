using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace HPManager.Benchmarks.Push;

/// <summary>A client of the live hub that speaks SignalR's JSON protocol by hand: records that end with 0x1E.</summary>
internal sealed class HubClient(Uri server, ClockDevice device)
{
    private const byte RecordEnd = 0x1E;
    private readonly List<double> _latencies = [];
    private volatile bool _measuring;

    public IReadOnlyList<double> LatenciesMs => _latencies;

    public void Begin() => _measuring = true;

    public void Finish() => _measuring = false;

    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/hubs/live" }.Uri, cancellationToken);
        await SendAsync(socket, """{"protocol":"json","version":1}""", cancellationToken);
        await SendAsync(socket, """{"type":1,"target":"Subscribe","arguments":[null]}""", cancellationToken);
        var buffer = new byte[64 * 1024];
        var filled = 0;
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(filled), cancellationToken);
                var now = device.NowTenths;
                filled += received.Count;
                int end;
                while ((end = buffer.AsSpan(0, filled).IndexOf(RecordEnd)) >= 0)
                {
                    Take(buffer.AsSpan(0, end), now);
                    buffer.AsSpan(end + 1, filled - end - 1).CopyTo(buffer);
                    filled -= end + 1;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the run.
        }
    }

    private static async Task SendAsync(ClientWebSocket socket, string record, CancellationToken cancellationToken) => await socket.SendAsync(
        (byte[])[.. Encoding.UTF8.GetBytes(record), RecordEnd], WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    private void Take(ReadOnlySpan<byte> record, double now)
    {
        if (!_measuring || record.IndexOf("\"Snapshot\""u8) < 0) return;
        var reader = new Utf8JsonReader(record);
        using var message = JsonDocument.ParseValue(ref reader);
        foreach (var reading in message.RootElement.GetProperty("arguments")[0].GetProperty("readings").EnumerateArray())
        {
            if (reading.GetProperty("key").GetString() == "clock") _latencies.Add((now - reading.GetProperty("value").GetDouble()) / 10);
        }
    }
}
