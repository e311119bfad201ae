using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace HPManager.Tests.Web.Api;

/// <summary>A client of the hub that speaks SignalR's JSON protocol by hand: records that end with 0x1e over a WebSocket.</summary>
internal sealed class HubConnection : IAsyncDisposable
{
    private const byte RecordEnd = 0x1e;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<JsonNode> _messages = Channel.CreateUnbounded<JsonNode>();
    private readonly Channel<JsonNode> _completions = Channel.CreateUnbounded<JsonNode>();
    private readonly SemaphoreSlim _mayRead = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private Task _reading = Task.CompletedTask;
    private int _calls;
    private int _received;

    /// <summary>Messages that were received and not asked for.</summary>
    public int Waiting => _messages.Reader.Count;

    /// <summary>Messages received since the start or <see cref="Forget"/>.</summary>
    public int Received => Volatile.Read(ref _received);

    public static async Task<HubConnection> OpenAsync(Uri server, string? origin = null)
    {
        var connection = new HubConnection();
        if (!string.IsNullOrEmpty(origin)) connection._socket.Options.SetRequestHeader("Origin", origin);
        using var limit = new CancellationTokenSource(Limit);
        await connection._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/hubs/live" }.Uri, limit.Token);
        await connection.SendAsync("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", await connection.ReadRecordsAsync(limit.Token).FirstAsync(limit.Token));
        connection._reading = connection.ReadAllAsync();
        return connection;
    }

    /// <summary>Invokes a method and waits for its completion.</summary>
    /// <returns>The error; empty when there was none.</returns>
    public async Task<string> CallAsync(string target, string? argument)
    {
        var id = (++_calls).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var message = new JsonObject { ["type"] = 1, ["invocationId"] = id, ["target"] = target, ["arguments"] = new JsonArray(argument) };
        await SendAsync(message.ToJsonString());
        using var limit = new CancellationTokenSource(Limit);
        var completion = await _completions.Reader.ReadAsync(limit.Token);
        Assert.Equal(id, (string)completion["invocationId"]!);
        return (string?)completion["error"] ?? "";
    }

    /// <summary>The next message to the target; others are skipped.</summary>
    public Task<JsonNode> NextAsync(string target) => UntilAsync(target, _ => true);

    /// <summary>The next message to the target for which the condition holds; others are skipped.</summary>
    public async Task<JsonNode> UntilAsync(string target, Func<JsonNode, bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var message = await _messages.Reader.ReadAsync(limit.Token);
            if ((string)message["target"]! == target && condition(message["arguments"]![0]!)) return message["arguments"]![0]!;
        }
    }

    public void Forget()
    {
        while (_messages.Reader.TryRead(out _))
        {
        }

        Volatile.Write(ref _received, 0);
    }

    public void StopReading() => _mayRead.Wait(_stop.Token);

    public void GoOnReading() => _mayRead.Release();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _socket.Dispose();
    }

    private Task SendAsync(string json) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(json + (char)RecordEnd), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private async Task ReadAllAsync()
    {
        try
        {
            await foreach (var record in ReadRecordsAsync(_stop.Token))
            {
                var message = JsonNode.Parse(record)!;
                switch ((int)message["type"]!)
                {
                    case 1:
                        Interlocked.Increment(ref _received);
                        _messages.Writer.TryWrite(message);
                        break;
                    case 3:
                        _completions.Writer.TryWrite(message);
                        break;
                }
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or WebSocketException)
        {
            _messages.Writer.TryComplete(fault);
            _completions.Writer.TryComplete(fault);
        }
    }

    private async IAsyncEnumerable<string> ReadRecordsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var pending = new MemoryStream();
        while (true)
        {
            await _mayRead.WaitAsync(cancellationToken);
            _mayRead.Release();
            var received = await _socket.ReceiveAsync(buffer, cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close) yield break;
            for (var start = 0; start < received.Count;)
            {
                var end = Array.IndexOf(buffer, RecordEnd, start, received.Count - start);
                pending.Write(buffer, start, (end < 0 ? received.Count : end) - start);
                if (end < 0) break;
                yield return Encoding.UTF8.GetString(pending.GetBuffer(), 0, (int)pending.Length);
                pending.SetLength(0);
                start = end + 1;
            }
        }
    }
}
