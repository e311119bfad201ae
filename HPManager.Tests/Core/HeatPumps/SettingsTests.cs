using System.Text.Json;
using HPManager.Core.HeatPumps;

namespace HPManager.Tests.Core.HeatPumps;

public class SettingsTests
{
    [Theory]
    [InlineData("0042")]
    [InlineData("+5")]
    [InlineData("TRUE")]
    [InlineData("true")]
    [InlineData("-7")]
    [InlineData("192.168.1.20")]
    [InlineData("")]
    public void Json_AnyText_ReadsBackAsWritten(string text)
    {
        var settings = new Settings([new("key", text)]);

        Assert.Equal(settings, JsonSerializer.Deserialize<Settings>(JsonSerializer.Serialize(settings)));
    }
}
