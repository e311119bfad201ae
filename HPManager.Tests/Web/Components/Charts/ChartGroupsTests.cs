using HPManager.Tests.Shared;
using HPManager.Web.Components.Charts;

namespace HPManager.Tests.Web.Components.Charts;

public class ChartGroupsTests
{
    [Fact]
    public void Of_ThreeUnitsAndAState_NeedsThreeCharts()
    {
        var groups = ChartGroups.Of(
        [
            Lines.Of(Sensor.Number("flow", "°C")), Lines.Of(Sensor.Switch("compressor")), Lines.Of(Sensor.Number("power", "kW")),
            Lines.Of(Sensor.Number("return", "°C")), Lines.Of(Sensor.Number("pressure", "bar")),
        ]);

        Assert.Equal(["flow return power", "pressure", "compressor"], groups.Select(group => string.Join(' ', group.Select(line => line.Sensor.Key))));
    }

    [Fact]
    public void Of_TwoUnitsOfSeveralHeatPumps_GetAChartEach()
    {
        var groups = ChartGroups.Of([.. Enumerable.Range(1, 3).SelectMany(number => new[]
        {
            Lines.Of(Sensor.Number("flow", "°C"), $"hp-00{number}"), Lines.Of(Sensor.Number("power", "kW"), $"hp-00{number}"),
        })]);

        Assert.Equal(["flow 3", "power 3"], groups.Select(group => $"{group[0].Sensor.Key} {group.Count}"));
    }

    [Fact]
    public void Of_SensorThatIsOnlyWritten_IsLeftOut() => Assert.Empty(ChartGroups.Of([Lines.Of(FakeMake.Surplus)]));
}
