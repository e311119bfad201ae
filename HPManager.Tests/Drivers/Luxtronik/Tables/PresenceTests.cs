using HPManager.Drivers.Luxtronik.Client;
using HPManager.Drivers.Luxtronik.Driver;
using HPManager.Drivers.Luxtronik.Tables;

namespace HPManager.Tests.Drivers.Luxtronik.Tables;

public class PresenceTests
{
    [Fact]
    public void AbsenceOf_EntryBehindTheEnd_IsSure()
    {
        var blocks = LuxtronikSamples.Blocks() with { Calculations = new int[268] };

        Assert.Contains("firmware", AbsenceOf("electric_power", blocks), StringComparison.Ordinal);
        Assert.Null(AbsenceOf("electric_power", LuxtronikSamples.Blocks()));
    }

    [Fact]
    public void AbsenceOf_HiddenEntryThatNeverMoved_IsAbsent()
    {
        var blocks = LuxtronikSamples.Blocks();
        blocks.Visibilities[24] = 0;
        blocks.Calculations[13] = 50;

        Assert.NotNull(AbsenceOf("external_return_temperature", blocks));
    }

    [Theory]
    [InlineData(1, 50)]
    [InlineData(0, 51)]
    public void AbsenceOf_ShownEntryOrARealValue_IsThere(byte visible, int raw)
    {
        var blocks = LuxtronikSamples.Blocks();
        blocks.Visibilities[24] = visible;
        blocks.Calculations[13] = raw;

        Assert.Null(AbsenceOf("external_return_temperature", blocks));
    }

    [Fact]
    public void AbsenceOf_HiddenEntryThatMovedOnce_StaysThere()
    {
        var tracker = new PresenceTracker(LuxtronikSamples.Tables.Entries, []);
        var blocks = LuxtronikSamples.Blocks();
        blocks.Visibilities[53 + 11] = 0;
        var position = LuxtronikSamples.Tables.Sensors.PositionOf(LuxtronikSamples.Entry("output_pool_pump").Sensor.Key);
        blocks.Visibilities[2] = 1;
        tracker.Note(blocks);
        Assert.NotNull(tracker.AbsenceOf(position, blocks));

        blocks.Calculations[53] = 1;
        Assert.True(tracker.Note(blocks));
        blocks.Calculations[53] = 0;
        Assert.False(tracker.Note(blocks));

        Assert.Null(tracker.AbsenceOf(position, blocks));
        Assert.Equal(["output_pool_pump"], tracker.Moved);
        Assert.Null(new PresenceTracker(LuxtronikSamples.Tables.Entries, tracker.Moved).AbsenceOf(position, blocks));
    }

    [Fact]
    public void AbsenceOf_VisibilityBlockTooShort_IsNoHint()
    {
        var blocks = LuxtronikSamples.Blocks() with { Visibilities = [1] };
        blocks.Calculations[13] = 50;

        Assert.Null(AbsenceOf("external_return_temperature", blocks));
    }

    [Theory]
    [InlineData(0, 0, 0, 0, false)]
    [InlineData(3, 0, 0, 0, true)]
    [InlineData(0, 4, 0, 0, true)]
    [InlineData(0, 0, 1, 0, true)]
    [InlineData(0, 0, 0, 1, true)]
    public void AbsenceOf_Cooling_FollowsConfigurationRunTimeAndDisplay(int mixing1, int mixing2, int runTime, byte visible, bool isThere)
    {
        var blocks = LuxtronikSamples.Blocks();
        (blocks.Parameters[42], blocks.Parameters[130], blocks.Calculations[66], blocks.Visibilities[3]) = (mixing1, mixing2, runTime, visible);

        Assert.Equal(isThere, AbsenceOf("cooling_mode", blocks) is null);
    }

    [Fact]
    public void AbsenceOf_SecondUnit_FollowsTheConfiguration()
    {
        var blocks = LuxtronikSamples.Blocks();
        Assert.NotNull(AbsenceOf("high_pressure_2", blocks));

        blocks.Parameters[1010] = 1;
        Assert.Null(AbsenceOf("high_pressure_2", blocks));
        Assert.Null(AbsenceOf("high_pressure_2", blocks with { Parameters = new int[1010] }));
    }

    [Theory]
    [InlineData("x1=0")]
    [InlineData("p=0")]
    [InlineData("p1")]
    [InlineData("p1=a")]
    [InlineData("")]
    public void Parse_NoRule_Throws(string text) => Assert.Throws<FormatException>(() => PresenceRule.Parse(text));

    private static string? AbsenceOf(string key, LuxtronikBlocks blocks)
    {
        var tracker = new PresenceTracker(LuxtronikSamples.Tables.Entries, []);
        tracker.Note(blocks);
        return tracker.AbsenceOf(LuxtronikSamples.Tables.Sensors.PositionOf(LuxtronikSamples.Entry(key).Sensor.Key), blocks);
    }
}
