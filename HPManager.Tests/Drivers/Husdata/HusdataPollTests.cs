using System.Globalization;
using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Husdata;

/// <summary>What a poll makes of what gateways send, right or wrong.</summary>
public class HusdataPollTests
{
    private const string Living = "\"0001\":301,\"0002\":342,\"0007\":-26,\"0009\":482";

    [Theory]
    [InlineData("null", "none: the gateway sends null")]
    [InlineData("\"275\"", "none: the gateway sent no number")]
    [InlineData("true", "none: the gateway sent no number")]
    [InlineData("[275]", "none: the gateway sent no number")]
    [InlineData("{\"a\":{\"b\":1}}", "none: the gateway sent no number")]
    [InlineData("27.5", "none: 27.5 is no whole number, which the gateway's API sends")]
    [InlineData("1e-320", "none: 1E-320 is no whole number, which the gateway's API sends")]
    [InlineData("1e999", "none: the number is larger than any register holds")]
    [InlineData("-1e999", "none: the number is larger than any register holds")]
    [InlineData("99999999999999999999", "none: the number is larger than any register holds")]
    [InlineData("70000", "none: the number is larger than a register holds")]
    [InlineData("-40000", "none: the number is larger than a register holds")]
    [InlineData("275,\"0005\":276", "none: the gateway sent it twice in one answer")]
    [InlineData("2.75e2", "27.5 °C")]
    [InlineData("32767", "3276.7 °C (Implausible)")]
    [InlineData("32768", "none: no sensor connected")]
    [InlineData("-32768", "none: no sensor connected")]
    [InlineData("65535", "-0.1 °C")]
    public async Task Poll_OneIndexThatIsWrong_LeavesTheOthers(string value, string expected)
    {
        await using var gateway = new FakeGateway { Instead = _ => FakeGateway.Answer("200 OK", $"{{{Living},\"0005\":{value},\"0006\":11}}") };
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        var snapshot = await site.PollAsync();

        Assert.Equal(expected, HusdataVectorTests.Text(snapshot, "brine_in"));
        Assert.Equal("1.1 °C", HusdataVectorTests.Text(snapshot, "brine_out"));
        Assert.Equal("-2.6 °C", HusdataVectorTests.Text(snapshot, "outdoor_temp"));
    }

    [Theory]
    [InlineData("{\"0001\":301", FailureCause.BadAnswer, "broken")]
    [InlineData("{\"0001\":301}}", FailureCause.BadAnswer, "broken")]
    [InlineData("{\"0001\":0301}", FailureCause.BadAnswer, "broken")]
    [InlineData("{\"0001\":NaN}", FailureCause.BadAnswer, "broken")]
    [InlineData("[1,2,3]", FailureCause.BadAnswer, "not an object")]
    [InlineData("{\"wifi\":{\"ssid\":\"x\"}}", FailureCause.OtherProtocol, "JSON")]
    [InlineData("{}", FailureCause.NoData, "no value")]
    [InlineData(" \r\n ", FailureCause.OtherProtocol, "nothing")]
    [InlineData("<!DOCTYPE html><html><body>H60</body></html>", FailureCause.OtherProtocol, "web page")]
    public async Task Poll_DocumentThatIsNone_SaysWhatItIs(string body, FailureCause cause, string words)
    {
        await using var gateway = new FakeGateway { Instead = _ => FakeGateway.Answer("200 OK", body, "text/html") };
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        var failure = await site.FailAsync();

        Assert.Equal(cause, failure.Cause);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_DamagedUtf8AndEscapes_CostTheirMemberOnly()
    {
        byte[] body = [.. "\uFEFF{\"\\u0030001\":301,\"00"u8, 0xC3, 0x28, .. "2\":1,\"x\":\""u8, 0xFF, .. "\",\"\\ud800\":1,\"0007\":-26,\"000a\":5}"u8];
        await using var gateway = new FakeGateway
        {
            Instead = _ => [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n"), .. body],
        };
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        var snapshot = await site.PollAsync();

        Assert.Equal("30.1 °C", HusdataVectorTests.Text(snapshot, "radiator_return"));
        Assert.Equal("-2.6 °C", HusdataVectorTests.Text(snapshot, "outdoor_temp"));
        Assert.Equal("5", HusdataVectorTests.Text(snapshot, "index_000a"));
    }

    [Fact]
    public async Task Poll_UnknownIndices_BecomeSensorsThatStayAndAreBounded()
    {
        await using var gateway = new FakeGateway($"{Living},\"0abc\":65000,\"7FFF\":3");
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");
        var promised = site.Device.Sensors.Count;

        var snapshot = await site.PollAsync();

        Assert.Equal(promised + 2, snapshot.Sensors.Count);
        Assert.True(snapshot.Sensors.TryGet(SensorKey.Parse("index_0abc"), out var sensor));
        Assert.Equal(("Index 0ABC (unknown)", ValueKind.Number, Unit.None, false), (sensor.Label, sensor.Kind, sensor.Unit, sensor.IsWritable));
        Assert.Equal("65000", HusdataVectorTests.Text(snapshot, "index_0abc"));

        // A restart begins with what was there, in the same place; the gateway may have stopped sending it.
        gateway.Clear();
        gateway.Set($"{Living},\"7FFE\":9");
        await using var later = new HusdataSite(gateway.Port, "thermia/diplomat", earlier: site);
        Assert.Equal(promised + 2, later.Device.Sensors.Count);
        var again = await later.PollAsync();
        Assert.Equal(snapshot.Sensors.All.Select(known => known.Key), again.Sensors.All.Take(promised + 2).Select(known => known.Key));
        Assert.Equal("none: this gateway does not send it", HusdataVectorTests.Text(again, "index_0abc"));
        Assert.Equal("9", HusdataVectorTests.Text(again, "index_7ffe"));

        gateway.Set(string.Join(',', Enumerable.Range(0x7000, 2000).Select(index => $"\"{index:X4}\":1")));
        Assert.Equal(promised + 300, (await later.PollAsync()).Sensors.Count);
        Assert.Equal("-2.6 °C", HusdataVectorTests.Text(await later.PollAsync(), "outdoor_temp"));
    }

    [Fact]
    public async Task Poll_GatewayRestartedInTheMiddle_ZerosAreNoValues()
    {
        await using var gateway = new FakeGateway($"{Living},\"0005\":31,\"6C60\":12340,\"3104\":0");
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat", Settings.Empty.With("scaling", "normalised"));
        await site.PollAsync();

        gateway.Set("\"0001\":0,\"0002\":0,\"0007\":0,\"0009\":0,\"0005\":31,\"6C60\":0");
        var snapshot = await site.PollAsync();

        Assert.Equal("none: 0: the gateway has been restarted and has not read it yet", HusdataVectorTests.Text(snapshot, "outdoor_temp"));
        Assert.Equal("none: 0: the gateway has been restarted and has not read it yet", HusdataVectorTests.Text(snapshot, "runtime_compressor"));
        Assert.Equal("3.1 °C", HusdataVectorTests.Text(snapshot, "brine_in"));

        gateway.Set("\"0001\":301,\"0002\":342,\"0007\":0,\"0009\":482");
        Assert.Equal("0 °C", HusdataVectorTests.Text(await site.PollAsync(), "outdoor_temp"));
    }

    [Fact]
    public async Task Poll_NothingChangesForHours_IsStaleSinceThen()
    {
        await using var gateway = new FakeGateway(Living);
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");
        Assert.True((await site.ReadingAsync("outdoor_temp")).IsGood);
        site.Time.Advance(TimeSpan.FromMinutes(119));
        Assert.True((await site.ReadingAsync("outdoor_temp")).IsGood);

        // A write that changes nothing reads too, and makes nothing younger.
        await site.WriteAsync("room_setpoint", 20);
        site.Time.Advance(TimeSpan.FromMinutes(2));
        var stale = await site.ReadingAsync("outdoor_temp");

        Assert.Equal((Quality.Stale, -2.6, HusdataSite.At), (stale.Quality, stale.Value, stale.At));
        Assert.Contains("2026-01-15 12:00 UTC", stale.Reason, StringComparison.Ordinal);
        gateway.Set("\"0007\":-27");
        Assert.True((await site.ReadingAsync("outdoor_temp")).IsGood);
    }

    [Theory]
    [InlineData("\"6C60\":12345,\"6C64\":2001", "12345 h", "H1-native, found by 6C60, 6C64")]
    [InlineData("\"6C60\":123450,\"6C64\":20010,\"6C63\":70", "12345 h", "normalised, found by 6C60, 6C63, 6C64")]
    [InlineData("\"6C60\":12340,\"6C64\":0", "1234 h (Implausible)", "not known yet, taken as normalised")]
    public async Task Poll_CountersOfEitherFirmware_AreScaledByWhatTheySay(string counters, string expected, string scaling)
    {
        await using var gateway = new FakeGateway($"{Living},{counters}");
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        var snapshot = await site.PollAsync();

        Assert.Equal((expected, scaling), (HusdataVectorTests.Text(snapshot, "runtime_compressor"), HusdataVectorTests.Text(snapshot, "gateway_scaling")));

        // Remembered: after a restart it is known before anything tells.
        gateway.Set("\"6C63\":0,\"6C64\":0");
        await using var later = new HusdataSite(gateway.Port, "thermia/diplomat", earlier: site);
        Assert.Equal(expected, HusdataVectorTests.Text(await later.PollAsync(), "runtime_compressor"));
    }

    [Fact]
    public async Task Poll_GatewayUpdated_ScalingFollowsTheNewFirmware()
    {
        await using var gateway = new FakeGateway($"{Living},\"6C60\":12345,\"6C63\":777,\"6C64\":2001");
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");
        Assert.Equal("12345 h", HusdataVectorTests.Text(await site.PollAsync(), "runtime_compressor"));

        for (var hour = 1; hour <= 3; hour++)
        {
            gateway.Set(string.Create(CultureInfo.InvariantCulture, $"\"6C60\":{10 * (12345 + hour)},\"6C63\":{10 * (777 + hour)},\"6C64\":{10 * (2001 + hour)}"));
            await site.PollAsync();
        }

        Assert.Equal("12348 h", HusdataVectorTests.Text(await site.PollAsync(), "runtime_compressor"));
    }

    [Theory]
    [InlineData("h1_native", "12340 h", "H1-native, as set")]
    [InlineData("normalised", "1234 h", "normalised, as set")]
    public async Task Poll_ScalingThatIsSet_IsObeyed(string setting, string expected, string words)
    {
        await using var gateway = new FakeGateway($"{Living},\"6C60\":12340");
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat", Settings.Empty.With("scaling", setting));

        var snapshot = await site.PollAsync();

        Assert.Equal((expected, words), (HusdataVectorTests.Text(snapshot, "runtime_compressor"), HusdataVectorTests.Text(snapshot, "gateway_scaling")));
    }

    [Theory]
    [InlineData("""{"status":{"H1ver":"0010.184","powersum":1200},"config":{"ROOM_CTRL":"0"}}""", "Rego 600")]
    [InlineData("""{"status":{"H1ver":"4010.184"}}""", "F series (EB100)")]
    [InlineData("""{"status":{"H1ver":"70xx"}}""", "Thermia Villa")]
    [InlineData("""{"status":{"H1ver":"99"}}""", "type 99")]
    public async Task Poll_GatewayAtAnotherController_NamesIt(string status, string words)
    {
        await using var gateway = new FakeGateway(Living) { Status = status };
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        var failure = await site.FailAsync();

        Assert.Equal(FailureCause.OtherModel, failure.Cause);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"status":{"H1ver":"6010.184"}}""")]
    [InlineData("""{"status":{"H1ver":6010}}""")]
    [InlineData("""{"status":{"H1ver":null}}""")]
    [InlineData("""{"status":[]}""")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task Poll_StatusThatFitsOrSaysNothing_IsAskedOnce(string? status)
    {
        await using var gateway = new FakeGateway(Living) { Status = status };
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        await site.PollAsync();
        await site.PollAsync();

        Assert.Equal(["/api/alldata", "/status", "/api/alldata"], gateway.Requests);
    }

    [Fact]
    public async Task Diagnose_ApiSwitchedOff_SaysSoWhenTheGatewayShowsItself()
    {
        await using var gateway = new FakeGateway(Living) { Api = 0, Status = """{"status":{"H1ver":"6010.184"}}""" };
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        var failure = await site.FailAsync();
        var closer = await site.Device.DiagnoseAsync(failure, default);

        Assert.Contains("API_ENABLED", failure.Hint, StringComparison.Ordinal);
        Assert.Equal(FailureCause.AccessDenied, closer.Cause);
        Assert.Contains("its API is switched off", closer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("302 Found", "Location: http://127.0.0.1:1/\r\n", FailureCause.OtherProtocol, "another place")]
    [InlineData("401 Unauthorized", "", FailureCause.OtherProtocol, "HTTP 401")]
    [InlineData("500 Oops", "", FailureCause.OtherProtocol, "HTTP 500")]
    [InlineData("204 No Content", "", FailureCause.OtherProtocol, "HTTP 204")]
    public async Task Poll_OtherStatus_IsNotFollowedAndSaid(string status, string header, FailureCause cause, string words)
    {
        await using var gateway = new FakeGateway { Instead = _ => FakeGateway.Answer(status, "", extra: header) };
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        var failure = await site.FailAsync();

        Assert.Equal(cause, failure.Cause);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Single(gateway.Requests);
    }

    [Theory]
    [InlineData("Content-Length: 1073741824\r\n")]
    [InlineData("")]
    public async Task Poll_AnswerOfAGigabyte_IsCutOffEarly(string length)
    {
        long sent = 0;
        await using var gateway = new FakeGateway();
        gateway.Script = async (socket, stop) =>
        {
            await socket.ReceiveAsync(new byte[2048], stop);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{length}\r\n{{"), stop);
            var part = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("\"0001\":301,", 6000)));
            while (sent < 1L << 30) sent += await socket.SendAsync(part, stop);
            return true;
        };
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        var failure = await site.FailAsync();

        Assert.Equal(FailureCause.BadAnswer, failure.Cause);
        Assert.Contains("longer than", failure.Message, StringComparison.Ordinal);
        Assert.InRange(sent, 0, 64 << 20);
    }

    [Fact]
    public async Task Poll_AnswerThatNeverEnds_IsNoAnswerWithinTheLimit()
    {
        await using var gateway = new FakeGateway();
        gateway.Script = async (socket, stop) =>
        {
            await socket.ReceiveAsync(new byte[2048], stop);
            await socket.SendAsync("HTTP/1.1 200 OK\r\n\r\n{\"0001\":"u8.ToArray(), stop);
            await Task.Delay(Timeout.Infinite, stop);
            return true;
        };
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat", time: new HurriedTime(40));

        var failure = await site.FailAsync();

        Assert.Equal(FailureCause.NoAnswer, failure.Cause);
    }

    [Fact]
    public async Task Poll_ConnectionThatEndsInTheMiddle_IsLostAndTheNextPollWorks()
    {
        await using var gateway = new FakeGateway(Living) { Instead = _ => "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"0001\":301}"u8.ToArray() };
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");

        Assert.Equal(FailureCause.ConnectionLost, (await site.FailAsync()).Cause);
        gateway.Instead = _ => null;
        Assert.True((await site.ReadingAsync("outdoor_temp")).IsGood);
    }
}
