using HPManager.Web.Components.Charts;

namespace HPManager.Tests.Web.Components.Charts;

public class ChartWindowTests
{
    [Theory]
    [InlineData(null, 1.0)]
    [InlineData(10.0, 10.0)]
    [InlineData(double.NaN, 10.0)]
    [InlineData(0.0, double.PositiveInfinity)]
    [InlineData(0.0, 1e300)]
    [InlineData(0.0, 1e10)]
    public void Between_NoStretch_IsNone(double? from, double? to) => Assert.Null(ChartWindow.Between(from, to));

    [Fact]
    public void Between_TooShort_IsWidened()
    {
        var window = ChartWindow.Between(1000.25, 1001)!;

        Assert.Equal(ChartWindow.Shortest, window.To - window.From);
        Assert.False(window.IsLive);
    }
}
