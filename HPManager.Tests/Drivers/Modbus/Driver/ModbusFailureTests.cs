using System.Net;
using System.Net.Sockets;
using System.Text;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Drivers.Modbus.Client;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Modbus.Driver;

/// <summary>What a poll makes of a device that does not answer as it should: a cause, and a hint that a person can act on.</summary>
public class ModbusFailureTests
{
    private static readonly string[] TwoBlocks = ["a 10 int16", "b 20 int16"];

    [Fact]
    public async Task Poll_ConnectionThatBreaksOnce_IsRepeatedAndSucceeds()
    {
        await using var device = Device();
        var requests = 0;
        device.Mood = connection => Task.FromResult(Reset(connection, when: ++requests == 2));
        await using var site = DriverSite.Open(device.Port, TwoBlocks);

        Assert.Equal("Good 2", await site.StateAsync("b"));
        Assert.Equal(2, device.Connections);
    }

    [Fact]
    public async Task Poll_SecondFailureOfTheLink_EndsThePoll()
    {
        await using var device = Device();
        var requests = 0;
        device.Mood = connection => Task.FromResult(Reset(connection, when: ++requests is 1 or 3));
        await using var site = DriverSite.Open(device.Port, ["a 10 int16", "b 20 int16", "c 30 int16"]);

        var failure = await site.FailAsync();

        Assert.Equal(FailureCause.ConnectionLost, failure.Cause);
        Assert.Equal(3, requests);
    }

    [Fact]
    public async Task Poll_AfterAFailure_RecoversByItself()
    {
        await using var device = Device();
        device.Mood = connection => Task.FromResult(Reset(connection, when: true));
        await using var site = DriverSite.Open(device.Port, TwoBlocks);
        await site.FailAsync();

        device.Mood = null;

        Assert.Equal("Good 1", await site.StateAsync("a"));
    }

    [Fact]
    public async Task Poll_EveryConnectionClosedAtOnce_SaysThatAnotherClientMayHoldIt()
    {
        await using var device = Device();
        device.Mood = connection => Task.FromResult(Reset(connection, when: true));
        await using var site = DriverSite.Open(device.Port, TwoBlocks);

        var failure = await site.FailAsync();

        Assert.Equal(FailureCause.Busy, failure.Cause);
        Assert.Contains("Another program", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_Silence_IsTriedTwiceAndHintsAtTheUnitId()
    {
        var time = new ManualTime(DriverSite.At);
        await using var device = Device();
        device.Mood = _ => Task.FromResult(true);
        await using var site = DriverSite.Open(device.Port, TwoBlocks, time);

        var polling = site.FailAsync();
        for (var connection = 1; connection <= 2; connection++)
        {
            await Eventually.IsTrue(() => device.Connections == connection && time.WaitingTimers > 0);
            await AdvanceUntil(time, () => polling.IsCompleted || device.Connections > connection);
        }

        var failure = await polling;
        Assert.Equal(FailureCause.NoAnswer, failure.Cause);
        Assert.Contains("unit id", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_PortThatIsClosed_SaysWhereToSwitchModbusOn()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var site = DriverSite.Open(port, TwoBlocks);

        var failure = await site.FailAsync();

        Assert.Equal(FailureCause.PortClosed, failure.Cause);
        Assert.Contains("Switch Modbus on in menu 7.", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_WebServerOnThePort_SaysSo()
    {
        await using var device = Device();
        device.Mood = async connection =>
        {
            await connection.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
            connection.Close();
            return true;
        };
        await using var site = DriverSite.Open(device.Port, TwoBlocks);

        Assert.Equal(FailureCause.OtherProtocol, (await site.FailAsync()).Cause);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Poll_GatewayWithoutADevice_IsAWrongUnitAfterOneRequest(int code)
    {
        await using var device = Device();
        device.Refuse = _ => code;
        await using var site = DriverSite.Open(device.Port, TwoBlocks);

        Assert.Equal(FailureCause.WrongUnit, (await site.FailAsync()).Cause);
        Assert.Single(device.Reads);
    }

    [Fact]
    public async Task Poll_DeviceThatIsBusyOnAndOn_IsLeftInPeace()
    {
        await using var device = Device();
        device.Refuse = _ => 6;
        await using var site = DriverSite.Open(device.Port, [.. Enumerable.Range(0, 10).Select(i => $"p{i} {100 + (2 * i)} int16")]);

        Assert.Equal(FailureCause.Busy, (await site.FailAsync()).Cause);
        Assert.Equal(3, device.Reads.Count);
    }

    [Fact]
    public async Task Poll_DeviceThatRefusesEverything_IsAnotherModelAndTeachesNothing()
    {
        await using var device = Device();
        device.Refuse = _ => 2;
        await using var site = DriverSite.Open(device.Port, TwoBlocks);

        var failure = await site.FailAsync();

        Assert.Equal(FailureCause.OtherModel, failure.Cause);
        Assert.Contains("Acme One", failure.Message, StringComparison.Ordinal);
        Assert.Empty(site.Memory);
        device.Refuse = null;
        Assert.Equal("Good 1", await site.StateAsync("a"));
    }

    [Fact]
    public async Task Poll_DeviceThatAnswersAFewPointsByChance_IsAnotherModel()
    {
        await using var device = Device();
        await using var site = DriverSite.Open(device.Port, [.. TwoBlocks, .. Enumerable.Range(0, 18).Select(i => $"p{i} {100 + (2 * i)} int16")]);

        Assert.Equal(FailureCause.OtherModel, (await site.FailAsync()).Cause);
        Assert.Empty(site.Memory);
    }

    [Fact]
    public async Task Poll_DeviceWithoutManyOptionalPoints_IsNoOtherModel()
    {
        await using var device = Device();
        await using var site = DriverSite.Open(device.Port, [.. TwoBlocks, .. Enumerable.Range(0, 18).Select(i => $"p{i} {100 + (2 * i)} int16 optional=yes")]);

        Assert.Equal("Good 1", await site.StateAsync("a"));
        Assert.StartsWith("Missing", await site.StateAsync("p3"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_NoneOfThePointsByWhichTheModelIsKnown_IsRefusedBeforeAnythingElseIsRead()
    {
        await using var device = Device();
        await using var site = DriverSite.Open(device.Port, [.. TwoBlocks, "x 40 int16", "y 50 int16"], extra: "proof: [x, y]");

        var failure = await site.FailAsync();
        Assert.Equal((FailureCause.OtherModel, "40(1) 50(1)"), (failure.Cause, string.Join(' ', device.TakeReads())));

        device.Set(50, 5);
        Assert.Equal("Good 1", await site.StateAsync("a"));
        device.TakeReads();
        await site.PollAsync();
        Assert.DoesNotContain("40(1)", device.TakeReads());
    }

    [Fact]
    public async Task Poll_Cancelled_Throws()
    {
        await using var device = Device();
        device.Mood = _ => Task.FromResult(true);
        await using var site = DriverSite.Open(device.Port, TwoBlocks);
        using var cancel = new CancellationTokenSource();

        var polling = site.Device.PollAsync(DriverSite.At, cancel.Token).AsTask();
        await Eventually.IsTrue(() => device.Connections == 1);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => polling);
    }

    private static RegisterFake Device()
    {
        var device = new RegisterFake();
        device.Set(10, 1);
        device.Set(20, 2);
        device.Set(30, 3);
        return device;
    }

    private static bool Reset(FakeConnection connection, bool when)
    {
        if (when) connection.Reset();
        return when;
    }

    private static Task AdvanceUntil(ManualTime time, Func<bool> condition) => Eventually.IsTrue(() =>
    {
        time.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });
}
