using HPManager.Tests.Shared;
using HPManager.Web.Components.Controls;

namespace HPManager.Tests.Web.Components.Controls;

public class ChartGroupsTests
{
    [Fact]
    public void Of_ThreeUnitsAndAState_NeedsThreeCharts()
    {
        var groups = ChartGroups.Of(
        [
            Sensor.Number("flow", "°C"), Sensor.Switch("compressor"), Sensor.Number("power", "kW"), Sensor.Number("return", "°C"), Sensor.Number("pressure", "bar"),
        ]);

        Assert.Equal(["flow return power", "pressure", "compressor"], groups.Select(group => string.Join(' ', group.Select(sensor => sensor.Key))));
    }

    [Fact]
    public void Of_SensorThatIsOnlyWritten_IsLeftOut() => Assert.Empty(ChartGroups.Of([FakeMake.Surplus]));
}
