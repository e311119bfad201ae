using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HPManager.Drivers.Modbus.Client.Wire;

namespace HPManager.Drivers.Modbus.Client.Serial;

/// <summary>
/// A serial line that can be reopened, on Linux. While it is open a thread of its own waits for bytes: the kernel has no asynchronous read for terminals, and
/// a thread of the pool would be missing there for as long as the line is open.
/// </summary>
internal sealed class SerialWire(SerialLine line, TimeProvider time) : IModbusWire
{
    private const int BufferLength = 512;
    private static readonly TimeSpan WaitForRoom = TimeSpan.FromMilliseconds(5);

    private volatile Open? _open;
    private Task _closing = Task.CompletedTask;

    public bool IsOpen => _open is not null;

    private Open Current => _open ?? throw new IOException("the line is closed");

    public WireIdle PeekIdle() => Current.Received.TryPeek(out _) ? WireIdle.BytesWaiting : Current.Received.Completion.IsCompleted ? WireIdle.Ended : WireIdle.Quiet;

    public async ValueTask<ModbusResult> OpenAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux()) return ModbusResult.Failed(ModbusFault.LineUnusable, "serial lines are supported on Linux only");
        if (!Path.IsPathRooted(line.Device)) return ModbusResult.Failed(ModbusFault.LineNotFound, $"{line.Device} is not an absolute path");

        // The thread that still reads the line lets go of it first: nobody, not even this program, can open it twice.
        await _closing.WaitAsync(cancellationToken);
        var wake = Terminal.CreateWake(out var error);
        if (wake < 0) return Failure(error);
        var handle = Terminal.Open(line, out error);
        if (handle >= 0)
        {
            _open = new Open(handle, wake, line.Device);
            return ModbusResult.Success;
        }

        Terminal.Close(wake);
        return Failure(error);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // A frame is at most 256 bytes and the kernel's buffer larger: this waits only when the line stands still.
        while (true)
        {
            var count = Terminal.Write(Current.Handle, bytes.Span, out var error);
            if (count > 0) return count;
            if (error is not (Terminal.Error.TryAgain or Terminal.Error.Interrupted)) throw new IOException($"writing to {line.Device} failed ({error})");
            await Task.Delay(WaitForRoom, time, cancellationToken);
        }
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var received = Current.Received;
        if (!await received.WaitToReadAsync(cancellationToken)) return 0;
        var count = 0;
        while (count < buffer.Length && received.TryRead(out var one)) buffer.Span[count++] = one;
        return count;
    }

    public void Close()
    {
        var open = Interlocked.Exchange(ref _open, null);
        if (open is not null) _closing = open.Stop();
    }

    public async ValueTask DisposeAsync()
    {
        Close();
        await _closing;
    }

    private ModbusResult Failure(Terminal.Error error) => error switch
    {
        Terminal.Error.NoEntry or Terminal.Error.NoSuchDevice or Terminal.Error.NoDevice =>
            ModbusResult.Failed(ModbusFault.LineNotFound, $"there is no serial line {line.Device}"),
        Terminal.Error.AccessDenied or Terminal.Error.NoPermission =>
            ModbusResult.Failed(ModbusFault.LineForbidden, $"this user may not open {line.Device}"),
        Terminal.Error.Busy => ModbusResult.Failed(ModbusFault.LineInUse, $"{line.Device} is in use"),
        Terminal.Error.NotATerminal => ModbusResult.Failed(ModbusFault.LineUnusable, $"{line.Device} is not a serial line"),
        _ => ModbusResult.Failed(ModbusFault.LineUnusable, $"{line.Device} cannot be set to {line} ({error})"),
    };

    /// <summary>One opening of the line, and the thread that reads it.</summary>
    private sealed class Open
    {
        // What arrives while nobody reads is noise; it is bounded, and the newest is let go.
        private readonly Channel<byte> _received = Channel.CreateBounded<byte>(
            new BoundedChannelOptions(BufferLength) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.DropWrite });

        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly int _wake;

        public Open(int handle, int wake, string name)
        {
            Handle = handle;
            _wake = wake;
            new Thread(Read) { IsBackground = true, Name = $"Serial {name}" }.Start();
        }

        public int Handle { get; }

        public ChannelReader<byte> Received => _received.Reader;

        public Task Stop()
        {
            Terminal.Raise(_wake);
            return _ended.Task;
        }

        private void Read()
        {
            Span<byte> buffer = stackalloc byte[BufferLength];
            var hasEnded = false;
            while (true)
            {
                var (isReadable, isGone, isWoken) = Terminal.Wait(hasEnded ? Terminal.NoHandle : Handle, _wake);
                if (isWoken) break;
                if (!isReadable && !isGone) continue;
                var count = Terminal.Read(Handle, buffer, out var error);
                for (var index = 0; index < count; index++) _received.Writer.TryWrite(buffer[index]);
                if (count > 0 || (!isGone && error is Terminal.Error.TryAgain or Terminal.Error.Interrupted)) continue;

                // A line that was pulled out ends, and says so to whoever waits; its handle stays until it is closed.
                hasEnded = true;
                _received.Writer.TryComplete();
            }

            _received.Writer.TryComplete();
            Terminal.Release(Handle);
            Terminal.Close(_wake);
            _ended.SetResult();
        }
    }
}
