using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Modbus.Driver;

/// <summary>What a poll makes of a device that answers.</summary>
public class ModbusPollTests
{
    private static readonly string[] FourWords = ["a 10 int16", "b 11 int16", "c 12 int16", "d 13 int16"];

    [Fact]
    public async Task Poll_DeviceThatAnswers_GivesEverySensorInOrderUnderOneTimestamp()
    {
        await using var device = new RegisterFake();
        device.Set(10, 0x0039, 0x8000, 0xFDA8, 0xFFFF);
        await using var site = DriverSite.Open(
            device.Port, ["a 10 int16 scale=0.1", "b 11 int16", "c 12 int32 scale=0.1", "d 14 uint16 access=w write_class=single_shot"]);

        var snapshot = await site.PollAsync();

        Assert.Equal(["Good 5.7", "Missing   not connected", "Good -60", "Missing   write only"], snapshot.Readings.Select(DriverSite.Describe));
        Assert.Equal(DriverSite.At, snapshot.At);
        Assert.All(snapshot.Readings, reading => Assert.Equal(DriverSite.At, reading.At));
        Assert.Equal(["10(4)"], device.TakeReads());
    }

    [Fact]
    public async Task Poll_BlockWithAnAbsentPoint_ReadsTheOthersAndRemembers()
    {
        await using var device = new RegisterFake();
        device.Set(10, 1, 2);
        device.Set(13, 4);
        await using var site = DriverSite.Open(device.Port, FourWords);

        var snapshot = await site.PollAsync();

        Assert.Equal(
            ["Good 1", "Good 2", "Missing   this heat pump does not have it (illegal data address)", "Good 4"], snapshot.Readings.Select(DriverSite.Describe));
        Assert.Equal(["10(4)", "10(2)", "12(2)", "12(1)", "13(1)"], device.TakeReads());
        Assert.Equal("Missing   this heat pump does not have it (illegal data address)", await site.StateAsync("c"));
        Assert.Equal(["10(2)", "13(1)"], device.TakeReads());
    }

    [Fact]
    public async Task Attach_WithTheMemoryOfAnEarlierSession_DoesNotAskForWhatIsAbsent()
    {
        await using var device = new RegisterFake();
        device.Set(10, 1, 2);
        device.Set(13, 4);
        await using var site = DriverSite.Open(device.Port, FourWords);
        await site.PollAsync();
        device.TakeReads();

        await using var later = DriverSite.Open(device.Port, FourWords, earlier: site);
        await later.PollAsync();

        Assert.Equal(["10(2)", "13(1)"], device.TakeReads());
    }

    [Fact]
    public async Task Poll_ADayAfterTheRefusal_AsksAgainAndTakesThePointBack()
    {
        var time = new ManualTime(DriverSite.At);
        await using var device = new RegisterFake();
        device.Set(10, 1, 2);
        device.Set(13, 4);
        await using var site = DriverSite.Open(device.Port, FourWords, time);
        await site.PollAsync();
        device.Set(12, 3);

        time.Advance(TimeSpan.FromHours(23));
        Assert.StartsWith("Missing", await site.StateAsync("c"), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("Good 3", await site.StateAsync("c"));
        device.TakeReads();

        Assert.Equal("Good 3", await site.StateAsync("c"));
        Assert.Equal(["10(4)"], device.TakeReads());
    }

    [Fact]
    public async Task Poll_BlockThatIsRefusedAlthoughEachHalfAnswers_IsCutThereFromNowOn()
    {
        await using var device = new RegisterFake { Refuse = read => read.Start < 12 && read.Start + read.Count > 12 ? 2 : 0 };
        device.Set(10, 1, 2, 3, 4);
        await using var site = DriverSite.Open(device.Port, FourWords);

        var snapshot = await site.PollAsync();

        Assert.All(snapshot.Readings, reading => Assert.True(reading.IsGood));
        device.TakeReads();
        await site.PollAsync();
        Assert.Equal(["10(2)", "12(2)"], device.TakeReads());
    }

    [Fact]
    public async Task Poll_HoleThatTheDeviceRefuses_IsNotReadAlongAgain()
    {
        await using var device = new RegisterFake();
        device.Set(10, 1, 2);
        device.Set(13, 4);
        await using var site = DriverSite.Open(device.Port, ["a 10 int16", "b 11 int16", "d 13 int16"], blocks: "max_words: 20, max_hole: 2");

        await site.PollAsync();
        device.TakeReads();

        Assert.Equal("Good 4", await site.StateAsync("d"));
        Assert.Equal(["10(2)", "13(1)"], device.TakeReads());
    }

    [Fact]
    public async Task Poll_OptionalPoint_JoinsItsNeighboursOnceItHasAnswered()
    {
        await using var device = new RegisterFake();
        device.Set(10, 1, 2, 3);
        await using var site = DriverSite.Open(device.Port, ["a 10 int16", "b 11 int16 optional=yes", "c 12 int16"]);

        await site.PollAsync();
        Assert.Equal(["10(1)", "11(1)", "12(1)"], device.TakeReads());
        await site.PollAsync();
        Assert.Equal(["10(3)"], device.TakeReads());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Poll_TemporaryRefusalOfOneBlock_FailsItsPointsForThisPollOnly(int code)
    {
        await using var device = new RegisterFake { Refuse = read => read.Start == 20 ? code : 0 };
        device.Set(10, 1);
        device.Set(20, 2);
        await using var site = DriverSite.Open(device.Port, ["a 10 int16", "b 20 int16"]);

        Assert.StartsWith("Failed", await site.StateAsync("b"), StringComparison.Ordinal);
        Assert.Empty(site.Memory);
        device.Refuse = null;
        Assert.Equal("Good 2", await site.StateAsync("b"));
    }

    [Fact]
    public async Task Poll_ValueOutOfRangeInABlockAndRightAlone_IsReadAloneFromNowOn()
    {
        await using var device = new RegisterFake();
        device.Set(10, 1, 22, 3);
        device.Instead = read => read.Count == 3 ? [1, 32453, 3] : null;
        await using var site = DriverSite.Open(device.Port, ["a 10 int16", "b 11 int16 min=0 max=100", "c 12 int16"]);

        Assert.Equal("Good 22", await site.StateAsync("b"));
        Assert.Equal(["10(3)", "11(1)"], device.TakeReads());
        Assert.Equal("Good 22", await site.StateAsync("b"));
        Assert.Equal(["10(1)", "11(1)", "12(1)"], device.TakeReads());
    }

    [Fact]
    public async Task Poll_UnknownCodeThatStays_IsAskedTwiceOnceAndStaysVisible()
    {
        await using var device = new RegisterFake();
        device.Set(10, 1, 77);
        await using var site = DriverSite.Open(device.Port, ["a 10 int16", "b 11 uint8 value=code codes=0=off;1=on"]);

        Assert.Equal("Good 77", await site.StateAsync("b"));
        Assert.Equal(["10(2)", "11(1)"], device.TakeReads());
        Assert.Equal("Good 77", await site.StateAsync("b"));
        Assert.Equal(["10(2)"], device.TakeReads());
    }

    [Fact]
    public async Task Poll_SpikeThatIsGoneWhenAskedAgain_NeverShows()
    {
        await using var device = new RegisterFake();
        device.Set(10, 20);
        await using var site = DriverSite.Open(device.Port, ["power 10 int16 scale=0.01 unit=kW"]);
        await site.PollAsync();
        var answers = 0;
        device.Instead = _ => answers++ == 0 ? [2100] : null;

        Assert.Equal("Good 0.2", await site.StateAsync("power"));
    }

    [Fact]
    public async Task Poll_SpikeThatRepeats_IsMarkedForOnePollAndThenBelieved()
    {
        await using var device = new RegisterFake();
        device.Set(10, 20);
        await using var site = DriverSite.Open(device.Port, ["power 10 int16 scale=0.01 unit=kW"]);
        await site.PollAsync();
        device.Set(10, 2100);

        Assert.StartsWith("Implausible 21", await site.StateAsync("power"), StringComparison.Ordinal);
        Assert.Equal("Good 21", await site.StateAsync("power"));
    }

    [Fact]
    public async Task Poll_ManyDoubtfulValues_AsksAFewAgainEachPollUntilAllAreSettled()
    {
        await using var device = new RegisterFake();
        var rows = Enumerable.Range(0, 20).Select(i => $"p{i} {100 + i} int16 min=0 max=10").ToArray();
        device.Set(100, [.. Enumerable.Repeat((ushort)500, 20)]);
        await using var site = DriverSite.Open(device.Port, rows);

        var requests = new List<int>();
        for (var poll = 0; poll < 4; poll++)
        {
            var snapshot = await site.PollAsync();
            Assert.All(snapshot.Readings, reading => Assert.Equal((Quality.Implausible, 500.0), (reading.Quality, reading.Value)));
            requests.Add(device.TakeReads().Length);
        }

        Assert.Equal([9, 9, 5, 1], requests);
    }

    [Fact]
    public async Task ReadAsync_OneSensor_ReadsItAlone()
    {
        await using var device = new RegisterFake();
        device.Set(10, 1, 2, 3, 4);
        await using var site = DriverSite.Open(device.Port, FourWords);

        var (reading, failure) = await site.Device.ReadAsync(SensorKey.Parse("c"), DriverSite.At, default);

        Assert.Null(failure);
        Assert.Equal("Good 3", DriverSite.Describe(reading));
        Assert.Equal(["12(1)"], device.TakeReads());
    }
}
