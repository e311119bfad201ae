using System.Buffers.Binary;

namespace HPManager.Drivers.Mqtt.Packets;

/// <summary>Makes the packets that a client sends. Texts must have been checked before.</summary>
internal static class PacketWriter
{
    public static readonly byte[] PingReq = [(int)PacketType.PingReq << 4, 0];
    public static readonly byte[] Disconnect = [(int)PacketType.Disconnect << 4, 0];

    private const byte DuplicateFlag = 0b1000;
    private const byte RetainFlag = 0b0001;

    // SUBSCRIBE and UNSUBSCRIBE carry these flags for no reason but the specification.
    private const byte SubscribeFlags = 0b0010;

    public static byte[] Connect(MqttEndpoint endpoint, MqttClientOptions options, string clientId)
    {
        var will = options.Will;
        var user = endpoint.User;
        var password = user is null ? null : endpoint.Password;
        var flags = (options.KeepsSession ? 0 : 0x02)
            | (will is null ? 0 : 0x04 | ((int)will.Qos << 3) | (will.Retain ? 0x20 : 0))
            | (password is null ? 0 : 0x40)
            | (user is null ? 0 : 0x80);
        var length = 10 + Size(clientId) + (will is null ? 0 : Size(will.Topic) + 2 + will.Payload.Length) + Size(user) + Size(password);
        var packet = Begin(PacketType.Connect, 0, length, out var at);
        at = Text(packet, at, "MQTT");
        packet[at++] = 4;
        packet[at++] = (byte)flags;
        at = Number(packet, at, (ushort)options.KeepAlive.TotalSeconds);
        at = Text(packet, at, clientId);
        if (will is not null)
        {
            at = Text(packet, at, will.Topic);
            at = Number(packet, at, (ushort)will.Payload.Length);
            will.Payload.Span.CopyTo(packet.AsSpan(at));
            at += will.Payload.Length;
        }

        if (user is not null) at = Text(packet, at, user);
        if (password is not null) Text(packet, at, password);
        return packet;
    }

    /// <summary>Number of bytes of a PUBLISH.</summary>
    public static long PublishSize(string topic, int payloadLength, MqttQos qos)
    {
        var body = Size(topic) + (qos == MqttQos.AtMostOnce ? 0 : 2) + (long)payloadLength;
        return 1 + (body < 0x80 ? 1 : body < 0x4000 ? 2 : body < 0x20_0000 ? 3 : 4) + body;
    }

    /// <summary>A PUBLISH; at QoS 1 with the packet id 0, to be set by <see cref="SetPacketId"/>.</summary>
    public static byte[] Publish(string topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain)
    {
        var length = Size(topic) + (qos == MqttQos.AtMostOnce ? 0 : 2) + payload.Length;
        var packet = Begin(PacketType.Publish, (byte)(((int)qos << 1) | (retain ? RetainFlag : 0)), length, out var at);
        at = Text(packet, at, topic);
        if (qos != MqttQos.AtMostOnce) at += 2;
        payload.CopyTo(packet.AsSpan(at));
        return packet;
    }

    /// <summary>Gives a PUBLISH at QoS 1 its packet id.</summary>
    public static void SetPacketId(byte[] publish, ushort id)
    {
        var at = 1;
        while ((publish[at++] & 0x80) != 0)
        {
            // Behind the length.
        }

        at += 2 + BinaryPrimitives.ReadUInt16BigEndian(publish.AsSpan(at));
        Number(publish, at, id);
    }

    /// <summary>Marks a PUBLISH as sent before.</summary>
    public static void SetDuplicate(byte[] publish) => publish[0] |= DuplicateFlag;

    public static byte[] Subscribe(ushort id, string filter, MqttQos qos)
    {
        var packet = Begin(PacketType.Subscribe, SubscribeFlags, 2 + Size(filter) + 1, out var at);
        at = Number(packet, at, id);
        at = Text(packet, at, filter);
        packet[at] = (byte)qos;
        return packet;
    }

    public static byte[] Unsubscribe(ushort id, string filter)
    {
        var packet = Begin(PacketType.Unsubscribe, SubscribeFlags, 2 + Size(filter), out var at);
        Text(packet, Number(packet, at, id), filter);
        return packet;
    }

    /// <summary>A PUBACK of 4 bytes.</summary>
    public static void PubAck(Span<byte> packet, ushort id)
    {
        packet[0] = (int)PacketType.PubAck << 4;
        packet[1] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], id);
    }

    private static byte[] Begin(PacketType type, byte flags, int length, out int at)
    {
        Span<byte> digits = stackalloc byte[4];
        var count = 0;
        var rest = length;
        do
        {
            digits[count] = (byte)(rest & 0x7F);
            rest >>= 7;
            if (rest > 0) digits[count] |= 0x80;
            count++;
        }
        while (rest > 0);

        var packet = new byte[1 + count + length];
        packet[0] = (byte)(((int)type << 4) | flags);
        digits[..count].CopyTo(packet.AsSpan(1));
        at = 1 + count;
        return packet;
    }

    private static int Size(string? text) => text is null ? 0 : 2 + MqttTopic.Utf8.GetByteCount(text);

    private static int Number(byte[] packet, int at, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at), value);
        return at + 2;
    }

    private static int Text(byte[] packet, int at, string text)
    {
        var length = MqttTopic.Utf8.GetBytes(text, packet.AsSpan(at + 2));
        return Number(packet, at, (ushort)length) + length;
    }
}
