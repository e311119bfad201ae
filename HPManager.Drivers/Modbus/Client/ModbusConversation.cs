using System.Net.Sockets;
using System.Runtime.CompilerServices;
using HPManager.Drivers.Modbus.Client.Framing;
using HPManager.Drivers.Modbus.Client.Wire;
using HPManager.Drivers.Sockets;

namespace HPManager.Drivers.Modbus.Client;

/// <summary>
/// Question and answer over one wire, one at a time: opens the wire when it is needed, keeps the limits of time, and closes it
/// on doubt. Knows nothing of registers. The owner sees to it that calls do not overlap; counters and <see cref="IsOpen"/> may
/// be read from any thread.
/// </summary>
internal sealed class ModbusConversation(ModbusEndpoint endpoint, IModbusWire wire, IModbusFraming framing, TimeProvider time) : IAsyncDisposable
{
    /// <summary>More than the longest frame of any transport (260), so that surplus bytes are seen and not left behind.</summary>
    private const int BufferLength = 512;

    private readonly TimeSpan _silenceAfterFailure =
        framing.NumbersAnswers || endpoint.Silence > endpoint.RequestTimeout ? endpoint.Silence : endpoint.RequestTimeout;

    private readonly RequestDeadline _deadline = new(time);
    private readonly LineSilence _lineSilence = new(time);
    private readonly byte[] _sent = new byte[BufferLength];
    private readonly byte[] _received = new byte[BufferLength];
    private long _requestCount;
    private long _bytesSent;
    private long _bytesReceived;

    public bool IsOpen => wire.IsOpen;

    public long RequestCount => Interlocked.Read(ref _requestCount);

    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    /// <summary>Where the protocol data unit of the next request is written.</summary>
    public Span<byte> RequestPdu => _sent.AsSpan(framing.HeaderLength);

    public ReadOnlySpan<byte> AnswerPdu(int length) => _received.AsSpan(framing.HeaderLength, length);

    /// <summary>Sends the request whose data unit stands at <see cref="RequestPdu"/>; after a success <see cref="AnswerPdu"/> holds the answer.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ModbusResult> ExchangeAsync(ExpectedAnswer expected, int pduLength, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _requestCount);
        var received = 0;
        try
        {
            var ready = await MakeReadyAsync(cancellationToken);
            if (!ready.IsSuccess) return ready;

            var deadline = _deadline.Start(endpoint.RequestTimeout, cancellationToken);
            var length = framing.Seal(_sent, expected.Unit, pduLength);
            for (var sent = 0; sent < length;) sent += await wire.SendAsync(_sent.AsMemory(sent, length - sent), deadline);
            Interlocked.Add(ref _bytesSent, length);

            if (endpoint.Line is { HasEcho: true } && await SkipEchoAsync(length, deadline) is { IsSuccess: false } notEchoed) return notEchoed;
            FrameVerdict verdict;
            do
            {
                var count = await wire.ReceiveAsync(_received.AsMemory(received), deadline);
                if (count == 0) return Doubt(ModbusResult.Failed(ModbusFault.ConnectionLost, $"the device closed the connection {After(received)}"));
                received += count;
                Interlocked.Add(ref _bytesReceived, count);
                verdict = framing.Judge(_received.AsSpan(0, received), expected);
            }
            while (verdict.IsIncomplete);

            if (!verdict.Fault.IsSuccess) return Doubt(verdict.Fault);
            var result = ModbusPdu.Judge(RequestPdu[..pduLength], AnswerPdu(verdict.PduLength));
            if (!result.IsSuccess && !result.IsDeviceException) return Doubt(result);
            _lineSilence.Begin(endpoint.Silence);
            return result;
        }
        catch (OperationCanceledException)
        {
            var timedOut = Doubt(ModbusResult.Failed(
                ModbusFault.Timeout, $"no whole answer within {(long)endpoint.RequestTimeout.TotalMilliseconds} ms, silence {After(received)}"));
            cancellationToken.ThrowIfCancellationRequested();
            return timedOut;
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // Only datagrams are refused this late: a connection would have been before.
            var fault = e is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? ModbusFault.ConnectionRefused : ModbusFault.ConnectionLost;
            return Doubt(ModbusResult.Failed(fault, $"the connection broke {After(received)}: {e.Message}"));
        }
        finally
        {
            _deadline.Stop();
        }
    }

    public void Close() => wire.Close();

    public async ValueTask DisposeAsync()
    {
        await wire.DisposeAsync();
        _deadline.Dispose();
        _lineSilence.Dispose();
    }

    /// <summary>An open wire on which nothing waits: what does wait answers no request of ours.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ModbusResult> MakeReadyAsync(CancellationToken cancellationToken)
    {
        var idle = WireIdle.Quiet;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (!wire.IsOpen)
            {
                var opened = await wire.OpenAsync(cancellationToken);
                if (!opened.IsSuccess) return opened;
            }

            await _lineSilence.WaitAsync(cancellationToken);
            idle = wire.PeekIdle();
            if (idle == WireIdle.Quiet) return ModbusResult.Success;
            if (idle == WireIdle.BytesWaiting && attempt > 0) return await RefuseGreetingAsync(cancellationToken);
            wire.Close();
            if (idle == WireIdle.BytesWaiting) _lineSilence.Begin(endpoint.Silence);
        }

        return ModbusResult.Failed(ModbusFault.ConnectionLost, "the device closes every new connection at once; it may be serving another client");
    }

    // What speaks first on a new connection is another protocol, and often says which.
    private async ValueTask<ModbusResult> RefuseGreetingAsync(CancellationToken cancellationToken)
    {
        var count = await wire.ReceiveAsync(_received, cancellationToken);
        var greeting = _received.AsSpan(0, count);
        var detail = ForeignProtocol.IsText(greeting) ? ForeignProtocol.Describe(greeting) : "bytes arrive on a new connection that nobody asked for";
        wire.Close();
        _lineSilence.Begin(endpoint.Silence);
        return ModbusResult.Failed(ModbusFault.NotModbus, detail);
    }

    // Exactly as many bytes as were sent, and the same ones: an answer that begins in the same packet is left for the caller.
    private async ValueTask<ModbusResult> SkipEchoAsync(int length, CancellationToken deadline)
    {
        for (var echoed = 0; echoed < length;)
        {
            var count = await wire.ReceiveAsync(_received.AsMemory(echoed, length - echoed), deadline);
            if (count == 0) return Doubt(ModbusResult.Failed(ModbusFault.ConnectionLost, "the line ended before the echo"));
            echoed += count;
        }

        return _received.AsSpan(0, length).SequenceEqual(_sent.AsSpan(0, length))
            ? ModbusResult.Success
            : Doubt(ModbusResult.Failed(ModbusFault.BadLength, "the line does not give back what was sent, although its echo is expected"));
    }

    /// <summary>Closes, and lets a late answer pass by where answers carry no number.</summary>
    private ModbusResult Doubt(ModbusResult result)
    {
        wire.Close();
        _lineSilence.Begin(_silenceAfterFailure);
        return result;
    }

    private static string After(int received) => received == 0 ? "before a byte of the answer" : $"after {received} bytes of the answer";
}
