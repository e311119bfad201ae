using HPManager.Web.Components.Display;

namespace HPManager.Tests.Web.Components.Display;

public class ChartWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("7d", 168)]
    [InlineData("nonsense", 24)]
    [InlineData(null, 24)]
    public void Live_Range_EndsNow(string? range, int hours) =>
        Assert.Equal(new ChartWindow(Now.AddHours(-hours), Now, IsLive: true), ChartWindow.Live(range, Now));

    [Theory]
    [InlineData(null, 1.0)]
    [InlineData(10.0, 10.0)]
    [InlineData(double.NaN, 10.0)]
    [InlineData(0.0, double.PositiveInfinity)]
    [InlineData(0.0, 1e300)]
    public void Between_NoStretch_IsNone(double? from, double? to) => Assert.Null(ChartWindow.Between(from, to));

    [Fact]
    public void Between_TooShort_IsWidened()
    {
        var window = ChartWindow.Between(1000.25, 1001)!;

        Assert.Equal(ChartWindow.Shortest, window.To - window.From);
        Assert.False(window.IsLive);
    }
}
