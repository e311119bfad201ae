using System.Globalization;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Display;

namespace HPManager.Tests.Web.Components.Display;

public class StateSentenceTests
{
    public StateSentenceTests() => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("en-US");

    [Fact]
    public void Of_Heating_NamesTargetAndCompressor()
    {
        var activity = new Activity
        {
            Kind = ActivityKind.Heating,
            CompressorRunning = true,
            CompressorSpeed = 38,
            CompressorSpeedUnit = Unit.Percent,
            Target = 34,
        };

        Assert.Equal("Heating to 34\u00a0°C, 38\u00a0% compressor", StateSentence.Of(activity).Text);
    }

    [Fact]
    public void Of_HeatingWithTheCompressorOff_SaysSo() =>
        Assert.Equal(
            "Heating asked for, compressor off",
            StateSentence.Of(new Activity { Kind = ActivityKind.Heating, CompressorRunning = false }).Text);

    [Fact]
    public void Of_Fault_ComesFirst()
    {
        var sentence = StateSentence.Of(new Activity { Kind = ActivityKind.Heating, Fault = "218" });

        Assert.Equal("Fault 218, heating", sentence.Text);
        Assert.Equal("fault", sentence.Tone);
    }

    [Fact]
    public void Of_Offline_SaysSinceWhenAndWhy()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 1, 15, 15, 0, 0, TimeSpan.Zero));
        var state = new HeatPumpState
        {
            HeatPump = FakeMake.HeatPump("hp-001", "a"),
            Model = new FakeMake().Model,
            Connection = ConnectionState.Offline,
            Since = new DateTimeOffset(2026, 1, 15, 14, 2, 0, TimeSpan.Zero),
            LastError = new Failure(FailureCause.PortClosed, "a refuses port 502."),
        };

        Assert.Equal("Not answering since 14:02: connection refused", StateSentence.Of(state, new Viewer(time)).Text);
    }

    [Theory]
    [InlineData(BatteryActivityKind.Charging, 1.5, null, "Charging 1.50\u00a0kW, 40\u00a0% full", "surplus")]
    [InlineData(BatteryActivityKind.Idle, 0.0, null, "Idle, 40\u00a0% full", "quiet")]
    [InlineData(BatteryActivityKind.Delivering, 0.5, "fan_lock", "Fault: Fan lock, delivering 0.50\u00a0kW, 40\u00a0% full", "fault")]
    public void Of_Battery_SaysPowerAndCharge(BatteryActivityKind kind, double power, string? fault, string text, string tone)
    {
        var sentence = StateSentence.Of(new BatteryActivity(kind, 40, power, null, fault));

        Assert.Equal((text, tone), (sentence.Text, sentence.Tone));
    }
}
