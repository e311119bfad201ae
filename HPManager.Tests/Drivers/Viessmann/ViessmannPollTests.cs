using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Tests.Drivers.Viessmann;

public sealed class ViessmannPollTests : IAsyncLifetime
{
    private const string Outside = "heating.sensors.temperature.outside";
    private const string DhwTarget = "heating.dhw.temperature.main";
    private FakeCloud _cloud = null!;
    private ViessmannSite _site = null!;

    public async Task InitializeAsync()
    {
        _cloud = await FakeCloud.StartAsync();
        _cloud.TellNumber(Outside, -3.4);
        TellTarget(50, max: 60);
        _site = new ViessmannSite(_cloud);
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _cloud.DisposeAsync();
    }

    [Fact]
    public async Task Poll_AllFeaturesOfTheGateway_IsOneCallWithTheToken()
    {
        var snapshot = await _site.PollAsync();

        var request = Assert.Single(_cloud.ApiRequests);
        Assert.Equal(
            ("GET", "/iot/v2/features/installations/4200001/gateways/7000000000000001/features", "?includeDevicesFeatures=true", "Bearer AT1"),
            (request.Method, request.Path, request.Query, request.Authorization));
        Assert.Equal((-3.4, new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero)), (snapshot[Signal.OutdoorTemperature]!.Value.Value, snapshot[Signal.OutdoorTemperature]!.Value.At));
        Assert.Equal(ViessmannSite.At, snapshot.At);
        Assert.Equal(50, snapshot[Signal.HotWaterTarget]!.Value.Value);
    }

    [Fact]
    public async Task Sensors_AreWhatTheInstallationHasAndWhatItHadBefore()
    {
        await _site.PollAsync();
        Assert.Equal(["outside_temp", "dhw_target_temp", "cloud_calls_today", "cloud_read_interval", "cloud_budget"], Keys(_site));
        await using var restarted = new ViessmannSite(_cloud, _site);
        Assert.Equal(Keys(_site), Keys(restarted));
        _cloud.TellNumber("heating.sensors.temperature.return", 31);
        _cloud.Features.TryRemove(Outside, out _);

        restarted.NextSlot();
        var snapshot = await restarted.PollAsync();

        Assert.Equal(["outside_temp", "return_temp", "dhw_target_temp", "cloud_calls_today", "cloud_read_interval", "cloud_budget"], Keys(restarted));
        Assert.Equal(Quality.Missing, snapshot[SensorKey.Parse("outside_temp")]!.Value.Quality);
        Assert.Same(snapshot.Sensors, restarted.Device.Sensors);

        static IEnumerable<string> Keys(ViessmannSite site) => site.Device.Sensors.All.Select(sensor => sensor.Key.Value);
    }

    [Fact]
    public async Task Constraints_ThatMove_MoveTheSensorsRange()
    {
        Assert.Equal(new ValueRange(10, 60, 1), (await _site.PollAsync()).Sensors.All.Single(sensor => sensor.Signal == Signal.HotWaterTarget).Range);
        TellTarget(50, max: 55);
        _site.NextSlot();

        Assert.Equal(new ValueRange(10, 55, 1), (await _site.PollAsync()).Sensors.All.Single(sensor => sensor.Signal == Signal.HotWaterTarget).Range);
        TellTarget(50, max: 55, isExecutable: false);
        _site.NextSlot();
        Assert.False((await _site.PollAsync()).Sensors.All.Single(sensor => sensor.Signal == Signal.HotWaterTarget).IsWritable);
    }

    [Fact]
    public async Task Poll_SoonerThanTheBudgetAllows_ShowsTheSameValuesWithTheirMoments()
    {
        await _site.PollAsync();
        _cloud.TellNumber(Outside, 5, at: "2026-01-15T12:01:00.000Z");
        _site.Time.Advance(TimeSpan.FromSeconds(60));

        var early = await _site.PollAsync();

        Assert.Single(_cloud.ApiRequests);
        Assert.Equal((-3.4, new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero)), (early[Signal.OutdoorTemperature]!.Value.Value, early[Signal.OutdoorTemperature]!.Value.At));
        _site.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(5, (await _site.ReadingAsync("outside_temp")).Value);
    }

    [Fact]
    public async Task Poll_SeveralHeatPumpsOfOneGateway_ShareOneCall()
    {
        _cloud.Features["other"] = _cloud.FeatureOf(Outside, """{"value":{"type":"number","unit":"celsius","value":7}}""").Replace("\"deviceId\":\"0\"", "\"deviceId\":\"1\"", StringComparison.Ordinal);
        var other = _site.AttachAnother("4200001/7000000000000001/1");
        await _site.PollAsync();

        var (snapshot, _) = await other.PollAsync(_site.Time.GetUtcNow(), default);

        Assert.Equal(7, snapshot![Signal.OutdoorTemperature]!.Value.Value);
        Assert.Single(_cloud.ApiRequests);
    }

    [Fact]
    public async Task Poll_DeviceThatIsNotThere_NamesThoseThatAre()
    {
        await using var site = new ViessmannSite(_cloud, device: "4200001/7000000000000001/5");

        var failure = await site.FailAsync();

        Assert.Equal((FailureCause.WrongUnit, "The gateway has no device 5; it has: 0."), (failure.Cause, failure.Message));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("4200001/7000000000000001/../0")]
    [InlineData("4200001/70?x=1/0")]
    public async Task Poll_WithoutAPlace_AsksNothing(string device)
    {
        await using var site = new ViessmannSite(_cloud, device: device);

        Assert.Equal(FailureCause.Misconfigured, (await site.FailAsync()).Cause);
        Assert.Empty(_cloud.Requests);
    }

    [Fact]
    public async Task Poll_GatewayThatListsTheDeviceAsOffline_SaysSo()
    {
        _cloud.Features["gateway.devices"] = """
            {"feature":"gateway.devices","gatewayId":"7000000000000001","isEnabled":true,"timestamp":"2026-01-15T12:00:00Z","uri":"https://x/y/features/gateway.devices",
             "properties":{"devices":{"type":"DeviceList","value":[{"id":"gateway","status":"online"},{"id":"0","status":"Offline"}]}},"commands":{}}
            """;

        Assert.Equal(FailureCause.DeviceOffline, (await _site.FailAsync()).Cause);
    }

    [Fact]
    public async Task Poll_NothingNewForHours_MakesEverythingStale()
    {
        _site.Time.Advance(TimeSpan.FromHours(3));

        var reading = await _site.ReadingAsync("dhw_target_temp");

        Assert.Equal((Quality.Stale, "the cloud has had nothing from the heat pump since 2026-01-15 12:00 UTC"), (reading.Quality, reading.Reason));
    }

    [Fact]
    public async Task Write_Number_IsSentOnceWithinWhatIsAllowedNowAndReadBackFromTheCloud()
    {
        await _site.PollAsync();
        _cloud.OnCommand = (_, _) => TellTarget(47, max: 60);

        Assert.Null(await _site.WriteAsync("dhw_target_temp", 47));

        Assert.Equal(
            [("GET", DhwTarget, ""), ("POST", $"{DhwTarget}/commands/setTargetTemperature", """{"temperature":47}""")],
            _cloud.ApiRequests.Skip(1).Select(request => (request.Method, request.Path.Split("/features/")[^1], request.Body)));
        Assert.Equal(47, (await _site.ReadAsync("dhw_target_temp")).Value);
        Assert.Equal(47, (await _site.ReadingAsync("dhw_target_temp")).Value);
    }

    [Fact]
    public async Task Write_BeyondWhatIsAllowedMeanwhile_IsRefusedAndNotSent()
    {
        await _site.PollAsync();
        TellTarget(50, max: 45);

        var failure = await _site.WriteAsync("dhw_target_temp", 55);

        Assert.Equal((FailureCause.Refused, "The installation allows 10 to 45 in steps of 1 now."), (failure!.Cause, failure.Message));
        Assert.DoesNotContain(_cloud.Requests, request => request.Method == "POST" && request.Path.Contains("/commands/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_Mode_SendsTheCloudsWord()
    {
        const string Mode = "heating.circuits.0.operating.modes.active";
        _cloud.Tell(
            Mode,
            """{"value":{"type":"string","value":"standby"}}""",
            $$$"""{"setMode":{"uri":"{{{_cloud.CommandUri(Mode, "setMode")}}}","name":"setMode","isExecutable":true,"params":{"mode":{"type":"string","required":true,"constraints":{"enum":["standby","heating"]} } } } }""");
        await _site.PollAsync();
        var sensor = _site.Device.Sensors.All.Single(known => known.Key.Value == "operating_mode_0");
        Assert.Equal([0, 4], sensor.Codes!.Entries.Select(entry => entry.Key));

        Assert.Null(await _site.WriteAsync("operating_mode_0", 4));
        var refused = await _site.WriteAsync("operating_mode_0", 2);

        Assert.Equal("""{"mode":"heating"}""", _cloud.Requests.Single(request => request.Method == "POST" && request.Path.Contains("/commands/", StringComparison.Ordinal)).Body);
        Assert.Contains("standby, heating", refused!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "activate")]
    [InlineData(0, null)]
    public async Task Write_Switch_UsesTheCommandThatChangesSomething(double value, string? command)
    {
        const string Charge = "heating.dhw.oneTimeCharge";
        _cloud.Tell(
            Charge,
            """{"active":{"type":"boolean","value":false}}""",
            """{"activate":{"isExecutable":true,"params":{}},"deactivate":{"isExecutable":false,"params":{}}}""");
        await _site.PollAsync();

        Assert.Null(await _site.WriteAsync("dhw_one_time_charge", value));

        var sent = _cloud.Requests.Where(request => request.Path.Contains("/commands/", StringComparison.Ordinal)).Select(request => (request.Path.Split('/')[^1], request.Body));
        Assert.Equal(command is null ? [] : [(command, "{}")], sent);
    }

    [Fact]
    public async Task Write_CommandThatLeadsElsewhere_IsSentToTheCloudOnly()
    {
        await _site.PollAsync();
        TellTarget(50, max: 60, uri: "https://evil.example/iot/v2/steal");

        Assert.Null(await _site.WriteAsync("dhw_target_temp", 47));

        Assert.EndsWith($"/{DhwTarget}/commands/setTargetTemperature", _cloud.Requests.Last().Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, """{"data":{"success":false}}""", FailureCause.Refused, "Nothing was changed.")]
    [InlineData(422, """{"viErrorId":"r","statusCode":422,"errorType":"VALIDATION","message":"no","extendedPayload":{"reason":"VALIDATION_ERROR"}}""", FailureCause.Refused, "does not take the value")]
    [InlineData(502, """{"viErrorId":"r","statusCode":502,"errorType":"DEVICE_COMMUNICATION_ERROR","message":"","extendedPayload":{"code":"404","reason":"COMMAND_NOT_FOUND"}}""", FailureCause.Refused, "Nothing was changed.")]
    [InlineData(502, """{"viErrorId":"r","statusCode":502,"errorType":"DEVICE_COMMUNICATION_ERROR","message":"","extendedPayload":{"reason":"INTERNAL_SERVER_ERROR"}}""", FailureCause.ServiceDown, "not known whether")]
    [InlineData(429, """{"viErrorId":"r","statusCode":429,"errorType":"RATE_LIMIT_EXCEEDED","message":"limit","extendedPayload":{}}""", FailureCause.LimitReached, "Nothing was changed.")]
    public async Task Write_Refused_SaysWhetherItMayHaveArrived(int status, string body, FailureCause cause, string words)
    {
        await _site.PollAsync();
        _cloud.Script = async (context, request) =>
        {
            if (!request.Path.Contains("/commands/", StringComparison.Ordinal)) return false;
            await FakeCloud.JsonAsync(context, status, body);
            return true;
        };

        var failure = await _site.WriteAsync("dhw_target_temp", 47);

        Assert.Equal(cause, failure!.Cause);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Single(_cloud.Requests, request => request.Path.Contains("/commands/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_DaysPollsSpent_StillGoesThrough()
    {
        await using var site = new ViessmannSite(_cloud, callsPerDay: 100);
        await site.PollAsync();
        for (var i = 0; i < 79; i++)
        {
            site.Account.Budget.Take(HPManager.Drivers.Viessmann.Accounts.CallPurpose.Poll);
            site.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Null(await site.WriteAsync("dhw_target_temp", 47));
        var calls = await site.ReadAsync("cloud_calls_today");
        Assert.Equal(81, calls.Value);
    }

    [Fact]
    public void Interval_ShorterThanThePlanAllows_IsRaised()
    {
        Assert.Equal(TimeSpan.FromSeconds(90), _site.Model.DefaultInterval);
        Assert.Equal(TimeSpan.FromSeconds(76), _site.Model.Complete(_site.HeatPump with { Interval = TimeSpan.FromSeconds(30) }).Interval);
        Assert.Equal(TimeSpan.FromSeconds(300), _site.Model.Complete(_site.HeatPump with { Interval = TimeSpan.FromSeconds(300) }).Interval);
        var paid = _site.HeatPumpAt("1/2/3", callsPerDay: 3000) with { Interval = TimeSpan.FromSeconds(30) };
        Assert.Equal(TimeSpan.FromSeconds(37), _site.Model.Complete(paid).Interval);
        Assert.Contains("3000 calls a day", _site.Driver.ConflictOf(_site.HeatPump.Connection, paid.Connection), StringComparison.Ordinal);
    }

    private void TellTarget(double value, int max, bool isExecutable = true, string? uri = null) => _cloud.Tell(
        DhwTarget,
        $$$"""{"value":{"type":"number","unit":"celsius","value":{{{value}}}}}""",
        $$$"""
        {"setTargetTemperature":{"uri":"{{{uri ?? _cloud.CommandUri(DhwTarget, "setTargetTemperature")}}}","name":"setTargetTemperature","isExecutable":{{{(isExecutable ? "true" : "false")}}},
         "params":{"temperature":{"type":"number","required":true,"constraints":{"min":10,"max":{{{max}}},"stepping":1,"efficientLowerBorder":10,"efficientUpperBorder":55} } } } }
        """);
}
