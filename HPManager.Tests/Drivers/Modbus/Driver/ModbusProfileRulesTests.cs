using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Modbus.Driver;

/// <summary>What a profile can say beyond registers, obeyed on the wire.</summary>
public class ModbusProfileRulesTests
{
    private const string Identity = "identity: { sensor: id, codes: { 1: one, 2: Acme Two, 3: one;Acme Three } }";

    [Fact]
    public async Task Poll_CoilsAndDiscreteInputs_AreReadWithTheirOwnFunctions()
    {
        await using var device = new RegisterFake();
        device.Set(0, 1, 0, 1);
        device.Set(9, 1, 1);
        await using var site = DriverSite.Open(device.Port, ["a 0 bool table=coil", "b 2 bool table=coil", "c 9 bool table=discrete", "d 1 bool table=discrete"]);

        var snapshot = await site.PollAsync();

        Assert.Equal(["Good 1 on", "Good 1 on", "Good 1 on", "Good 0 off"], snapshot.Readings.Select(DriverSite.Describe));
        Assert.Equal([(1, "0(3)"), (2, "1(9)")], device.Reads.Take(2).Select(read => (read.Function, read.ToString())));
    }

    [Fact]
    public async Task Write_Coil_IsFunctionFive()
    {
        await using var device = new RegisterFake();
        await using var site = DriverSite.Open(device.Port, ["a 6 bool table=coil access=rw write_class=setting"]);

        Assert.Null(await site.WriteAsync("a", 1));
        Assert.Null(await site.WriteAsync("a", 0));

        Assert.Equal(["050006FF00", "0500060000"], device.Writes.Select(Convert.ToHexString));
    }

    [Theory]
    [InlineData("", "1000370001020003")]
    [InlineData(", function: 6", "0600370003")]
    public async Task Write_Register_UsesTheFunctionOfTheProfile(string rules, string frame)
    {
        await using var device = new RegisterFake();
        await using var site = DriverSite.Open(device.Port, ["a 55 uint16 access=rw write_class=setting"], writeRules: rules);

        Assert.Null(await site.WriteAsync("a", 3));

        Assert.Equal(frame, Convert.ToHexString(Assert.Single(device.Writes)));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(3, null)]
    [InlineData(2, "The device is not a Acme One but a Acme Two (id 2).")]
    [InlineData(9, "The device is of a kind that is not known here (id 9).")]
    public async Task Poll_DeviceThatSaysWhatItIs_IsReadOnlyAsThat(ushort code, string? message)
    {
        await using var device = new RegisterFake();
        device.Set(10, 21, 5, code);
        await using var site = DriverSite.Open(device.Port, ["a 10 int16", "id 12 uint16"], extra: Identity);

        if (message is null)
        {
            Assert.Equal("Good 21", DriverSite.Describe((await site.PollAsync()).Readings[0]));
            return;
        }

        var failure = await site.FailAsync();
        Assert.Equal((FailureCause.OtherModel, message), (failure.Cause, failure.Message));
        Assert.Equal(["12(1)"], device.TakeReads());
    }

    [Fact]
    public async Task Poll_DeviceThatDoesNotSayWhatItIs_IsNotRead()
    {
        await using var device = new RegisterFake();
        device.Set(10, 21);
        await using var site = DriverSite.Open(device.Port, ["a 10 int16", "id 12 uint16"], extra: Identity);

        Assert.Equal(FailureCause.OtherModel, (await site.FailAsync()).Cause);
    }

    [Fact]
    public async Task Poll_OptionalRangeThatIsRefused_IsDroppedWithOneRequestForADay()
    {
        await using var device = new RegisterFake();
        device.Set(10, 1, 2);
        device.Set(15, 6);
        var time = new ManualTime(DriverSite.At);
        await using var site = DriverSite.Open(
            device.Port, ["a 10 int16", "b 11 int16", "c 12 int16", "d 13 int16", "e 14 int16", "f 15 int16"], time,
            blocks: "max_words: 20, max_hole: 0, optional_ranges: [12-14]");

        var snapshot = await site.PollAsync();

        Assert.Equal(["10(2)", "12(3)", "15(1)"], device.TakeReads());
        Assert.Equal("Missing   this heat pump does not have it (illegal data address)", DriverSite.Describe(snapshot.Readings[3]));
        Assert.Equal("Good 6", DriverSite.Describe(snapshot.Readings[5]));
        await site.PollAsync();
        Assert.Equal(["10(2)", "15(1)"], device.TakeReads());
    }

    [Fact]
    public async Task Poll_OptionalRangeThatFailsOtherwise_IsKept()
    {
        await using var device = new RegisterFake();
        device.Set(10, 1, 2, 3);
        device.Refuse = read => read.Start == 12 ? 4 : 0;
        await using var site = DriverSite.Open(
            device.Port, ["a 10 int16", "b 11 int16", "c 12 int16"], blocks: "max_words: 20, max_hole: 0, optional_ranges: [12-14]");

        await site.PollAsync();
        device.Refuse = null;

        Assert.Equal("Good 3", await site.StateAsync("c"));
    }

    [Fact]
    public async Task Poll_SumWhileTheDayMovesIntoTheTotal_NeverRunsBackwards()
    {
        await using var device = new RegisterFake();
        await using var site = DriverSite.Open(device.Port, ["energy 10 uint16 plus=11=1;12=1000 value=counter unit=kWh"]);
        device.Set(10, 24, 987, 2);
        Assert.Equal(3011, (await site.PollAsync()).Readings[0].Value);

        // Midnight: the day has begun anew, the total has not yet got it.
        device.Set(10, 0, 987, 2);
        var held = (await site.PollAsync(DriverSite.At.AddSeconds(30))).Readings[0];
        Assert.Equal((3011, DriverSite.At, Quality.Good), (held.Value, held.At, held.Quality));

        device.Set(10, 0, 11, 3);
        Assert.Equal(3011, (await site.PollAsync(DriverSite.At.AddSeconds(60))).Readings[0].Value);
        device.Set(10, 1, 11, 3);
        Assert.Equal(3012, (await site.PollAsync(DriverSite.At.AddSeconds(90))).Readings[0].Value);

        // A controller that was exchanged stays low, and is believed.
        device.Set(10, 1, 0, 0);
        Assert.Equal(3012, (await site.PollAsync(DriverSite.At.AddMinutes(5))).Readings[0].Value);
        Assert.Equal(1, (await site.PollAsync(DriverSite.At.AddMinutes(12))).Readings[0].Value);
    }

    [Fact]
    public async Task Poll_ValueThatSaysTheDeviceLacksIt_IsAbsentAndNotAskedAgainThatDay()
    {
        await using var device = new RegisterFake();
        string[] rows = ["a 10 int16", "b 11 uint32", "c 13 int16"];
        device.Set(10, 7, 0xFFFF, 0xFFFF, 9);
        await using var site = DriverSite.Open(device.Port, rows);

        var snapshot = await site.PollAsync();
        device.TakeReads();

        Assert.Equal("Missing   this heat pump does not have it", DriverSite.Describe(snapshot.Readings[1]));
        Assert.Equal("Missing   this heat pump does not have it", await site.StateAsync("b"));
        Assert.Equal(["10(1)", "13(1)"], device.TakeReads());

        // Right after its own start a device may say it of everything, so that the next start of ours asks again.
        device.Set(11, 5, 0);
        await using var later = DriverSite.Open(device.Port, rows, earlier: site);
        Assert.Equal("Good 5", await later.StateAsync("b"));
    }
}
