using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Client;

namespace HPManager.Tests.Drivers.Luxtronik.Tables;

public class DerivedSensorTests
{
    [Fact]
    public void SwitchOffs_OfARing_AreSortedByTime()
    {
        var blocks = LuxtronikSamples.Blocks();
        int[] times = [1700000300, 1700000400, 1700000100, 1700000150, 1700000200];
        times.CopyTo(blocks.Calculations, 111);
        int[] reasons = [10, 11, 12, 13, 14];
        reasons.CopyTo(blocks.Calculations, 106);

        Assert.Equal([11, 10, 14, 13, 12], Enumerable.Range(1, 5).Select(place => (int)LuxtronikSamples.Derive($"switch_off_{place}", blocks).Value!.Value));
        Assert.Equal("flow rate", LuxtronikSamples.Derive("switch_off_1", blocks).Text);
        Assert.Equal("2023-11-14T22:20:00Z", LuxtronikSamples.Derive("switch_off_1_time", blocks).Text);
    }

    [Fact]
    public void Faults_ComeWithTextAndTimeAndEmptySlotsAreMissing()
    {
        var blocks = LuxtronikSamples.Blocks();
        (blocks.Calculations[95], blocks.Calculations[100]) = (1700000000, 711);
        (blocks.Calculations[96], blocks.Calculations[101]) = (1600000000, 999);
        (blocks.Calculations[97], blocks.Calculations[102]) = (1500000000, 335364);
        (blocks.Calculations[98], blocks.Calculations[103]) = (1400000000, -1);

        var first = LuxtronikSamples.Derive("fault_1", blocks);
        Assert.Equal((Quality.Good, 711, "outdoor sensor"), (first.Quality, first.Value, first.Text));
        Assert.Equal("2023-11-14T22:13:20Z", LuxtronikSamples.Derive("fault_1_time", blocks).Text);
        Assert.Equal((Quality.Good, 999, null), (LuxtronikSamples.Derive("fault_2", blocks).Quality, LuxtronikSamples.Derive("fault_2", blocks).Value, LuxtronikSamples.Derive("fault_2", blocks).Text));
        Assert.Equal(Quality.Implausible, LuxtronikSamples.Derive("fault_3", blocks).Quality);
        Assert.Equal(Quality.Missing, LuxtronikSamples.Derive("fault_4", blocks).Quality);
        Assert.Equal((Quality.Missing, "no entry"), (LuxtronikSamples.Derive("fault_5", blocks).Quality, LuxtronikSamples.Derive("fault_5", blocks).Reason));
    }

    [Theory]
    [InlineData(3, true, 10_000_000, 1, 711)]
    [InlineData(1, true, 60, 0, 0)]
    [InlineData(0, true, 60, 0, 0)]
    [InlineData(0, false, 60, 1, 711)]
    [InlineData(0, false, 3600, 0, 0)]
    [InlineData(0, false, -60, 0, 0)]
    public void FaultActive_FollowsTheStatusLineOrTheAgeWhereThereIsNone(int line, bool tellsStatus, int ageSeconds, int active, int code)
    {
        var blocks = LuxtronikSamples.Blocks();
        (blocks.Calculations[95], blocks.Calculations[100]) = (1700000000, 711);
        blocks.Calculations[117] = line;
        blocks.Calculations[134] = 1700000000 + ageSeconds;

        Assert.Equal(active, LuxtronikSamples.Derive("fault_active", blocks, tellsStatus).Value);
        Assert.Equal(code, LuxtronikSamples.Derive("fault_code", blocks, tellsStatus).Value);
    }

    [Theory]
    [InlineData(0, 0, 0, 0, "idle")]
    [InlineData(0, 0, 1, 0, "heating")]
    [InlineData(0, 0, 0, 1, "heating")]
    [InlineData(0, 9, 1, 0, "hot water")]
    [InlineData(5, 10, 0, 0, "cooling")]
    [InlineData(4, 7, 1, 0, "defrost")]
    [InlineData(5, 1, 0, 0, "idle")]
    public void OperatingState_KnownSlipsOfTheController_ArePutRight(int mode, int detail, int compressor, int heater, string expected)
    {
        var blocks = LuxtronikSamples.Blocks();
        blocks.Calculations[80] = mode;
        blocks.Calculations[119] = detail;
        blocks.Calculations[44] = compressor;
        blocks.Calculations[48] = heater;

        Assert.Equal(expected, LuxtronikSamples.Derive("operating_state", blocks).Text);
        Assert.Equal(expected == "defrost" ? 1 : 0, LuxtronikSamples.Derive("defrost_active", blocks).Value);
    }

    [Theory]
    [InlineData("V3.92.1", 1, 0, 0, 0, 1)]
    [InlineData("V3.92.1", 0, 0, 0, 0, 2)]
    [InlineData("V3.92.1", 0, 1, 0, 0, 3)]
    [InlineData("V3.92.1", 1, 1, 0, 0, 4)]
    [InlineData("V2.88.0", 0, 0, -50, 0, 3)]
    [InlineData("V2.88.0", 1, 0, 50, 0, 1)]
    [InlineData("V2.88.0", 1, 0, 0, 0, null)]
    [InlineData("V2.88.0", 1, 0, 50, 4, null)]
    public void SmartGrid_Contacts_GiveTheState(string firmware, int first, int second, int roomStation, int roomUnit, int? expected)
    {
        var blocks = LuxtronikSamples.Blocks(firmware);
        (blocks.Calculations[31], blocks.Calculations[185], blocks.Calculations[23]) = (first, second, roomStation);
        (blocks.Parameters[1030], blocks.Parameters[33]) = (1, roomUnit);

        Assert.Equal(expected, LuxtronikSamples.Derive("smart_grid_state", blocks).Value);

        blocks.Parameters[1030] = 0;
        Assert.Equal(Quality.Missing, LuxtronikSamples.Derive("smart_grid_state", blocks).Quality);
    }

    [Fact]
    public void ElectricEnergy_IsTheSumOfItsParts()
    {
        var blocks = LuxtronikSamples.Blocks();
        int[] parts = [123456, 1000, 10, 1];
        parts.CopyTo(blocks.Parameters, 1136);

        Assert.Equal(1244.67, LuxtronikSamples.Derive("electric_energy", blocks).Value);
        Assert.Equal(Quality.Missing, LuxtronikSamples.Derive("electric_energy", blocks with { Parameters = new int[1139] }).Quality);
    }

    [Fact]
    public void ClockDifference_IsTheControllersMinusOurs()
    {
        var blocks = LuxtronikSamples.Blocks();
        blocks.Calculations[134] = (int)LuxtronikSamples.At.ToUnixTimeSeconds() - 90;

        Assert.Equal(-90, LuxtronikSamples.Derive("clock_difference", blocks).Value);
    }

    [Fact]
    public void Derived_FromBlocksOfAnyLength_AreMissingAndNeverThrow()
    {
        for (var length = 91; length < 269; length++)
        {
            var blocks = new LuxtronikBlocks(new int[1], LuxtronikSamples.Blocks().Calculations[..length], [0]);
            foreach (var sensor in LuxtronikSamples.Tables.Derived) LuxtronikSamples.Derive(sensor.Definition.Key.Value, blocks);
        }
    }
}
