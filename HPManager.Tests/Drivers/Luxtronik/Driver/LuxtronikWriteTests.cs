using System.Net.Sockets;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Drivers.Luxtronik.Client;

namespace HPManager.Tests.Drivers.Luxtronik.Driver;

public class LuxtronikWriteTests
{
    [Fact]
    public async Task WriteAsync_NewValue_IsSentOnceOverAConnectionOfItsOwn()
    {
        await using var controller = new FakeController();
        await using var site = new LuxtronikSite(controller);

        Assert.Null(await site.WriteAsync("heating_correction", -0.5));

        Assert.Equal([(1, -5)], controller.Writes);
        Assert.Equal(2, controller.Connections);
        Assert.Equal(1, controller.MostOpen);
    }

    [Fact]
    public async Task WriteAsync_ValueThatIsThere_SendsNothing()
    {
        await using var controller = new FakeController();
        controller.Parameters[1] = -5;
        await using var site = new LuxtronikSite(controller);

        Assert.Null(await site.WriteAsync("heating_correction", -0.5));

        Assert.Empty(controller.Writes);
    }

    [Fact]
    public async Task ReadAsync_AfterAWrite_WaitsASecond()
    {
        await using var controller = new FakeController();
        await using var site = new LuxtronikSite(controller);
        await site.WriteAsync("heating_correction", 2);

        var reading = site.Device.ReadAsync(SensorKey.Parse("heating_correction"), LuxtronikSite.At, default).AsTask();
        await site.AdvanceWhenIdleAsync(connections: 2, TimeSpan.FromSeconds(0.9));
        Assert.Equal(2, controller.Connections);
        site.Time.Advance(TimeSpan.FromSeconds(0.1));
        var (read, failure) = await reading;

        Assert.Null(failure);
        Assert.Equal(2, read.Value);
        Assert.Equal((3003, 0, 0), controller.Requests.Last());
        Assert.Equal(3, controller.Connections);
    }

    [Fact]
    public async Task ReadAsync_MeasuredValue_IsReadToo()
    {
        await using var controller = new FakeController();
        controller.Calculations[15] = 71;
        await using var site = new LuxtronikSite(controller);

        var (read, failure) = await site.Device.ReadAsync(SensorKey.Parse("outdoor_temperature"), LuxtronikSite.At, default);

        Assert.Null(failure);
        Assert.Equal(7.1, read.Value);
    }

    [Fact]
    public async Task WriteAsync_NoEcho_IsUnknownAndNotRepeated()
    {
        await using var controller = new FakeController();
        controller.Script = (socket, request) =>
        {
            if (request.Command != 3002) return Task.FromResult(false);
            socket.Shutdown(SocketShutdown.Both);
            return Task.FromResult(true);
        };
        await using var site = new LuxtronikSite(controller);

        var failure = await site.WriteAsync("heating_correction", 2);

        Assert.Contains("not known whether", failure!.Message, StringComparison.Ordinal);
        Assert.NotEqual(FailureCause.Refused, failure.Cause);
        Assert.Single(controller.Writes);
    }

    [Fact]
    public async Task WriteAsync_EchoOfAnotherParameter_IsUnknown()
    {
        await using var controller = new FakeController();
        controller.Script = async (socket, request) =>
        {
            if (request.Command != 3002) return false;
            await socket.SendAsync(FakeController.Words(3002, request.Third));
            return true;
        };
        await using var site = new LuxtronikSite(controller);

        var failure = await site.WriteAsync("heating_correction", 2);

        Assert.Equal(FailureCause.BadAnswer, failure!.Cause);
        Assert.Contains("not known whether", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_ControllerCannotBeRead_SendsNothing()
    {
        int port;
        await using (var gone = new FakeController()) port = gone.Port;
        await using var site = new LuxtronikSite(port);

        var failure = await site.WriteAsync("heating_correction", 2);

        Assert.Contains("Nothing was sent", failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("V3.88.3", false)]
    [InlineData("V3.92.1", false)]
    [InlineData("V2.88.3", false)]
    [InlineData("V2.88.2", true)]
    [InlineData("V1.80.0", true)]
    [InlineData("V3.85.4", true)]
    [InlineData("smo", true)]
    public async Task WriteAsync_HotWaterTarget_GoesWhereTheFirmwareLooks(string firmware, bool isLegacyToo)
    {
        await using var controller = new FakeController { Calculations = FakeController.NewCalculations(firmware) };
        await using var site = new LuxtronikSite(controller);

        Assert.Null(await site.WriteAsync("hot_water_setpoint", 48));

        Assert.Equal(isLegacyToo ? [(105, 480), (2, 480)] : [(105, 480)], controller.Writes);
        Assert.Equal(isLegacyToo ? 2 : 1, (await ReadAfterWriteAsync(site, "writes_today")).Value);
    }

    [Theory]
    [InlineData("V1.90.0")]
    [InlineData("V2.90.0")]
    public async Task WriteAsync_FirmwareThatFreezes_IsRefusedUnlessTheOwnerAllowsIt(string firmware)
    {
        await using var controller = new FakeController { Calculations = FakeController.NewCalculations(firmware) };
        await using var site = new LuxtronikSite(controller);

        var failure = await site.WriteAsync("heating_correction", 2);

        Assert.Equal(FailureCause.Refused, failure!.Cause);
        Assert.Contains(firmware, failure.Message, StringComparison.Ordinal);
        Assert.Empty(controller.Writes);

        await using var allowed = new LuxtronikSite(controller, options: Settings.Empty.With("allow_writes_on_90", "true"));
        Assert.Null(await allowed.WriteAsync("heating_correction", 2));
        Assert.Single(controller.Writes);
    }

    [Theory]
    [InlineData("V3.90.0")]
    [InlineData("V1.90.1")]
    [InlineData("V2.88.0")]
    public async Task WriteAsync_OtherFirmware_IsNotRefused(string firmware)
    {
        await using var controller = new FakeController { Calculations = FakeController.NewCalculations(firmware) };
        await using var site = new LuxtronikSite(controller);

        Assert.Null(await site.WriteAsync("heating_correction", 2));
    }

    [Fact]
    public async Task WriteAsync_TwentyOnADay_AreEnoughOverARestartToo()
    {
        await using var controller = new FakeController();
        await using var first = new LuxtronikSite(controller);
        for (var i = 1; i <= 19; i++) Assert.Null(await WriteAndWaitAsync(first, i % 2 == 0 ? 1 : 2));
        await using var site = new LuxtronikSite(controller, earlier: first);
        Assert.Null(await WriteAndWaitAsync(site, 3));

        var failure = await WriteAndWaitAsync(site, 4);

        Assert.Equal(FailureCause.Refused, failure!.Cause);
        Assert.Contains("20", failure.Message, StringComparison.Ordinal);
        Assert.Equal(20, controller.Writes.Count());
        Assert.Equal(20, (await site.ReadingAsync("writes_today")).Value);

        site.Time.Advance(TimeSpan.FromHours(12));
        Assert.Equal(0, (await site.ReadingAsync("writes_today")).Value);
        Assert.Null(await WriteAndWaitAsync(site, 4));
    }

    [Fact]
    public async Task WriteAsync_WhatTheFirmwareDoesNotHave_IsRefused()
    {
        await using var controller = new FakeController { Parameters = new int[1100] };
        await using var site = new LuxtronikSite(controller);

        var failure = await site.WriteAsync("power_limit_enabled", 1);

        Assert.Equal(FailureCause.Refused, failure!.Cause);
        Assert.Empty(controller.Writes);
    }

    [Fact]
    public async Task WriteAsync_WhatIsOnlyRead_IsABug()
    {
        await using var controller = new FakeController();
        await using var site = new LuxtronikSite(controller);

        await Assert.ThrowsAsync<ArgumentException>(() => site.WriteAsync("outdoor_temperature", 1));
        await Assert.ThrowsAsync<ArgumentException>(() => site.WriteAsync("operating_state", 1));
        Assert.Empty(controller.Requests);
    }

    private static async Task<Failure?> WriteAndWaitAsync(LuxtronikSite site, double value)
    {
        site.Time.Advance(TimeSpan.FromSeconds(1));
        return await site.WriteAsync("heating_correction", value);
    }

    private static Task<Reading> ReadAfterWriteAsync(LuxtronikSite site, string key)
    {
        site.Time.Advance(TimeSpan.FromSeconds(1));
        return site.ReadingAsync(key);
    }
}
