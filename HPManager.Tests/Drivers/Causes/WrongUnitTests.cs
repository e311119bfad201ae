using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Tests.Drivers.Modbus.Client;
using HPManager.Tests.Drivers.Modbus.Driver;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Causes;

/// <summary>A unit id that nobody answers to: the connection test tries a few usual ones, by one read each, and names the one that does.</summary>
public sealed class WrongUnitTests
{
    public static TheoryData<string> OverModbus => [.. TestedMakes.OverModbus];

    [Theory]
    [MemberData(nameof(OverModbus))]
    public async Task Test_SilentUnit_NamesTheOneThatAnswersAfterOneReadEach(string make)
    {
        await using var device = Device(answering: 1);
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump(make, device.Port, unit: 3, answerWithin: 100));

        Assert.Equal(
            new Failure(FailureCause.WrongUnit, "Unit id 3 does not answer, but 1 does.", "Set the unit id to 1 and test again."), failure);
        Assert.Single(device.Requests, request => request[6] != 3);
        AssertReads(device);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(0)]
    [InlineData(247)]
    public async Task Test_SilentUnit_TriesTheUsualOnes(byte actual)
    {
        await using var device = Device(answering: actual);
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump("idm/navigator_2_0", device.Port, unit: 3, answerWithin: 100));

        Assert.Equal($"Unit id 3 does not answer, but {actual} does.", failure.Message);
    }

    [Fact]
    public async Task Test_NoUnitAnswers_SaysWhatThePollSaidAfterFiveReadsAtMost()
    {
        await using var device = Device(answering: null);
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump("idm/navigator_2_0", device.Port, unit: 3, answerWithin: 100));

        Assert.Equal(FailureCause.NoAnswer, failure.Cause);
        Assert.Contains("unit id 3", failure.Message, StringComparison.Ordinal);
        Assert.Equal([1, 255, 0, 247], device.Requests.Select(request => request[6]).Where(unit => unit != 3));
        AssertReads(device);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Test_GatewayWithoutThisUnit_NamesTheOneThatAnswers(byte code)
    {
        await using var device = Device(answering: 1, refusal: code);
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump("nibe/s1155", device.Port, unit: 9));

        Assert.Equal((FailureCause.WrongUnit, "Unit id 9 does not answer, but 1 does."), (failure.Cause, failure.Message));
    }

    [Theory]
    [MemberData(nameof(OverModbus))]
    public async Task Test_UnitThatRefusesEverything_NamesTheOneThatHasIt(string make)
    {
        await using var device = Device(answering: 255, refusal: 2);
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump(make, device.Port, unit: 1));

        Assert.Equal(FailureCause.WrongUnit, failure.Cause);
        Assert.Equal($"Unit id 1 has nothing of {TestedMakes.ModelOf(make).Name}, but 255 does.", failure.Message);
    }

    [Fact]
    public async Task Test_SilentUnitWhereAnotherRefuses_SaysThatItIsNoSuchModel()
    {
        await using var device = FakeModbusServer.Tcp((connection, request) =>
            request[6] == 255 ? connection.SendAsync(Refusal(request, 2)) : Task.CompletedTask);
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump("idm/navigator_2_0", device.Port, unit: 3, answerWithin: 100));

        Assert.Equal("Unit id 3 does not answer, but 255 does, although not as Navigator 2.0 would.", failure.Message);
    }

    [Fact]
    public async Task Test_DeviceThatSaysItIsAnotherModel_IsNotAskedUnderOtherUnits()
    {
        await using var device = new RegisterFake();
        device.Set(5001, 103);
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump("stiebel_eltron/wpm_system", device.Port));

        Assert.Equal(FailureCause.OtherModel, failure.Cause);
        Assert.All(device.Reads, read => Assert.Equal(1, read.Unit));
    }

    [Fact]
    public async Task Test_SerialGateway_IsNeverAskedForOtherUnits()
    {
        await using var device = FakeModbusServer.Rtu((_, _) => Task.CompletedTask);
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(
            makes.HeatPump("idm/navigator_2_0", device.Port, unit: 3, kind: ModbusConnections.RtuOverTcp, answerWithin: 100));

        Assert.Equal(FailureCause.NoAnswer, failure.Cause);
        Assert.All(device.Requests, request => Assert.Equal(3, request[0]));
    }

    [Fact]
    public async Task Test_EndpointThatAConfiguredHeatPumpUses_IsNotAskedForOtherUnits()
    {
        await using var device = Device(answering: 1);
        await using var makes = new TestedMakes();
        var configured = makes.HeatPump("daikin/air_to_air_homehub", device.Port, unit: 5, answerWithin: 100) with { Id = HeatPumpId.FromNumber(2) };
        await makes.Manager.ApplyAsync(configured, CancellationToken.None);

        var failure = await makes.FailAsync(makes.HeatPump("daikin/air_to_air_homehub", device.Port, unit: 3, answerWithin: 100));

        Assert.Equal(FailureCause.NoAnswer, failure.Cause);
        Assert.All(device.Requests, request => Assert.Contains(request[6], (byte[])[3, 5]));
    }

    [Fact]
    public async Task Poll_SilentUnit_NeverAsksForAnother()
    {
        await using var device = Device(answering: 1);
        await using var site = DriverSite.Open(
            ShippedModel(), Settings.Empty, DriverSite.Connection(device.Port, 3) with { Settings = DriverSite.Connection(device.Port, 3).Settings.With("request_timeout_ms", "100") });

        Assert.Equal(FailureCause.NoAnswer, (await site.FailAsync()).Cause);

        Assert.All(device.Requests, request => Assert.Equal(3, request[6]));
    }

    [Fact]
    public async Task Test_SearchThatRunsIntoTheLimit_SaysWhatThePollSaid()
    {
        var time = new ManualTime();
        await using var device = Device(answering: null);
        await using var makes = new TestedMakes(time);

        // Two waits of 13 s for the poll leave 4 s of the 30: time for two unit ids of four.
        var testing = makes.FailAsync(makes.HeatPump("idm/navigator_2_0", device.Port, unit: 3, answerWithin: 13_000));
        foreach (var (heard, seconds) in ((int, int)[])[(1, 13), (2, 13), (3, 2), (4, 2)])
        {
            await Eventually.IsTrue(() => device.Requests.Count == heard);
            time.Advance(TimeSpan.FromSeconds(seconds));
        }

        var failure = await testing.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal((FailureCause.NoAnswer, "Connected, but unit id 3 gives no answer in time."), (failure.Cause, failure.Message));
        Assert.Equal([3, 3, 1, 255], device.Requests.Select(request => request[6]));
    }

    private static ModbusModel ShippedModel() => (ModbusModel)TestedMakes.ModelOf("idm/navigator_2_0");

    private static FakeModbusServer Device(byte? answering, byte? refusal = null) => FakeModbusServer.Tcp((connection, request) =>
    {
        if (request[6] == answering)
        {
            return connection.SendAsync(request[7] < 3
                ? ModbusFrames.Tcp((request[0] << 8) | request[1], request[6], request[7], 1, 0)
                : ModbusFrames.AnswerTcp(request, new ushort[(request[10] << 8) | request[11]]));
        }

        return refusal is { } code ? connection.SendAsync(Refusal(request, code)) : Task.CompletedTask;
    });

    private static byte[] Refusal(byte[] request, byte code) =>
        ModbusFrames.Tcp((request[0] << 8) | request[1], request[6], (byte)(request[7] | 0x80), code);

    private static void AssertReads(FakeModbusServer device) => Assert.All(device.Requests, request => Assert.InRange(request[7], 1, 4));
}
