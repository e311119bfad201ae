using System.Buffers.Binary;

namespace HPManager.Drivers.Mqtt.Packets;

/// <summary>Reads the packets that a broker may send to a client that asks for QoS 0 and 1. What breaks a rule is named.</summary>
internal static class ServerPackets
{
    private const byte Refused = 0x80;

    public static PacketType TypeOf(byte first) => (PacketType)(first >> 4);

    /// <summary>Whether a packet may begin like this.</summary>
    public static MqttResult ProblemOf(byte first)
    {
        var type = TypeOf(first);
        var flags = first & 0x0F;
        if (type == PacketType.Publish)
        {
            return (flags >> 1 & 3) switch
            {
                3 => new(MqttFault.Malformed, "a PUBLISH with the QoS 3, which does not exist"),
                2 => new(MqttFault.WrongPacket, "a PUBLISH with QoS 2, which was not subscribed"),
                0 when (flags & 8) != 0 => new(MqttFault.Malformed, "a PUBLISH that is marked as repeated with QoS 0"),
                _ => default,
            };
        }

        if (type is not (PacketType.ConnAck or PacketType.PubAck or PacketType.SubAck or PacketType.UnsubAck or PacketType.PingResp))
            return new(MqttFault.WrongPacket, $"a packet of type {(int)type}, which no broker sends here");
        return flags == 0 ? default : new(MqttFault.Malformed, $"a packet of type {(int)type} with reserved bits set");
    }

    /// <summary>Whether a packet that begins like this may be this long; known before its body has come.</summary>
    public static MqttResult ProblemOfLength(byte first, long length)
    {
        var type = TypeOf(first);
        var isRight = type switch
        {
            PacketType.Publish => length >= 3,
            PacketType.PingResp => length == 0,
            PacketType.SubAck => length == 3,
            _ => length == 2,
        };
        return isRight ? default : new(MqttFault.Malformed, $"a packet of type {(int)type} with the length {length}");
    }

    public static MqttResult ReadConnAck(ReadOnlySpan<byte> body, out bool hasSession)
    {
        hasSession = body[0] == 1;
        if (body[0] > 1) return new(MqttFault.Malformed, "a CONNACK with reserved bits set");
        if (hasSession && body[1] != 0) return new(MqttFault.Malformed, "a CONNACK that refuses and keeps a session");
        return body[1] switch
        {
            0 => default,
            1 => new(MqttFault.VersionRefused, "CONNACK 1: unacceptable protocol version"),
            2 => new(MqttFault.IdentifierRejected, "CONNACK 2: identifier rejected"),
            3 => new(MqttFault.ServerUnavailable, "CONNACK 3: server unavailable"),
            4 => new(MqttFault.BadCredentials, "CONNACK 4: bad user name or password"),
            5 => new(MqttFault.NotAuthorised, "CONNACK 5: not authorised"),
            var code => new(MqttFault.Malformed, $"a CONNACK with the unknown code {code}"),
        };
    }

    /// <summary>Reads PUBACK and UNSUBACK.</summary>
    public static MqttResult ReadId(ReadOnlySpan<byte> body, out ushort id)
    {
        id = BinaryPrimitives.ReadUInt16BigEndian(body);
        return id == 0 ? new(MqttFault.Malformed, "the packet id 0") : default;
    }

    /// <summary>Reads the answer to a SUBSCRIBE for one filter.</summary>
    /// <param name="body">Behind the length.</param>
    /// <param name="id">Of the SUBSCRIBE.</param>
    /// <param name="granted">The QoS; null when it was refused.</param>
    public static MqttResult ReadSubAck(ReadOnlySpan<byte> body, out ushort id, out MqttQos? granted)
    {
        granted = body[2] <= 1 ? (MqttQos)body[2] : null;
        var result = ReadId(body, out id);
        if (!result.IsSuccess) return result;
        return body[2] is 0 or 1 or Refused ? default : new(MqttFault.Malformed, $"a SUBACK with the code {body[2]}, which cannot be an answer");
    }

    public static MqttResult ReadPublish(byte first, ReadOnlySpan<byte> body, out PublishPacket packet)
    {
        packet = default;
        var topicLength = BinaryPrimitives.ReadUInt16BigEndian(body);
        var qos = (MqttQos)(first >> 1 & 3);
        var payloadAt = 2 + topicLength + (qos == MqttQos.AtMostOnce ? 0 : 2);
        if (payloadAt > body.Length) return new(MqttFault.Malformed, "a PUBLISH that is shorter than its topic");
        var id = qos == MqttQos.AtMostOnce ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(body[(2 + topicLength)..]);
        if (qos != MqttQos.AtMostOnce && id == 0) return new(MqttFault.Malformed, "a PUBLISH with the packet id 0");
        packet = new PublishPacket(body.Slice(2, topicLength), body[payloadAt..], id, qos, (first & 1) != 0, (first & 8) != 0);
        return default;
    }
}

/// <summary>A PUBLISH whose bytes lie in the receive buffer; its topic is not checked yet.</summary>
internal readonly ref struct PublishPacket(
    ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, ushort id, MqttQos qos, bool retain, bool duplicate)
{
    public ReadOnlySpan<byte> Topic { get; } = topic;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary>0 at QoS 0.</summary>
    public ushort Id { get; } = id;

    public MqttQos Qos { get; } = qos;

    public bool Retain { get; } = retain;

    public bool Duplicate { get; } = duplicate;
}
