using System.Text;
using HPManager.Drivers.Husdata.Feed;

namespace HPManager.Tests.Drivers.Husdata;

/// <summary>The MQTT lines of the page's section 8, and what is no value of a gateway.</summary>
public class HusdataTopicTests
{
    [Theory]
    [InlineData("841d00aabbcc/HP/000a", "31.2", "841d00aabbcc", "000A", 31.2, true)]
    [InlineData("841d00aabbcc/HP/000a", "312", "841d00aabbcc", "000A", 312.0, false)]
    [InlineData("841D00AABBCC/HP/1A01", "1", "841D00AABBCC", "1A01", 1.0, false)]
    [InlineData("g/HP/BA91", "-2.6\n", "g", "BA91", -2.6, true)]
    public void Parse_ValueOfAGateway_IsItsIndexAndNumber(string topic, string payload, string gateway, string index, double number, bool hasPoint)
    {
        Assert.True(HusdataTopics.TryParse(topic, out var owner, out var parsed));
        Assert.True(HusdataTopics.TryNumber(Encoding.UTF8.GetBytes(payload), out var value, out var point));

        Assert.Equal((gateway, index, number, hasPoint), (owner, parsed.ToString(), value, point));
        Assert.Equal(gateway, HusdataTopics.GatewayOf(topic, Encoding.UTF8.GetBytes(payload)));
    }

    [Theory]
    [InlineData("841d00aabbcc/HP/SET/0203", "22.5")]
    [InlineData("841d00aabbcc/HP/CMD", "GETALL")]
    [InlineData("841d00aabbcc/HP/STATUS", "1")]
    [InlineData("841d00aabbcc/HP/STATUS/x", "1")]
    [InlineData("/HP/0001", "1")]
    [InlineData("a/b/HP/0001", "1")]
    [InlineData("a/hp/0001", "1")]
    [InlineData("a/HP/000", "1")]
    [InlineData("a/HP/000G", "1")]
    [InlineData("a/HP/\u0663\u0663\u0663\u0663", "1")]
    [InlineData("a/HP/0001", "")]
    [InlineData("a/HP/0001", "on")]
    [InlineData("a/HP/0001", "NaN")]
    [InlineData("a/HP/0001", "1e999")]
    [InlineData("a/HP/0001", "1 2")]
    [InlineData("a/HP/0001", "0x10")]
    public void GatewayOf_AnythingElse_IsNoGateway(string topic, string payload) => Assert.Null(HusdataTopics.GatewayOf(topic, Encoding.UTF8.GetBytes(payload)));
}
