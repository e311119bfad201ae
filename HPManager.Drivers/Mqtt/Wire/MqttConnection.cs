using System.Net.Sockets;
using HPManager.Drivers.Mqtt.Packets;
using HPManager.Drivers.Sockets;

namespace HPManager.Drivers.Mqtt.Wire;

/// <summary>
/// One session of bytes with a broker, from CONNECT to the end. Packets may be sent from any thread; they go out in the order in which they were given.
/// Any doubt ends it, and the first reason is kept.
/// </summary>
internal sealed class MqttConnection : IAsyncDisposable
{
    // What the broker has sent before it went away is still read when sending fails: an acknowledgement may be among it, without which a message would
    // be sent a second time.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    private readonly Stream _stream;
    private readonly MqttClientOptions _options;
    private readonly TimeProvider _time;
    private readonly PacketBuffer _received;
    private readonly SendBuffer _sending;

    // Not disposed, because anybody may still end a connection that has ended; cancelled, it holds nothing.
    private readonly CancellationTokenSource _stop;

    private readonly Lock _lock = new();
    private MqttResult _reason;
    private long _pingSentAt;
    private bool _isPingUnderWay;

    public MqttConnection(Stream stream, MqttClientOptions options, TimeProvider time)
    {
        _stream = stream;
        _options = options;
        _time = time;
        _received = new PacketBuffer(options.MaxPacketBytes);
        _sending = new SendBuffer(options.MaxWaitingBytes);
        _stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>Asks the broker to be let in.</summary>
    /// <returns>Whether it did, and whether it has kept the session.</returns>
    public async Task<(MqttResult Result, bool HasSession)> ShakeHandsAsync(ReadOnlyMemory<byte> connect, CancellationToken cancellationToken)
    {
        using var deadline = new RequestDeadline(_time);
        var token = deadline.Start(_options.AnswerTimeout, cancellationToken);
        try
        {
            await _stream.WriteAsync(connect, token);
            while (true)
            {
                var step = _received.Next(out var first, out var body);
                if (step == PacketStep.Whole && ServerPackets.TypeOf(first) == PacketType.ConnAck)
                    return (ServerPackets.ReadConnAck(body, out var hasSession), hasSession);
                if (step == PacketStep.Whole) return (new MqttResult(MqttFault.NotMqtt, "the first packet is no CONNACK"), false);
                if (step == PacketStep.Wrong) return (new MqttResult(MqttFault.NotMqtt, _received.Failure.Detail), false);
                var count = await _stream.ReadAsync(_received.Space(), token);
                if (count == 0) return (new MqttResult(MqttFault.ConnectionLost, "the broker closed it before it answered CONNECT"), false);
                _received.Take(count);
            }
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (new MqttResult(MqttFault.NoAnswer, "no whole answer to CONNECT in time"), false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return (Lost(e), false);
        }
    }

    /// <summary>Reads, writes and asks for signs of life until the connection ends.</summary>
    /// <returns>Why it ended.</returns>
    public async Task<MqttResult> RunAsync(IPacketHandler handler)
    {
        var writing = WriteAsync();
        var pinging = PingAsync(handler);
        End(await ReadAsync(handler));
        _sending.Close();
        await writing;
        await pinging;
        return _reason;
    }

    /// <summary>Sends a packet, whole or not at all.</summary>
    public bool TrySend(ReadOnlySpan<byte> packet) => _sending.TryAdd(packet);

    /// <summary>Ends the connection; the first reason given counts.</summary>
    public void End(MqttResult reason)
    {
        lock (_lock)
        {
            if (_reason.IsSuccess) _reason = reason;
        }

        _stop.Cancel();
    }

    /// <summary>Says goodbye behind what is still to be sent, so that the broker does not publish the will.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (_reason.IsSuccess) _reason = new MqttResult(MqttFault.Closed, "ended here");
        }

        _sending.TryAdd(PacketWriter.Disconnect);
        _sending.Close();
        _stop.CancelAfter(DrainLimit);
    }

    /// <summary>Asks for a sign of life now, unless one is on its way.</summary>
    public void Ping(IPacketHandler handler)
    {
        lock (_lock)
        {
            if (_isPingUnderWay) return;
            _isPingUnderWay = true;
            _pingSentAt = _time.GetTimestamp();
            handler.OnPingSent();
            if (!_sending.TryAdd(PacketWriter.PingReq)) _isPingUnderWay = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _stream.DisposeAsync();
    }

    private async Task<MqttResult> ReadAsync(IPacketHandler handler)
    {
        try
        {
            var at = _time.GetUtcNow();
            while (true)
            {
                while (true)
                {
                    var step = _received.Next(out var first, out var body);
                    if (step == PacketStep.Incomplete) break;
                    if (step == PacketStep.Wrong) return _received.Failure;
                    var result = ServerPackets.TypeOf(first) == PacketType.PingResp ? TakePingResp(handler) : handler.Take(first, body, at);
                    if (!result.IsSuccess) return result;
                    if (_stop.IsCancellationRequested) return _reason;
                }

                var count = await _stream.ReadAsync(_received.Space(), _stop.Token);
                if (count == 0) return new MqttResult(MqttFault.ConnectionLost, "the broker closed it");
                _received.Take(count);
                at = _time.GetUtcNow();
            }
        }
        catch (OperationCanceledException)
        {
            return _reason;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            return Lost(e);
        }
    }

    private MqttResult TakePingResp(IPacketHandler handler)
    {
        lock (_lock)
        {
            if (!_isPingUnderWay) return new MqttResult(MqttFault.WrongPacket, "a PINGRESP that nobody asked for");
            _isPingUnderWay = false;
        }

        handler.OnPingAnswered();
        return default;
    }

    private async Task WriteAsync()
    {
        using var deadline = new RequestDeadline(_time);
        try
        {
            while (true)
            {
                var bytes = await _sending.TakeAsync(_stop.Token);
                if (bytes.IsEmpty)
                {
                    if (_stop.IsCancellationRequested) return;
                    await ShutDownAsync();
                    return;
                }

                try
                {
                    await _stream.WriteAsync(bytes, deadline.Start(_options.AnswerTimeout, _stop.Token));
                }
                catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
                {
                    End(new MqttResult(MqttFault.NotTakenIn, "it took no bytes in time"));
                    return;
                }
                finally
                {
                    deadline.Stop();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The connection has ended.
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            lock (_lock)
            {
                if (_reason.IsSuccess) _reason = Lost(e);
            }

            _sending.Close();
            _stop.CancelAfter(DrainLimit);
        }
    }

    private Task ShutDownAsync() => _stream is System.Net.Security.SslStream encrypted ? encrypted.ShutdownAsync() : ShutDownPlainAsync();

    private Task ShutDownPlainAsync()
    {
        if (_stream is NetworkStream plain) plain.Socket.Shutdown(SocketShutdown.Send);
        return Task.CompletedTask;
    }

    private async Task PingAsync(IPacketHandler handler)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.KeepAlive * 0.75, _time, _stop.Token);
                Ping(handler);
                while (true)
                {
                    TimeSpan left;
                    lock (_lock)
                    {
                        if (!_isPingUnderWay) break;
                        left = _options.AnswerTimeout - _time.GetElapsedTime(_pingSentAt);
                    }

                    if (left <= TimeSpan.Zero)
                    {
                        End(new MqttResult(MqttFault.NoAnswer, "no answer to PINGREQ in time"));
                        return;
                    }

                    await Task.Delay(left, _time, _stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The connection has ended.
        }
    }

    private static MqttResult Lost(Exception e) => new(MqttFault.ConnectionLost, (e.InnerException ?? e).Message.TrimEnd('.'));
}
