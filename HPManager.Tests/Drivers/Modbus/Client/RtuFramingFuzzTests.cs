using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Framing;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>
/// Serial framing alone, by the hundred thousand: proper, damaged and random frames from a seed, each handed over in growing pieces. What it calls whole a
/// second reading of the specification must find whole and nothing else, and it must know before more than a frame has come.
/// </summary>
public class RtuFramingFuzzTests
{
    private const int Cases = 100_000;
    private const int LongestFrame = 256;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Judge_AnyBytes_NeverInventsAFrame(int seed)
    {
        var random = new Random(seed);
        var framing = new RtuFraming();
        var received = new byte[512];
        var (whole, wrong, incomplete) = (0, 0, 0);
        for (var index = 0; index < Cases; index++)
        {
            var expected = AnyExpected(random);
            var bytes = AnyAnswer(expected, random);
            bytes.CopyTo(received, 0);

            var (verdict, seen) = Feed(framing, received, bytes.Length, expected, random);
            if (verdict.IsIncomplete)
            {
                incomplete++;
                Assert.True(seen < LongestFrame, $"{seen} bytes and still waiting: {Case()}");
                Assert.False(IsWhole(bytes, expected), Case());
            }
            else if (verdict.Fault.IsSuccess)
            {
                whole++;
                Assert.True(IsWhole(received.AsSpan(0, seen), expected), Case());
                Assert.Equal(seen - 3, verdict.PduLength);
            }
            else
            {
                wrong++;
                Assert.NotEmpty(verdict.Fault.Detail);
            }

            string Case() => $"seed {seed}, case {index}: {expected} <- {Convert.ToHexString(received.AsSpan(0, seen))}";
        }

        Assert.All([whole, wrong, incomplete], count => Assert.True(count > Cases / 20, $"{whole} whole, {wrong} wrong, {incomplete} incomplete"));
    }

    private static (FrameVerdict Verdict, int Seen) Feed(RtuFraming framing, byte[] received, int length, ExpectedAnswer expected, Random random)
    {
        var seen = 0;
        while (true)
        {
            seen = random.Next(3) == 0 ? random.Next(seen, length + 1) : length;
            var verdict = framing.Judge(received.AsSpan(0, seen), expected);
            if (!verdict.IsIncomplete || seen == length) return (verdict, seen);
        }
    }

    private static ExpectedAnswer AnyExpected(Random random)
    {
        var unit = (byte)random.Next(1, 248);
        return random.Next(3) switch
        {
            0 => new ExpectedAnswer(unit, (ModbusFunction)random.Next(1, 3), 2 + random.Next(1, 251)),
            1 => new ExpectedAnswer(unit, (ModbusFunction)random.Next(3, 5), 2 + (2 * random.Next(1, 126))),
            _ => new ExpectedAnswer(unit, new[] { ModbusFunction.WriteSingleCoil, ModbusFunction.WriteSingleRegister, ModbusFunction.WriteMultipleRegisters }[random.Next(3)], 5),
        };
    }

    private static byte[] AnyAnswer(ExpectedAnswer expected, Random random)
    {
        var pdu = new byte[random.Next(5) == 0 ? 2 : expected.PduLength];
        random.NextBytes(pdu);
        pdu[0] = (byte)((byte)expected.Function | (pdu.Length == 2 ? 0x80 : 0));
        if (pdu.Length > 2 && (byte)expected.Function < 5) pdu[1] = (byte)(pdu.Length - 2);
        var frame = Proper(expected.Unit, pdu);
        var at = random.Next(frame.Length);
        var junk = new byte[random.Next(1, 20)];
        random.NextBytes(junk);
        switch (random.Next(10))
        {
            case 0:
                frame[at] ^= (byte)(1 << random.Next(8));
                return frame;
            case 1:
                return frame[..at];
            case 2:
                return [.. frame, .. junk];
            case 3:
                return [.. junk, .. frame];
            case 4:
                return [.. frame[..at], .. frame[(at + 1)..]];
            case 5:
                // A wrong byte under a right checksum.
                frame[random.Next(Math.Min(3, frame.Length))] = (byte)random.Next(256);
                return Proper(frame[0], frame[1..^2]);
            case 6:
                var noise = new byte[random.Next(500)];
                random.NextBytes(noise);
                return noise;
            default:
                return frame;
        }
    }

    private static byte[] Proper(byte unit, byte[] pdu)
    {
        byte[] frame = [unit, .. pdu];
        var crc = Crc(frame);
        return [.. frame, (byte)crc, (byte)(crc >> 8)];
    }

    private static bool IsWhole(ReadOnlySpan<byte> frame, ExpectedAnswer expected)
    {
        if (frame.Length < 5 || frame[0] != expected.Unit) return false;
        if (Crc(frame[..^2]) != (frame[^2] | (frame[^1] << 8))) return false;
        if (frame[1] == ((byte)expected.Function | 0x80)) return frame.Length == 5;
        if (frame[1] != (byte)expected.Function || frame.Length != expected.PduLength + 3) return false;
        return (byte)expected.Function >= 5 || frame[2] == frame.Length - 5;
    }

    // Bit by bit, as the specification describes it (V1.02, 6.2.2), without the product's table.
    private static int Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFF;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return crc;
    }
}
