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

    private const short Readable = 0x1;
    private const short Writable = 0x4;
    private const short Gone = 0x8 | 0x10 | 0x20;

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

        if (SetUp(handle, line, out error)) return handle;
        Close(handle);
        return -1;
    }

    public static void Close(int handle) => _ = close(handle);

    /// <summary>Waits until there is something to read, the line is gone, or the wake handle is raised.</summary>
    public static (bool IsReadable, bool IsGone, bool IsWoken) Wait(int handle, int wake)
    {
        Span<Poll> polls = [new Poll(handle, Readable), new Poll(wake, Readable)];
        if (poll(ref polls[0], 2, -1) < 0) return (false, LastError() != Error.Interrupted, false);
        return ((polls[0].Returned & Readable) != 0, (polls[0].Returned & Gone) != 0, polls[1].Returned != 0);
    }

    /// <summary>Waits a moment for room to write.</summary>
    public static void WaitWritable(int handle, int milliseconds)
    {
        var one = new Poll(handle, Writable);
        _ = poll(ref one, 1, milliseconds);
    }

    /// <summary>Bytes read; 0 for the end, negative with <paramref name="error"/>.</summary>
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

    /// <summary>A handle that another thread can raise.</summary>
    public static int CreateWake() => eventfd(0, CloseOnExec | NonBlocking);

    public static void Raise(int wake)
    {
        ReadOnlySpan<byte> one = [1, 0, 0, 0, 0, 0, 0, 0];
        _ = write(wake, ref MemoryMarshal.GetReference(one), (nuint)one.Length);
    }

    private static unsafe bool SetUp(int handle, SerialLine line, out Error error)
    {
        Settings settings = default;
        error = default;

        // Root may open what another program holds; the lock is what well-behaved programs look at.
        if (ioctl(handle, GetSettings, ref settings) < 0 || ioctl(handle, TakeExclusively, 0) < 0)
        {
            error = LastError();
            return false;
        }

        if (flock(handle, LockAlone) < 0)
        {
            error = Error.Busy;
            return false;
        }

        settings.Input = IgnoreBreak | (line.Parity == SerialParity.None ? 0 : CheckParity);
        settings.Output = 0;
        settings.Local = 0;
        settings.Control = Bits8 | ReceiverOn | IgnoreModemLines | SpeedBits(line.BaudRate)
            | (line.StopBits == 2 ? TwoStopBits : 0)
            | (line.Parity == SerialParity.None ? 0 : ParityOn)
            | (line.Parity == SerialParity.Odd ? ParityOdd : 0);
        settings.InputSpeed = settings.OutputSpeed = (uint)line.BaudRate;
        for (var index = 0; index < Settings.SpecialCharacters; index++) settings.Special[index] = 0;
        if (ioctl(handle, SetSettings, ref settings) < 0 || ioctl(handle, Flush, FlushBoth) < 0)
        {
            error = LastError();
            return false;
        }

        return true;
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
        public const int SpecialCharacters = 19;

        public uint Input;
        public uint Output;
        public uint Control;
        public uint Local;
        public byte Line;
        public fixed byte Special[SpecialCharacters];
        public uint InputSpeed;
        public uint OutputSpeed;
    }
}
