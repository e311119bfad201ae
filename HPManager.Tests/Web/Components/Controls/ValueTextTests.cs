using Bunit;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Controls;

namespace HPManager.Tests.Web.Components.Controls;

public sealed class ValueTextTests : IDisposable
{
    private static readonly SensorDefinition Flow = Sensor.Number("flow", "°C");
    private readonly PagesRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Render_GoodValue_IsNumberAndUnitAndNothingToFocus()
    {
        var value = Render(_rig.Good(34.2));

        Assert.Equal("34.2\u00a0°C", value.Find(".value").TextContent);
        Assert.Null(value.Find(".value").GetAttribute("tabindex"));
    }

    [Theory]
    [InlineData(Quality.Missing, null, "not fitted", "–", "No value: not fitted")]
    [InlineData(Quality.Failed, null, "illegal data address", "–", "Could not be read: illegal data address")]
    [InlineData(Quality.Implausible, 912.0, "above 120 °C", "912.0", "Implausible: above 120 °C")]
    public void Render_DoubtfulValue_TellsTheReasonOnHoverAndFocus(Quality quality, double? number, string reason, string shown, string hint)
    {
        var value = Render(new Reading(number, null, quality, _rig.Time.GetUtcNow(), reason)).Find(".value");

        Assert.StartsWith(shown, value.TextContent.Trim());
        Assert.Equal(hint, value.GetAttribute("data-hint"));
        Assert.Equal("0", value.GetAttribute("tabindex"));
        Assert.Contains(reason, value.GetAttribute("aria-label"));
    }

    [Fact]
    public void Render_StaleValue_IsDimmedWithItsAge()
    {
        var value = Render(new Reading(34.2, null, Quality.Stale, _rig.Time.GetUtcNow().AddMinutes(-4), "no newer value")).Find(".value");

        Assert.Contains("stale", value.ClassList);
        Assert.Equal("Read 4 min ago, no newer value", value.GetAttribute("data-hint"));
    }

    [Fact]
    public void Render_ChangedValue_Fades()
    {
        var value = Render(_rig.Good(34.2));
        Assert.Empty(value.FindAll(".changed"));

        value.Render(parameters => parameters.Add(text => text.Reading, _rig.Good(34.3)));

        Assert.Single(value.FindAll(".changed"));
    }

    [Fact]
    public void Render_TextThatIsAMoment_IsWrittenForTheViewer()
    {
        var fault = Sensor.Switch("fault_1_time") with { Kind = ValueKind.Text };
        var at = _rig.Time.GetUtcNow();
        var reading = new Reading(null, "2025-01-05T06:30:00Z", Quality.Good, at);

        var value = _rig.Render<ValueText>(parameters => parameters.Add(text => text.Sensor, fault).Add(text => text.Reading, reading));

        Assert.Equal("5 Jan 2025 06:30", value.Find(".value").TextContent.Trim());
    }

    private IRenderedComponent<ValueText> Render(Reading reading) =>
        _rig.Render<ValueText>(parameters => parameters.Add(text => text.Sensor, Flow).Add(text => text.Reading, reading));
}
