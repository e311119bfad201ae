using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Display;

namespace HPManager.Tests.Web.Components.Display;

public class ValueFormatTests
{
    [Theory]
    [InlineData(34.25, "°C", "en-US", "34.3\u00a0°C")]
    [InlineData(34.25, "°C", "de-DE", "34,3\u00a0°C")]
    [InlineData(-5.02, "°C", "en-US", "−5.0\u00a0°C")]
    [InlineData(-0.02, "°C", "en-US", "0.0\u00a0°C")]
    [InlineData(1.234, "kW", "en-US", "1.23\u00a0kW")]
    [InlineData(12345.67, "kWh", "en-US", "12,345.7\u00a0kWh")]
    [InlineData(38.4, "%", "en-US", "38\u00a0%")]
    [InlineData(1204, "", "en-US", "1,204")]
    [InlineData(0.6, "", "en-US", "0.6")]
    public void WithUnit_AnyUnit_HasItsDecimalsInTheViewersCulture(double value, string symbol, string culture, string expected)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        Assert.True(Unit.TryParse(symbol, out var unit));

        Assert.Equal(expected, ValueFormat.WithUnit(value, unit));
    }

    [Fact]
    public void Reading_WithoutAValue_IsADash()
    {
        var sensor = Sensor.Number("flow", "°C");
        var reading = HPManager.Core.Sensors.Reading.Missing(DateTimeOffset.UnixEpoch, "not fitted");

        Assert.Equal("–", ValueFormat.Reading(sensor, reading));
        Assert.Equal("", ValueFormat.UnitOf(sensor, reading));
    }

    [Fact]
    public void Reading_Code_IsItsWord() =>
        Assert.Equal("Hot water only", ValueFormat.Reading(Sensor.Code("mode"), new Reading(4, "hot_water_only", Quality.Good, DateTimeOffset.UnixEpoch)));

    [Theory]
    [InlineData(1, "just now")]
    [InlineData(12, "12 s ago")]
    [InlineData(200, "3 min ago")]
    [InlineData(7500, "2 h 5 min ago")]
    [InlineData(7200, "2 h ago")]
    [InlineData(400_000, "4 d ago")]
    public void Age_AnySpan_IsShort(int seconds, string expected) => Assert.Equal(expected, ValueFormat.Age(TimeSpan.FromSeconds(seconds)));
}
