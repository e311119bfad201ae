using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Drivers.Causes;
using HPManager.Tests.Drivers.Ebusd.Fixtures;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Ebusd.Driver;

/// <summary>What goes wrong is said in words, with what to do about it, and never costs more than that poll.</summary>
public sealed class EbusdFailureTests
{
    [Fact]
    public async Task Poll_NoSignal_IsDeviceOffline()
    {
        await using var fake = FakeEbusd.Plant();
        fake.Signal = "no signal";

        await AssertFailsAsync(fake, FailureCause.DeviceOffline, "no signal on the bus", "adapter", "--device");
    }

    [Fact]
    public async Task Poll_StillScanning_IsNoDataYet()
    {
        await using var fake = new FakeEbusd { Scanned = "running" };
        fake.Scan.Clear();

        await AssertFailsAsync(fake, FailureCause.NoData, "still looking", "tens of seconds");
    }

    [Fact]
    public async Task Poll_GasBoilerAlone_IsOtherModel()
    {
        await using var fake = new FakeEbusd();
        fake.Scan[0] = "08;Vaillant;BAI00;0202;9602";
        fake.Add("r", "bai", "FlowTemp", "b50901", "value,s,D2C,,°C,", "50.00");
        fake.Add("r", "ctlv2", "WaterPressure", "b524020000003900", "ign,s,IGN:4,,,,value,s,EXP,,bar,", "1.6");

        await AssertFailsAsync(fake, FailureCause.OtherModel, "no Vaillant heat pump", "--scanconfig");
    }

    [Fact]
    public async Task Poll_LoginRefused_IsAccessDenied()
    {
        await using var fake = FakeEbusd.Plant();
        fake.User = ("owner", "right");

        await AssertFailsAsync(fake, FailureCause.AccessDenied, "refuses user or secret", "--aclfile", login: Settings.Empty.With("user", "owner").With("secret", "wrong"));
    }

    [Fact]
    public async Task Poll_SecretThatCannotBeSaid_IsMisconfiguredAndNothingIsSent()
    {
        await using var fake = FakeEbusd.Plant();

        await AssertFailsAsync(fake, FailureCause.Misconfigured, "quotation marks", "another secret", login: Settings.Empty.With("user", "owner").With("secret", "a\"b"));
        Assert.Empty(fake.Lines);
    }

    [Theory]
    [InlineData("hello there\n\n")]
    [InlineData("ERR: command not found\n\n")]
    [InlineData("usage: info\n\n")]
    [InlineData("\n\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n<html>")]
    [InlineData("\u0015\u0003\u0003\0\u0002\u0002\n")]
    public async Task Poll_SomethingElseAnswers_IsOtherProtocol(string answer)
    {
        await using var fake = new FakeEbusd();
        fake.Script = async (socket, _) => await socket.SendAsync(Encoding.Latin1.GetBytes(answer)) > 0;

        await AssertFailsAsync(fake, FailureCause.OtherProtocol, "not as ebusd", "Check address and port", "web page");
    }

    [Fact]
    public async Task Poll_ClosesAtOnce_SaysSo()
    {
        await using var server = StrangeServer.Closing();
        await using var site = new EbusdSite(server.Port);

        var failure = await site.FailAsync();

        Assert.Equal(FailureCause.Busy, failure.Cause);
        Assert.Contains("closes it at once", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_Silence_IsNoAnswerWithinTheLimitAndTheConnectionIsClosed()
    {
        await using var fake = new FakeEbusd { Script = (_, _) => Task.FromResult(true) };
        await using var site = new EbusdSite(fake);
        var polling = site.FailAsync();
        await Eventually.IsTrue(() => !fake.Lines.IsEmpty && site.Manual.WaitingTimers > 0);

        site.Manual.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(FailureCause.NoAnswer, (await polling).Cause);
    }

    [Fact]
    public async Task Poll_EbusdThatWasRestarted_IsAskedOnceMoreOverANewConnection()
    {
        await using var fake = FakeEbusd.Plant();
        await using var site = new EbusdSite(fake);
        await site.PollAsync();
        fake.Script = (_, _) =>
        {
            fake.Script = null;
            throw new IOException("restarted");
        };

        await site.PollAsync();

        Assert.Equal(2, fake.Connections);
    }

    [Fact]
    public async Task Poll_OtherDefinitionsThanBefore_AreFoundAtOnce()
    {
        await using var fake = FakeEbusd.Plant();
        await using var site = new EbusdSite(fake);
        await site.PollAsync();
        lock (fake.Messages) fake.Add("r", "ctlv2", "HwcStorageTemp", "b524020001000500", "ign,s,IGN:4,,,,value,s,EXP,,°C,", "45.5");

        Assert.Equal(45.5, (await site.ReadingAsync("ctl_dhw_temp")).Value);
    }

    [Theory]
    [InlineData("find -V -d", "\u0001\n\n", FailureCause.BadAnswer)]
    [InlineData("find -V -d", "a = b\n\nsurplus\n\n", FailureCause.BadAnswer)]
    [InlineData("find -F type,circuit,level,name,pbsb,id,fields -r -w -p", "r,hmu\n", FailureCause.ConnectionLost)]
    public async Task Poll_AnswerThatCannotBeTrusted_CostsThatPollOnly(string command, string answer, FailureCause cause)
    {
        await using var fake = FakeEbusd.Plant();
        fake.Script = async (socket, line) =>
        {
            if (line != command) return false;
            await socket.SendAsync(Encoding.Latin1.GetBytes(answer));
            if (cause == FailureCause.ConnectionLost) throw new IOException("closed");
            return true;
        };
        await using var site = new EbusdSite(fake);

        Assert.Equal(cause, (await site.FailAsync()).Cause);
        fake.Script = null;
        Assert.Equal(35.25, (await site.ReadingAsync("hp_flow_temp_fine")).Value);
    }

    /// <summary>Answers of every shape to every command: each poll ends, with readings that are good only where they are the plant's own.</summary>
    [Fact]
    public async Task Poll_RubbishInEveryAnswer_NeverThrowsAndNeverInventsAValue()
    {
        var random = new Random(20_260_115);
        string[] rubbish =
        [
            "\n\n", "x\n\n", "ERR:\n\n", "ERR: \n\n", "usage:\n\n", "empty\n\n", "-\n\n", ";;;;;;;\n\n", "nan\n\n", "1e400\n\n", "\"\n\n", ",,,,,,,,,\n\n", "r,hmu,,FlowTemp,b51a,05ff3220,,,,,,\n\n",
            "r,hmu,,FlowTemp,b51a,05ff3220,value,s,D2C,\n\n", "hmu FlowTemp = [ZZ=08, lastup=9999-12-31 23:59:59, active read]\n\n", "hmu FlowTemp = [ZZ=08, lastup=0001-01-01 00:00:00, active read]\n\n",
            "version: ebusd\n\n", "version: ebusd\nscan: finished\nsignal: acquired\n\n", "done\n\n", "\u00ff\u00fe\n\n", "a\n\n\n", new string('9', 400) + "\n\n",
        ];
        await using var fake = FakeEbusd.Plant();
        fake.Script = async (socket, line) =>
        {
            if (random.Next(4) != 0 || line == "info") return false;
            await socket.SendAsync(Encoding.Latin1.GetBytes(rubbish[random.Next(rubbish.Length)]));
            return true;
        };
        await using var site = new EbusdSite(fake);
        for (var round = 0; round < 300; round++)
        {
            site.Advance(TimeSpan.FromSeconds(11));
            lock (fake.Messages) fake.HearAll();
            var (snapshot, failure) = await site.Device.PollAsync(site.Time.GetUtcNow(), default).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.True(snapshot is not null ^ failure is not null);
            if (snapshot?[SensorKey.Parse("hp_flow_temp_fine")] is { IsGood: true } reading) Assert.Equal(35.25, reading.Value);
        }
    }

    private static Task AssertFailsAsync(FakeEbusd fake, FailureCause cause, string message, params string[] hints) =>
        AssertFailsAsync(fake, cause, message, hints, null);

    private static Task AssertFailsAsync(FakeEbusd fake, FailureCause cause, string message, string hint, Settings login) => AssertFailsAsync(fake, cause, message, [hint], login);

    private static async Task AssertFailsAsync(FakeEbusd fake, FailureCause cause, string message, string[] hints, Settings? login)
    {
        await using var site = new EbusdSite(fake, login: login);

        var failure = await site.FailAsync();

        Assert.True(cause == failure.Cause, failure.ToString());
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.All(hints, hint => Assert.Contains(hint, failure.Hint, StringComparison.Ordinal));
        Assert.DoesNotContain("wrong", failure.ToString(), StringComparison.Ordinal);
    }
}
