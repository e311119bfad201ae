namespace HPManager.Drivers.Mqtt.Packets;

/// <summary>The upper half of a packet's first byte (MQTT 3.1.1, 2.2.1), of the packets that are spoken here.</summary>
internal enum PacketType
{
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    PubAck = 4,
    Subscribe = 8,
    SubAck = 9,
    Unsubscribe = 10,
    UnsubAck = 11,
    PingReq = 12,
    PingResp = 13,
    Disconnect = 14,
}
