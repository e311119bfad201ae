using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Framing;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>
/// TCP framing alone, by the million: the answers of the protocol pages' frames and made-up ones, mutated and cut from a kept seed, handed over in growing
/// pieces. What it calls whole a second reading of the specification must find whole, it must know before more than a frame has come, and it allocates
/// nothing for a frame that it takes and no more than a short text for one that it refuses.
/// </summary>
public class TcpFramingFuzzTests
{
    private const int Cases = 350_000;

    // Header and the longest data unit (Modbus Messaging on TCP/IP Implementation Guide V1.0b, 3.1.2).
    private const int LongestFrame = 260;

    // The text of a refusal, and once a thread the buffer in which such texts are put together.
    private const int MostAllocated = 2048;

    // Answers as the protocol pages print them (idm-navigator-2.md, nibe-s-series.md, luxtronik.md).
    private static readonly string[] Printed =
    [
        "02 EF 00 00 00 06 01 10 00 4A 00 02", "00 05 00 00 00 03 01 84 01", "00 06 00 00 00 03 01 84 02", "00 01 00 00 00 05 01 04 02 FF CE",
        "00 02 00 00 00 06 01 10 27 38 00 02", "00 03 00 00 00 05 01 04 02 7F FF", "00 04 00 00 00 03 01 84 02",
    ];

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public void Judge_AnyBytes_NeverInventsAFrame(int seed)
    {
        var random = new Random(seed);
        var framing = new TcpFraming();
        var request = new byte[LongestFrame];
        var received = new byte[512];
        var (whole, wrong, incomplete, mostAllocated) = (0, 0, 0, 0L);
        for (var index = 0; index < Cases; index++)
        {
            var (answer, expected) = Proper(random);
            framing.NextTransaction = (ushort)((answer[0] << 8) | answer[1]);
            framing.Seal(request, expected.Unit, 5);
            var bytes = Mutated(answer, random);
            bytes.CopyTo(received, 0);

            var before = GC.GetAllocatedBytesForCurrentThread();
            var (verdict, seen) = Feed(framing, received, bytes.Length, expected, random);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            mostAllocated = Math.Max(mostAllocated, allocated);

            var isWhole = IsWhole(received.AsSpan(0, seen), answer, expected);
            if (verdict.IsIncomplete)
            {
                incomplete++;
                if (isWhole || seen >= LongestFrame || allocated > 0) Assert.Fail($"still waiting, {allocated} bytes allocated: {Case()}");
            }
            else if (verdict.Fault.IsSuccess)
            {
                whole++;
                if (!isWhole || verdict.PduLength != seen - 7 || allocated > 0) Assert.Fail($"taken, {allocated} bytes allocated: {Case()}");
            }
            else
            {
                wrong++;
                if (isWhole || verdict.Fault.Detail.Length == 0) Assert.Fail($"refused as {verdict.Fault}: {Case()}");
            }

            string Case() => $"seed {seed}, case {index}: {expected} <- {Convert.ToHexString(received.AsSpan(0, seen))}";
        }

        Assert.InRange(mostAllocated, 0, MostAllocated);
        Assert.All([whole, wrong, incomplete], count => Assert.True(count > Cases / 20, $"{whole} whole, {wrong} wrong, {incomplete} incomplete"));
    }

    private static (FrameVerdict Verdict, int Seen) Feed(TcpFraming framing, byte[] received, int length, ExpectedAnswer expected, Random random)
    {
        var seen = 0;
        while (true)
        {
            seen = random.Next(3) == 0 ? random.Next(seen, length + 1) : length;
            var verdict = framing.Judge(received.AsSpan(0, seen), expected);
            if (!verdict.IsIncomplete || seen == length) return (verdict, seen);
        }
    }

    private static (byte[] Answer, ExpectedAnswer Expected) Proper(Random random)
    {
        if (random.Next(4) == 0)
        {
            var printed = ModbusFrames.Hex(Printed[random.Next(Printed.Length)]);
            var asked = (ModbusFunction)(printed[7] & 0x7F);
            return (printed, new ExpectedAnswer(printed[6], asked, printed[7] >= 0x80 ? 4 : printed.Length - 7));
        }

        var function = (ModbusFunction)new byte[] { 1, 2, 3, 4, 5, 6, 15, 16 }[random.Next(8)];
        var length = (byte)function switch
        {
            1 or 2 => 2 + random.Next(1, 251),
            3 or 4 => 2 + (2 * random.Next(1, 126)),
            _ => 5,
        };
        var expected = new ExpectedAnswer((byte)random.Next(256), function, length);
        var pdu = new byte[random.Next(5) == 0 ? 2 : length];
        random.NextBytes(pdu);
        pdu[0] = (byte)((byte)function | (pdu.Length == 2 ? 0x80 : 0));
        if (pdu.Length > 2 && (byte)function < 5) pdu[1] = (byte)(pdu.Length - 2);
        return (ModbusFrames.Tcp(random.Next(65536), expected.Unit, pdu), expected);
    }

    private static byte[] Mutated(byte[] answer, Random random)
    {
        var frame = answer.ToArray();
        var at = random.Next(frame.Length);
        var junk = new byte[random.Next(1, 200)];
        random.NextBytes(junk);
        switch (random.Next(10))
        {
            case 0:
                frame[at] ^= (byte)(1 << random.Next(8));
                return frame;
            case 1:
                // A wrong byte where it hurts: ids, lengths, function.
                frame[random.Next(9)] = (byte)random.Next(256);
                return frame;
            case 2:
                return frame[..at];
            case 3:
                return [.. frame, .. junk];
            case 4:
                return [.. frame[..at], .. frame[(at + 1)..]];
            case 5:
                return [.. frame[..at], .. junk, .. frame[at..]];
            case 6:
                return junk;
            default:
                return frame;
        }
    }

    /// <summary>By the specification: ids and lengths that fit the request, and not a byte more.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> frame, byte[] answer, ExpectedAnswer expected)
    {
        if (frame.Length < 9 || frame[0] != answer[0] || frame[1] != answer[1] || frame[2] != 0 || frame[3] != 0) return false;
        if (((frame[4] << 8) | frame[5]) != frame.Length - 6 || frame[6] != expected.Unit) return false;
        if (frame[7] == ((byte)expected.Function | 0x80)) return frame.Length == 9;
        return frame[7] == (byte)expected.Function && frame.Length == 7 + expected.PduLength;
    }
}
