using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Framing;
using static HPManager.Tests.Drivers.Modbus.Client.ModbusFrames;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>
/// Thousands of damaged and random answers from a seed: none throws or hangs, and success is claimed only for an answer that
/// a second, independent reading of the specification finds flawless.
/// </summary>
public class ModbusClientMutationTests
{
    private const int Requests = 5000;
    private const byte Unit = 5;

    [Theory]
    [InlineData(ModbusTransport.Tcp, 1)]
    [InlineData(ModbusTransport.Tcp, 2)]
    [InlineData(ModbusTransport.Tcp, 3)]
    [InlineData(ModbusTransport.RtuOverTcp, 4)]
    [InlineData(ModbusTransport.RtuOverTcp, 5)]
    [InlineData(ModbusTransport.RtuOverTcp, 6)]
    public async Task AnyRequest_DamagedAnswers_AreNeverTakenForGoodOnes(ModbusTransport transport, int seed)
    {
        var random = new Random(seed);
        var tcp = transport == ModbusTransport.Tcp;
        var wire = new ScriptedWire { Answer = sent => Pieces(Damage(Proper(sent, tcp, random), tcp, random), random) };
        await using var client = new ModbusClient(
            ModbusClients.Endpoint(502, transport), wire, tcp ? new TcpFraming() : new RtuFraming(), new InstantTime());
        var (good, refused, bad) = (0, 0, 0);

        for (var i = 0; i < Requests; i++)
        {
            var words = new ushort[random.Next(1, 124)];
            var bits = new bool[random.Next(1, 1968)];
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(words.AsSpan()));
            var kept = words.ToArray();
            var kind = random.Next(8);

            var result = await (kind switch
            {
                0 => client.ReadRegistersAsync(Unit, ModbusTable.InputRegister, 7, words, default),
                1 => client.ReadRegistersAsync(Unit, ModbusTable.HoldingRegister, 7, words, default),
                2 => client.ReadBitsAsync(Unit, ModbusTable.Coil, 7, bits, default),
                3 => client.ReadBitsAsync(Unit, ModbusTable.DiscreteInput, 7, bits, default),
                4 => client.WriteCoilAsync(Unit, 7, value: true, default),
                5 => client.WriteRegisterAsync(Unit, 7, words[0], default),
                6 => client.WriteCoilsAsync(Unit, 7, bits, default),
                _ => client.WriteRegistersAsync(Unit, 7, words, default),
            });

            var flaw = Flaw(wire.Sent, wire.Delivered, tcp, out var pdu);
            if (result.IsSuccess)
            {
                good++;
                Assert.True(flaw is null, $"{flaw}: {Convert.ToHexString(wire.Sent)} <- {Convert.ToHexString(wire.Delivered)}");
                Assert.Equal(0, pdu[0] & 0x80);
                if (kind < 2) Assert.Equal(pdu[2..].Chunk(2).Select(pair => (ushort)((pair[0] << 8) | pair[1])), words);
            }
            else if (result.IsDeviceException)
            {
                refused++;
                Assert.True(flaw is null, $"{flaw}: {Convert.ToHexString(wire.Sent)} <- {Convert.ToHexString(wire.Delivered)}");
                Assert.Equal((0x80, (byte)result.Exception), (pdu[0] & 0x80, pdu[1]));
            }
            else
            {
                bad++;
                Assert.False(wire.IsOpen);
                Assert.Equal(kept, words);
            }
        }

        // All three ways must have been gone often for the run to mean anything.
        Assert.All([good, refused, bad], count => Assert.True(count > Requests / 50, $"{good} good, {refused} refused, {bad} bad"));
    }

    private static byte[] Proper(byte[] sent, bool tcp, Random random)
    {
        var request = tcp ? sent[7..] : sent[1..^2];
        var count = (request[3] << 8) | request[4];
        byte[] pdu = random.Next(6) == 0
            ? [(byte)(request[0] | 0x80), (byte)random.Next(256)]
            : request[0] switch
            {
                1 or 2 => [request[0], (byte)((count + 7) / 8), .. Bytes((count + 7) / 8, random)],
                3 or 4 => [request[0], (byte)(2 * count), .. Bytes(2 * count, random)],
                _ => request[..5],
            };
        return tcp ? Tcp((sent[0] << 8) | sent[1], sent[6], pdu) : Rtu(sent[0], pdu);
    }

    private static byte[] Damage(byte[] answer, bool tcp, Random random)
    {
        var at = random.Next(answer.Length);
        switch (random.Next(10))
        {
            case 0:
                answer[at] ^= (byte)(1 << random.Next(8));
                return answer;
            case 1:
                answer[random.Next(Math.Min(9, answer.Length))] = (byte)random.Next(256);
                return answer;
            case 2:
                return answer[..at];
            case 3:
                return [.. answer, .. Bytes(random.Next(1, 20), random)];
            case 4:
                return [.. answer[..at], .. answer[(at + 1)..]];
            case 5:
                return [.. answer[..at], (byte)random.Next(256), .. answer[at..]];
            case 6:
                return Bytes(random.Next(300), random);
            case 7 when !tcp:
                // A wrong byte under a right checksum.
                answer[at] = (byte)random.Next(256);
                return WithCrc(answer[..^2]);
            default:
                return answer;
        }
    }

    private static IEnumerable<byte[]> Pieces(byte[] answer, Random random)
    {
        for (var at = 0; at < answer.Length;)
        {
            var length = random.Next(3) == 0 ? random.Next(1, answer.Length - at + 1) : answer.Length - at;
            yield return answer[at..(at + length)];
            at += length;
        }
    }

    private static byte[] Bytes(int count, Random random)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string? Flaw(byte[] sent, byte[] got, bool tcp, out byte[] pdu)
    {
        pdu = [];
        if (got.Length < 5) return "short";
        if (tcp)
        {
            if (got.Length < 9) return "short";
            if (got[0] != sent[0] || got[1] != sent[1]) return "transaction";
            if (got[2] != 0 || got[3] != 0) return "protocol";
            if (((got[4] << 8) | got[5]) != got.Length - 6) return "length";
            if (got[6] != sent[6]) return "unit";
            pdu = got[7..];
        }
        else
        {
            if (!WithCrc(got[..^2]).AsSpan().SequenceEqual(got)) return "checksum";
            if (got[0] != sent[0]) return "unit";
            pdu = got[1..^2];
        }

        var request = tcp ? sent[7..] : sent[1..^2];
        if (pdu[0] == (request[0] | 0x80)) return pdu.Length == 2 ? null : "refusal's length";
        if (pdu[0] != request[0]) return "function";
        if (request[0] >= 5) return pdu.AsSpan().SequenceEqual(request.AsSpan(0, 5)) ? null : "echo";
        var count = (request[3] << 8) | request[4];
        var bytes = request[0] <= 2 ? (count + 7) / 8 : 2 * count;
        return pdu[1] == bytes && pdu.Length == 2 + bytes ? null : "byte count";
    }

    /// <summary>A clock by which every wait is over: each look at it is a minute after the last.</summary>
    private sealed class InstantTime : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks) * TimeSpan.TicksPerMinute;
    }
}
