using System.Runtime.InteropServices;

namespace HPManager.Drivers.Modbus.Client.Serial;

/// <summary>
/// What Linux offers for serial lines, as far as it is needed: all of termios is in this file. The structure and the numbers are those of the kernel
/// (asm-generic/termbits.h, ioctls.h), which are the same on x64 and arm64 and under every C library.
/// </summary>
internal static partial class Terminal
{
    private const string Library = "libc";

    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    private const nuint GetSettings = 0x802C542A;
    private const nuint SetSettings = 0x402C542B;
    private const nuint Flush = 0x540B;
    private const nuint TakeExclusively = 0x540C;
    private const nuint EndExclusively = 0x540D;
    private const int FlushBoth = 2;
    private const int LockAlone = 2 | 4;

    private const uint Bits8 = 0x30;
    private const uint TwoStopBits = 0x40;
    private const uint ReceiverOn = 0x80;
    private const uint ParityOn = 0x100;
    private const uint ParityOdd = 0x200;
    private const uint IgnoreModemLines = 0x800;
    private const uint CheckParity = 0x10;
    private const uint IgnoreBreak = 0x1;
    private const int LeastToRead = 6;

    // Chips divide their clock: what comes out is seldom the exact speed, and devices follow it within this.
    private const double SpeedTolerance = 0.02;

    private const short Readable = 0x1;
    private const short Gone = 0x8 | 0x10 | 0x20;

    /// <summary>Stands for nothing in <see cref="Wait"/>.</summary>
    public const int NoHandle = -1;

    /// <summary>Errors that callers tell apart.</summary>
    public enum Error
    {
        NoPermission = 1,
        NoEntry = 2,
        Interrupted = 4,
        Failed = 5,
        NoSuchDevice = 6,
        TryAgain = 11,
        AccessDenied = 13,
        Busy = 16,
        NoDevice = 19,
        InvalidArgument = 22,
        NotATerminal = 25,
    }

    /// <summary>Opens a line for this program alone and sets it up; negative with <paramref name="error"/> when that fails.</summary>
    public static int Open(SerialLine line, out Error error)
    {
        var handle = open(line.Device, ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec);
        if (handle < 0)
        {
            error = LastError();
            return handle;
        }

        if (Take(handle, out error))
        {
            if (SetUp(handle, line, out error)) return handle;
            Release(handle);
        }
        else
        {
            Close(handle);
        }

        return -1;
    }

    /// <summary>Gives back a line that <see cref="Open"/> opened; what it has not sent yet is thrown away, for closing would wait for it.</summary>
    public static void Release(int handle)
    {
        _ = ioctl(handle, Flush, FlushBoth);
        _ = ioctl(handle, EndExclusively, 0);
        Close(handle);
    }

    public static void Close(int handle) => _ = close(handle);

    /// <summary>Waits until there is something to read, the line is gone, or the wake handle is raised.</summary>
    public static (bool IsReadable, bool IsGone, bool IsWoken) Wait(int handle, int wake)
    {
        Span<Poll> polls = [new Poll(handle, Readable), new Poll(wake, Readable)];
        if (poll(ref polls[0], 2, -1) < 0) return (false, LastError() != Error.Interrupted, false);
        return ((polls[0].Returned & Readable) != 0, (polls[0].Returned & Gone) != 0, polls[1].Returned != 0);
    }

    /// <summary>Bytes read, at once; 0 for the end, negative with <paramref name="error"/>.</summary>
    public static int Read(int handle, Span<byte> buffer, out Error error)
    {
        var count = (int)read(handle, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
        error = count < 0 ? LastError() : default;
        return count;
    }

    /// <summary>Bytes written; negative with <paramref name="error"/>.</summary>
    public static int Write(int handle, ReadOnlySpan<byte> bytes, out Error error)
    {
        var count = (int)write(handle, ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length);
        error = count < 0 ? LastError() : default;
        return count;
    }

    /// <summary>A handle that another thread can raise; negative with <paramref name="error"/> when there are no more handles.</summary>
    public static int CreateWake(out Error error)
    {
        var wake = eventfd(0, CloseOnExec | NonBlocking);
        error = wake < 0 ? LastError() : default;
        return wake;
    }

    public static void Raise(int wake)
    {
        ReadOnlySpan<byte> one = [1, 0, 0, 0, 0, 0, 0, 0];
        _ = write(wake, ref MemoryMarshal.GetReference(one), (nuint)one.Length);
    }

    // Both ways to have a line alone, because programs look at either: the lock keeps out those that lock too, even when they run as root; the other one
    // all that do not run as root. In this order, so that nothing is changed on a line that another program has.
    private static bool Take(int handle, out Error error)
    {
        Settings settings = default;
        error = default;
        if (ioctl(handle, GetSettings, ref settings) >= 0 && flock(handle, LockAlone) >= 0 && ioctl(handle, TakeExclusively, 0) >= 0) return true;
        error = LastError() is var found && found == Error.TryAgain ? Error.Busy : found;
        return false;
    }

    private static unsafe bool SetUp(int handle, SerialLine line, out Error error)
    {
        Settings settings = default;
        settings.Input = IgnoreBreak | (line.Parity == SerialParity.None ? 0 : CheckParity);
        settings.Control = Bits8 | ReceiverOn | IgnoreModemLines | SpeedBits(line.BaudRate)
            | (line.StopBits == 2 ? TwoStopBits : 0)
            | (line.Parity == SerialParity.None ? 0 : ParityOn)
            | (line.Parity == SerialParity.Odd ? ParityOdd : 0);
        settings.InputSpeed = settings.OutputSpeed = (uint)line.BaudRate;

        // One byte at least: with none, a line that has nothing to read could not be told from one that has ended.
        settings.Special[LeastToRead] = 1;
        error = default;
        if (ioctl(handle, SetSettings, ref settings) < 0 || ioctl(handle, Flush, FlushBoth) < 0 || ioctl(handle, GetSettings, ref settings) < 0)
        {
            error = LastError();
            return false;
        }

        // A driver that cannot do what it is asked for takes the next best and reports success. Only the speed is compared: pseudo-terminals drop the parity.
        if (Math.Abs(settings.OutputSpeed - (double)line.BaudRate) <= SpeedTolerance * line.BaudRate) return true;
        error = Error.InvalidArgument;
        return false;
    }

    // Bnnn of asm-generic/termbits.h.
    private static uint SpeedBits(int baudRate) => baudRate switch
    {
        1200 => 0x9,
        2400 => 0xB,
        4800 => 0xC,
        9600 => 0xD,
        19_200 => 0xE,
        38_400 => 0xF,
        57_600 => 0x1001,
        115_200 => 0x1002,
        _ => throw new ArgumentOutOfRangeException(nameof(baudRate), baudRate, $"Speeds are {string.Join(", ", SerialLine.BaudRates)}."),
    };

    private static Error LastError() => (Error)Marshal.GetLastPInvokeError();

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int close(int handle);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint read(int handle, ref byte buffer, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint write(int handle, ref byte buffer, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int poll(ref Poll polls, nuint count, int milliseconds);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int ioctl(int handle, nuint request, ref Settings settings);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int ioctl(int handle, nuint request, nint argument);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int flock(int handle, int operation);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll(int handle, short events)
    {
        public int Handle = handle;
        public short Events = events;
        public short Returned;
    }

    /// <summary>struct termios2 of the kernel.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Settings
    {
        public uint Input;
        public uint Output;
        public uint Control;
        public uint Local;
        public byte Line;
        public fixed byte Special[19];
        public uint InputSpeed;
        public uint OutputSpeed;
    }
}
