using System.Net.Sockets;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Drivers.Luxtronik.Client;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Luxtronik.Driver;

public class LuxtronikPollTests
{
    [Fact]
    public async Task PollAsync_GivesEverySensorUnderOneTimestamp()
    {
        await using var controller = new FakeController();
        (controller.Calculations[15], controller.Calculations[268], controller.Parameters[105]) = (-55, 1830, 480);
        await using var site = new LuxtronikSite(controller);

        var snapshot = await site.PollAsync();

        Assert.Equal(-5.5, snapshot[Signal.OutdoorTemperature]!.Value.Value);
        Assert.Equal(1830, snapshot[Signal.ElectricPower]!.Value.Value);
        Assert.Equal(48, snapshot[Signal.HotWaterTarget]!.Value.Value);
        Assert.Equal("V3.92.1", snapshot[SensorKey.Parse("firmware_version")]!.Value.Text);
        Assert.All(snapshot.Readings, reading => Assert.Equal(snapshot.At, reading.At));
        Assert.Equal(1, controller.Connections);
    }

    [Fact]
    public async Task PollAsync_OldFirmware_LacksWhatCameLater()
    {
        await using var controller = new FakeController { Calculations = FakeController.NewCalculations("V1.80.0", 200), Parameters = new int[1086], Visibilities = [.. Enumerable.Repeat((byte)1, 336)] };
        await using var site = new LuxtronikSite(controller, model: "luxtronik_2_0");

        var snapshot = await site.PollAsync();

        Assert.Equal((Quality.Missing, "this firmware does not have it"), QualityOf(snapshot, "electric_power"));
        Assert.Equal((Quality.Missing, "this firmware does not have it"), QualityOf(snapshot, "electric_energy"));
        Assert.Equal(Quality.Good, QualityOf(snapshot, "outdoor_temperature").Quality);
    }

    [Theory]
    [InlineData("V2.88.1", "luxtronik_2_0", 147.14)]
    [InlineData("V3.92.1", "luxtronik_2_1", 1471.4)]
    [InlineData("smo", "luxtronik_2_0", 147.14)]
    [InlineData("smo", "luxtronik_2_1", 1471.4)]
    public async Task PollAsync_ScaleThatDiffersBySeries_FollowsTheFirmwareThenTheModel(string firmware, string model, double expected)
    {
        await using var controller = new FakeController { Calculations = FakeController.NewCalculations(firmware) };
        controller.Parameters[1059] = 14714;
        await using var site = new LuxtronikSite(controller, model: model);

        Assert.Equal(expected, (await site.ReadingAsync("aux_heater_heat")).Value);
    }

    [Theory]
    [InlineData("V1.88.3", "luxtronik_2_1", "Luxtronik 2.0")]
    [InlineData("WWB1.73", "luxtronik_2_1", "Luxtronik 2.0")]
    [InlineData("V2.88.1", "luxtronik_2_1", "Luxtronik 2.0")]
    [InlineData("V3.92.1", "luxtronik_2_0", "Luxtronik 2.1")]
    public async Task PollAsync_FirmwareOfTheOtherSeries_IsAnotherModelAndTeachesNothing(string firmware, string model, string actual)
    {
        await using var controller = new FakeController { Calculations = FakeController.NewCalculations(firmware) };
        await using var site = new LuxtronikSite(controller, model: model);

        var failure = await site.FailAsync();

        Assert.Equal((FailureCause.OtherModel, $"Choose {actual}."), (failure.Cause, failure.Hint));
        Assert.Contains(firmware, failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, controller.Connections);
        Assert.Empty(site.Memory);
    }

    [Fact]
    public async Task WriteAsync_FirmwareOfTheOtherSeries_SendsNothing()
    {
        await using var controller = new FakeController();
        await using var site = new LuxtronikSite(controller, model: "luxtronik_2_0");

        Assert.Equal(FailureCause.OtherModel, (await site.WriteAsync("hot_water_setpoint", 50))!.Cause);
        Assert.Empty(controller.Writes);
    }

    [Theory]
    [InlineData("V4.1.0")]
    [InlineData("smo")]
    public async Task PollAsync_FirmwareOfNoKnownSeries_IsBelievedToBeTheModelConfigured(string firmware)
    {
        await using var controller = new FakeController { Calculations = FakeController.NewCalculations(firmware) };
        await using var site = new LuxtronikSite(controller, model: "luxtronik_2_0");

        await site.PollAsync();
    }

    [Fact]
    public async Task PollAsync_FirstAnswerBroken_IsReadAgainAfterASecond()
    {
        await using var controller = new FakeController();
        controller.Script = (socket, _) =>
        {
            if (controller.Connections > 1) return Task.FromResult(false);
            socket.Shutdown(SocketShutdown.Both);
            return Task.FromResult(true);
        };
        await using var site = new LuxtronikSite(controller);

        var polling = site.PollAsync();
        await site.AdvanceWhenIdleAsync(connections: 1, TimeSpan.FromSeconds(1));
        await polling;

        Assert.Equal(2, controller.Connections);
    }

    [Fact]
    public async Task PollAsync_BusyController_IsAskedAgainAfterFiveSecondsAndThenLeft()
    {
        await using var controller = new FakeController();
        controller.Script = async (socket, request) =>
        {
            if (request.Command != 3004) return false;
            await socket.SendAsync(FakeController.Words(3004, 1));
            return true;
        };
        await using var site = new LuxtronikSite(controller);

        var failing = site.FailAsync();
        await site.AdvanceWhenIdleAsync(connections: 1, TimeSpan.FromSeconds(4.9));
        Assert.Equal(1, controller.Connections);
        site.Time.Advance(TimeSpan.FromSeconds(0.1));
        var failure = await failing;

        Assert.Equal(FailureCause.Busy, failure.Cause);
        Assert.Equal(2, controller.Connections);
    }

    [Fact]
    public async Task PollAsync_TooFewCalculationsForAFirmwareName_AreRefused()
    {
        await using var controller = new FakeController { Calculations = new int[90] };
        await using var site = new LuxtronikSite(controller);

        var failing = site.FailAsync();
        await site.AdvanceWhenIdleAsync(connections: 1, TimeSpan.FromSeconds(1));

        Assert.Equal(FailureCause.BadAnswer, (await failing).Cause);
    }

    [Fact]
    public async Task PollAsync_BlockShorterThanBeforeOnTheSameFirmware_IsRefusedAfterARestartToo()
    {
        await using var controller = new FakeController();
        await using var first = new LuxtronikSite(controller);
        await first.PollAsync();
        controller.Parameters = new int[1179];
        await using var site = new LuxtronikSite(controller, earlier: first);

        var failing = site.FailAsync();
        await site.AdvanceWhenIdleAsync(connections: 2, TimeSpan.FromSeconds(1));
        Assert.Equal(FailureCause.BadAnswer, (await failing).Cause);

        controller.Calculations = FakeController.NewCalculations("V3.90.1");
        await site.PollAsync();
    }

    [Fact]
    public async Task PollAsync_CounterThatFalls_IsBelievedWhenItStays()
    {
        await using var controller = new FakeController();
        controller.Parameters[870] = 1;
        await using var site = new LuxtronikSite(controller);

        Assert.Equal((Quality.Good, 1000.0), await HeatAsync(10000));
        Assert.Equal((Quality.Implausible, 999.5), await HeatAsync(9995));
        Assert.Equal((Quality.Good, 1000.1), await HeatAsync(10001));
        Assert.Equal((Quality.Implausible, 5.0), await HeatAsync(50));
        Assert.Equal((Quality.Implausible, 4.9), await HeatAsync(49));
        Assert.Equal((Quality.Good, 4.9), await HeatAsync(49));
        Assert.Equal((Quality.Good, 5.1), await HeatAsync(51));

        async Task<(Quality, double?)> HeatAsync(int raw)
        {
            controller.Calculations[151] = raw;
            var reading = await site.ReadingAsync("heat_heating");
            return (reading.Quality, reading.Value);
        }
    }

    [Fact]
    public async Task PollAsync_HiddenAndNeverMoved_IsNotShownAndShownOnceItMoves()
    {
        await using var controller = new FakeController();
        (controller.Visibilities[38], controller.Calculations[28]) = (0, 50);
        await using var site = new LuxtronikSite(controller);
        Assert.Equal(Quality.Missing, (await site.ReadingAsync("external_energy_temperature")).Quality);

        controller.Calculations[28] = 310;
        Assert.Equal(31, (await site.ReadingAsync("external_energy_temperature")).Value);
        controller.Calculations[28] = 50;
        Assert.Equal(5, (await site.ReadingAsync("external_energy_temperature")).Value);

        await using var restarted = new LuxtronikSite(controller, earlier: site);
        Assert.Equal(5, (await restarted.ReadingAsync("external_energy_temperature")).Value);
    }

    [Fact]
    public async Task PollAsync_MemoryOfAnyContent_IsNoObstacle()
    {
        await using var controller = new FakeController();
        await using var first = new LuxtronikSite(controller);
        foreach (var json in new[] { "", "{", "null", "[]", """{"firmware":null,"moved":null}""", """{"port":"x"}""" })
        {
            first.Keep(HeatPumpId.FromNumber(1), "luxtronik", json);
            await using var site = new LuxtronikSite(controller, earlier: first);
            await site.PollAsync();
        }
    }

    [Fact]
    public async Task PollAsync_NothingListens_SaysThatThePortIsClosed()
    {
        int port;
        await using (var gone = new FakeController()) port = gone.Port;
        await using var site = new LuxtronikSite(port);

        var failure = await site.FailAsync();

        Assert.Equal(FailureCause.PortClosed, failure.Cause);
        Assert.NotNull(failure.Hint);
    }

    [Theory]
    [InlineData("", FailureCause.Busy)]
    [InlineData("485454502F312E3120343030", FailureCause.OtherProtocol)]
    [InlineData("00000BBB00000003000000000000000A", FailureCause.ConnectionLost)]
    [InlineData("00000BBB7FFFFFFF", FailureCause.BadAnswer)]
    public async Task PollAsync_WrongAnswers_NameTheCause(string hex, FailureCause expected)
    {
        await using var controller = new FakeController();
        controller.Script = async (socket, _) =>
        {
            await socket.SendAsync(Convert.FromHexString(hex));
            socket.Shutdown(SocketShutdown.Send);
            return true;
        };
        await using var site = new LuxtronikSite(controller);

        var failing = site.FailAsync();
        await site.AdvanceWhenIdleAsync(connections: 1, TimeSpan.FromSeconds(1));

        Assert.Equal(expected, (await failing).Cause);
    }

    [Fact]
    public async Task PollAsync_ControllerThatStaysSilent_IsTriedTwiceWithinTheCycle()
    {
        await using var controller = new FakeController();
        controller.Script = (_, _) => Task.FromResult(true);
        await using var site = new LuxtronikSite(controller);

        var failing = site.FailAsync();
        await Eventually.IsTrue(() => controller.Requests.Count == 1 && site.Time.WaitingTimers > 0);
        site.Time.Advance(TimeSpan.FromSeconds(5));
        await site.AdvanceWhenIdleAsync(connections: 1, TimeSpan.FromSeconds(1));
        await Eventually.IsTrue(() => controller.Requests.Count == 2);
        site.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(FailureCause.NoAnswer, (await failing).Cause);
        Assert.Equal(2, controller.Connections);
    }

    private static (Quality Quality, string? Reason) QualityOf(Snapshot snapshot, string key)
    {
        var reading = snapshot[SensorKey.Parse(key)]!.Value;
        return (reading.Quality, reading.Reason);
    }
}
