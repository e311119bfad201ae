using System.Globalization;
using System.Text;
using HPManager.Drivers.Mqtt;
using HPManager.Drivers.Mqtt.Packets;

namespace HPManager.Tests.Drivers.Mqtt.Packets;

/// <summary>
/// The packets of a broker by the million, mutated and cut from a kept seed, handed over in pieces of any size, against a second reading of the
/// specification: what is taken must be there, what is refused must be wrong, and what is incomplete must lack bytes.
/// </summary>
public class PacketFuzzTests
{
    private const int Cases = 350_000;
    private const int Limit = 2000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [Theory]
    [InlineData(311)]
    [InlineData(312)]
    [InlineData(313)]
    public void Next_AnyBytesInAnyPieces_GivesWhatIsThereOrAFault(int seed)
    {
        var random = new Random(seed);
        var (whole, wrong, incomplete) = (0, 0, 0);
        for (var index = 0; index < Cases; index++)
        {
            var bytes = Mutated(Proper(random), random);
            var buffer = new PacketBuffer(Limit);
            var (given, found) = Feed(buffer, bytes, random);
            var expected = ReadAgain(bytes.AsSpan(0, given));
            if (found != expected) Assert.Fail($"{found}, not {expected}: seed {seed}, case {index}: {Convert.ToHexString(bytes.AsSpan(0, given))}");
            if (found == "wrong") wrong++;
            else if (found == "incomplete") incomplete++;
            else whole++;
        }

        Assert.All([whole, wrong, incomplete], count => Assert.True(count > Cases / 50, $"{whole} whole, {wrong} wrong, {incomplete} incomplete"));
    }

    [Fact]
    public void Next_AStreamOfPacketsInPieces_GivesEachOfThem()
    {
        var random = new Random(5);
        var packets = Enumerable.Range(0, 20_000).Select(_ => Proper(random)).ToArray();
        var stream = packets.SelectMany(packet => packet).ToArray();
        var buffer = new PacketBuffer(Limit);
        var found = new List<string>();
        for (var at = 0; at < stream.Length;)
        {
            var space = buffer.Space();
            var part = Math.Min(Math.Min(space.Length, stream.Length - at), random.Next(1, 5000));
            stream.AsMemory(at, part).CopyTo(space);
            buffer.Take(part);
            at += part;
            while (buffer.Next(out var first, out var body) == PacketStep.Whole) found.Add(Read(first, body));
            Assert.True(buffer.Capacity <= Limit + (64 * 1024));
        }

        Assert.Equal(packets.Select(packet => ReadAgain(packet)), found);
    }

    private static (int Given, string Found) Feed(PacketBuffer buffer, byte[] bytes, Random random)
    {
        var given = 0;
        while (true)
        {
            var step = buffer.Next(out var first, out var body);
            if (step == PacketStep.Whole) return (given, Read(first, body));
            if (step == PacketStep.Wrong) return (given, buffer.Failure.IsSuccess ? "wrong without a reason" : "wrong");
            if (given == bytes.Length) return (given, "incomplete");
            var part = Math.Min(bytes.Length - given, random.Next(3) == 0 ? random.Next(1, 8) : bytes.Length);
            bytes.AsMemory(given, part).CopyTo(buffer.Space());
            buffer.Take(part);
            given += part;
        }
    }

    private static string Read(byte first, ReadOnlySpan<byte> body)
    {
        ushort id;
        switch (first >> 4)
        {
            case 2:
                var result = ServerPackets.ReadConnAck(body, out var hasSession);
                return result.Fault == MqttFault.Malformed ? "wrong" : Text($"connack {hasSession} {(int)body[1]} {result.IsSuccess}");
            case 3:
                if (!ServerPackets.ReadPublish(first, body, out var packet).IsSuccess || !MqttTopic.IsProper(packet.Topic)) return "wrong";
                return Text($"publish {Encoding.UTF8.GetString(packet.Topic)} {packet.Id} {(int)packet.Qos} {packet.Retain} {packet.Duplicate} {Convert.ToHexString(packet.Payload)}");
            case 9:
                return ServerPackets.ReadSubAck(body, out id, out var granted).IsSuccess ? Text($"suback {id} {(granted is null ? -1 : (int)granted)}") : "wrong";
            case 13:
                return "pingresp";
            default:
                return ServerPackets.ReadId(body, out id).IsSuccess ? Text($"ack {first >> 4} {id}") : "wrong";
        }
    }

    /// <summary>MQTT 3.1.1, sections 2.2, 3.2 to 3.4, 3.9, 3.11, 3.13, for a client that asks for QoS 0 and 1.</summary>
    private static string ReadAgain(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0) return "incomplete";
        var (type, flags) = (bytes[0] / 16, bytes[0] % 16);
        if (type is not (2 or 3 or 4 or 9 or 11 or 13)) return "wrong";
        if (type == 3 ? flags / 2 % 4 > 1 || flags / 2 == 4 : flags != 0) return "wrong";
        long length = 0;
        var head = 1;
        for (long factor = 1; ; factor *= 128)
        {
            if (head == 5) return "wrong";
            if (bytes.Length <= head) return "incomplete";
            length += bytes[head] % 128 * factor;
            if (bytes[head++] < 128) break;
        }

        if (head + length > Limit) return "wrong";
        if (type == 3 ? length < 3 : length != type switch { 13 => 0, 9 => 3, _ => 2 }) return "wrong";
        if (bytes.Length < head + length) return "incomplete";
        var body = bytes.Slice(head, (int)length);
        switch (type)
        {
            case 2:
                if (body[0] > 1 || body[1] > 5 || (body[0] == 1 && body[1] > 0)) return "wrong";
                return Text($"connack {body[0] == 1} {(int)body[1]} {body[1] == 0}");
            case 3:
                return PublishAgain(flags, body);
            case 9:
                var isRight = (body[0] | body[1]) != 0 && body[2] is 0 or 1 or 128 && (body[0] | body[1]) != 0;
                return isRight ? Text($"suback {(body[0] * 256) + body[1]} {(body[2] == 128 ? -1 : body[2])}") : "wrong";
            case 13:
                return "pingresp";
            default:
                return (body[0] | body[1]) == 0 ? "wrong" : Text($"ack {type} {(body[0] * 256) + body[1]}");
        }
    }

    private static string PublishAgain(int flags, ReadOnlySpan<byte> body)
    {
        var qos = flags / 2 % 4;
        var end = 2 + (body[0] * 256) + body[1];
        if (end + (2 * qos) > body.Length) return "wrong";
        var id = qos == 0 ? 0 : (body[end] * 256) + body[end + 1];
        if (qos == 1 && id == 0) return "wrong";
        string topic;
        try
        {
            topic = Strict.GetString(body[2..end]);
        }
        catch (DecoderFallbackException)
        {
            return "wrong";
        }

        if (topic.Length == 0 || topic.Contains('+', StringComparison.Ordinal) || topic.Contains('#', StringComparison.Ordinal) || topic.Contains('\0', StringComparison.Ordinal)) return "wrong";
        return Text($"publish {topic} {id} {qos} {flags % 2 == 1} {flags >= 8} {Convert.ToHexString(body[(end + (2 * qos))..])}");
    }

    private static byte[] Proper(Random random)
    {
        var id = random.Next(1, 65536);
        return random.Next(8) switch
        {
            0 => ScriptedBroker.ConnAck(random.Next(6), false),
            1 => ScriptedBroker.ConnAck(0, true),
            2 => ScriptedBroker.SubAck(id, random.Next(3) == 0 ? 128 : random.Next(2)),
            3 => ScriptedBroker.PubAck(id),
            4 => [0xB0, 2, (byte)(id >> 8), (byte)id],
            5 => [0xD0, 0],
            6 => ScriptedBroker.Publish(Name(random), new string('x', random.Next(50) == 0 ? random.Next(1800) : random.Next(20))),
            _ => ScriptedBroker.Publish(Name(random), new string('y', random.Next(50) == 0 ? random.Next(1800) : random.Next(20)), id, random.Next(2) == 0),
        };
    }

    private static string Name(Random random)
    {
        const string Letters = "ab/$ü€\U0001F525";
        var name = new StringBuilder();
        foreach (var rune in Letters.EnumerateRunes())
        {
            if (random.Next(2) == 0) name.Append(rune);
        }

        return name.Append('z').ToString();
    }

    private static byte[] Mutated(byte[] packet, Random random)
    {
        var at = random.Next(packet.Length);
        var junk = new byte[random.Next(1, 30)];
        random.NextBytes(junk);
        switch (random.Next(10))
        {
            case 0:
                packet[at] ^= (byte)(1 << random.Next(8));
                return packet;
            case 1:
                packet[Math.Min(random.Next(6), packet.Length - 1)] = (byte)random.Next(256);
                return packet;
            case 2:
                return packet[..at];
            case 3:
                return [.. packet, .. junk];
            case 4:
                return [.. packet[..at], .. junk, .. packet[at..]];
            case 5:
                return junk;
            case 6:
                return [packet[0], .. ScriptedBroker.Length(random.Next(1 << random.Next(1, 28))), .. packet.AsSpan(1)];
            default:
                return packet;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
