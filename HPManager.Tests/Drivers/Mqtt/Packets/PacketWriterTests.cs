using HPManager.Drivers.Mqtt;
using HPManager.Drivers.Mqtt.Packets;

namespace HPManager.Tests.Drivers.Mqtt.Packets;

/// <summary>Bytes as MQTT 3.1.1 prints or describes them.</summary>
public class PacketWriterTests
{
    private static readonly MqttEndpoint Broker = new("broker", 1883);

    [Theory]
    [InlineData(null, null, "10 0D 00 04 4D 51 54 54 04 02 00 3C 00 01 63")]
    [InlineData("u", null, "10 10 00 04 4D 51 54 54 04 82 00 3C 00 01 63 00 01 75")]
    [InlineData("u", "p", "10 13 00 04 4D 51 54 54 04 C2 00 3C 00 01 63 00 01 75 00 01 70")]
    [InlineData(null, "p", "10 0D 00 04 4D 51 54 54 04 02 00 3C 00 01 63")]
    public void Connect_WithUser_IsThis(string? user, string? password, string expected) =>
        Assert.Equal(expected, Hex(PacketWriter.Connect(Broker with { User = user, Password = password }, new MqttClientOptions(), "c")));

    [Fact]
    public void Connect_WithWillAndSession_IsThis()
    {
        var options = new MqttClientOptions
        {
            ClientId = "c",
            KeepsSession = true,
            KeepAlive = TimeSpan.FromSeconds(300),
            Will = new MqttWill("w", new byte[] { 1, 2 }, MqttQos.AtLeastOnce, Retain: true),
        };

        Assert.Equal("10 14 00 04 4D 51 54 54 04 2C 01 2C 00 01 63 00 01 77 00 02 01 02", Hex(PacketWriter.Connect(Broker, options, "c")));
    }

    [Fact]
    public void Publish_InEachForm_IsThis()
    {
        Assert.Equal("30 05 00 03 61 2F 62", Hex(PacketWriter.Publish("a/b", default, MqttQos.AtMostOnce, retain: false)));
        var packet = PacketWriter.Publish("a/b", [9], MqttQos.AtLeastOnce, retain: true);
        PacketWriter.SetPacketId(packet, 0x0102);
        Assert.Equal("33 08 00 03 61 2F 62 01 02 09", Hex(packet));
        PacketWriter.SetDuplicate(packet);
        Assert.Equal("3B 08 00 03 61 2F 62 01 02 09", Hex(packet));
    }

    [Theory]
    [InlineData(124, "7F")]
    [InlineData(125, "80 01")]
    [InlineData(16_380, "FF 7F")]
    [InlineData(16_381, "80 80 01")]
    [InlineData(2_097_148, "FF FF 7F")]
    [InlineData(2_097_149, "80 80 80 01")]
    public void Publish_AtTheEdgesOfTheLength_HasTheRightOne(int payload, string length)
    {
        var packet = PacketWriter.Publish("a", new byte[payload], MqttQos.AtMostOnce, retain: false);
        var head = (length.Length + 1) / 3;
        Assert.Equal(length, Hex(packet[1..(1 + head)]));
        Assert.Equal(1 + head + 3 + payload, packet.Length);
        Assert.Equal(packet.Length, PacketWriter.PublishSize("a", payload, MqttQos.AtMostOnce));
    }

    [Fact]
    public void Others_AreThis()
    {
        Assert.Equal("82 08 00 0A 00 03 61 2F 62 01", Hex(PacketWriter.Subscribe(10, "a/b", MqttQos.AtLeastOnce)));
        Assert.Equal("A2 07 00 0A 00 03 61 2F 62", Hex(PacketWriter.Unsubscribe(10, "a/b")));
        Assert.Equal("C0 00", Hex(PacketWriter.PingReq));
        Assert.Equal("E0 00", Hex(PacketWriter.Disconnect));
        var acknowledgement = new byte[4];
        PacketWriter.PubAck(acknowledgement, 0xABCD);
        Assert.Equal("40 02 AB CD", Hex(acknowledgement));
    }

    private static string Hex(byte[] bytes) => BitConverter.ToString(bytes).Replace('-', ' ');
}
