using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Tests.Drivers.Ebusd.Fixtures;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Ebusd.Driver;

/// <summary>What a poll makes of an ebusd: which sensors there are, what they read, and how old that is.</summary>
public sealed class EbusdPollTests
{
    [Fact]
    public async Task Poll_PlantOfThePage_ShowsWhatIsThereAndNothingElse()
    {
        await using var fake = FakeEbusd.Plant();
        await using var site = new EbusdSite(fake);

        var snapshot = await site.PollAsync();

        Assert.Equal(Shown.Order(StringComparer.Ordinal), snapshot.Sensors.All.Select(sensor => sensor.Key.Value).Order(StringComparer.Ordinal));
        AssertReads(snapshot, "hp_flow_temp", 35);
        AssertReads(snapshot, "hp_return_temp", 30);
        AssertReads(snapshot, "hp_flow_temp_fine", 35.25);
        AssertReads(snapshot, "hp_status_code", 104, "heat compressor active");
        AssertReads(snapshot, "hp_pump_state", 1, "on");
        AssertReads(snapshot, "hp_compressor_speed", 2999.802);
        AssertReads(snapshot, "hp_error", 0, "none");
        AssertReads(snapshot, "ctl_water_pressure", 1.6);
        AssertReads(snapshot, "ctl_dhw_setpoint", 58);
        AssertReads(snapshot, "ctl_dhw_mode", 1, "auto");
        AssertReads(snapshot, "bus_outdoor_temp", 8.25);
        AssertReads(snapshot, "thermal_power", 6.7);
        AssertReads(snapshot, "compressor_running", 1, "yes");
        AssertReads(snapshot, "defrost_active", 0, "no");
        AssertReads(snapshot, "fault_active", 0, "no");
        AssertMissing(snapshot, "hp_outdoor_temp", "no value");
        AssertMissing(snapshot, "ctl_dhw_temp_top", "no sensor fitted");
        AssertMissing(snapshot, "ctl_system_flow_temp", "does not have it");
        Assert.Equal("ebusd 26.1.p20260208", snapshot[SensorKey.Parse("ebusd_version")]!.Value.Text);
        Assert.All(snapshot.Readings, reading => Assert.Equal(EbusdSite.At, reading.At));
        Assert.Equal(0, fake.BusReadCount);
    }

    [Fact]
    public async Task Poll_TwoPolls_AsksOnlyForWhatWasRenewed()
    {
        await using var fake = FakeEbusd.Plant();
        await using var site = new EbusdSite(fake);
        await site.PollAsync();
        site.Advance(TimeSpan.FromSeconds(10));
        await site.PollAsync();
        fake.Lines.Clear();
        site.Advance(TimeSpan.FromSeconds(10));
        lock (fake.Messages)
        {
            (fake["FlowTemp"].Stored, fake["FlowTemp"].HeardAt) = ("36.00", fake.LocalTime);
        }

        AssertReads(await site.PollAsync(), "hp_flow_temp_fine", 36);

        Assert.Equal(["info", "find -V -d", "read -n -m 86400 -c hmu FlowTemp"], fake.Lines);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-5)]
    [InlineData(0)]
    public async Task Poll_ValuesOfDifferentAges_EachCarriesItsOwnWhateverTheZone(int zone)
    {
        await using var fake = FakeEbusd.Plant();
        fake.LocalTime = EbusdSite.At.UtcDateTime.AddHours(zone);
        fake.HearAll();
        fake["WaterPressure"].HeardAt = fake.LocalTime.AddSeconds(-90);
        fake["Outsidetemp"].HeardAt = fake.LocalTime.AddMinutes(-7);
        await using var site = new EbusdSite(fake);

        var snapshot = await site.PollAsync();

        Assert.Equal(EbusdSite.At, snapshot[SensorKey.Parse("hp_flow_temp_fine")]!.Value.At);
        Assert.Equal((Quality.Good, EbusdSite.At.AddSeconds(-90)), Seen("ctl_water_pressure"));
        Assert.Equal((Quality.Good, EbusdSite.At.AddMinutes(-7)), Seen("bus_outdoor_temp"));

        (Quality, DateTimeOffset) Seen(string key) => (snapshot[SensorKey.Parse(key)]!.Value.Quality, snapshot[SensorKey.Parse(key)]!.Value.At);
    }

    [Fact]
    public async Task Poll_OverheardValueThatNobodyRenews_GoesStale()
    {
        await using var fake = FakeEbusd.Plant();
        await using var site = new EbusdSite(fake);
        await site.PollAsync();
        for (var minute = 0; minute < 11; minute++)
        {
            site.Advance(TimeSpan.FromMinutes(1));
            await site.PollAsync();
        }

        var reading = await site.ReadingAsync("bus_outdoor_temp");

        Assert.Equal((8.25, Quality.Stale, EbusdSite.At), (reading.Value, reading.Quality, reading.At));
        Assert.Equal("last heard 11 min ago", reading.Reason);
    }

    [Fact]
    public async Task Poll_ClockSetBack_AgesAreRightAgainAfterTheNextRead()
    {
        await using var fake = FakeEbusd.Plant();
        await using var site = new EbusdSite(fake);
        await site.PollAsync();

        // The night in which summer ends.
        lock (fake.Messages) fake.LocalTime -= TimeSpan.FromHours(1);
        site.Advance(TimeSpan.FromSeconds(40));
        await site.PollAsync();
        site.Advance(TimeSpan.FromSeconds(2));

        var snapshot = await site.PollAsync();

        Assert.All(
            ["hp_status_code", "hp_consumed_power", "hp_yield_power"],
            key => Assert.InRange(site.Time.GetUtcNow() - snapshot[SensorKey.Parse(key)]!.Value.At, TimeSpan.Zero, TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public async Task Poll_FreshlyStartedEbusd_ReadsAFewValuesAndSaysOfTheOthersThatTheyComeLater()
    {
        await using var fake = FakeEbusd.Plant();
        foreach (var message in fake.Messages) message.Stored = null;
        await using var site = new EbusdSite(fake);

        var snapshot = await site.PollAsync();

        Assert.Equal(3, fake.BusReadCount);
        Assert.Equal(
            3,
            ((string[])["hp_flow_temp_fine", "hp_status_code", "hp_yield_power", "hp_consumed_power", "hp_compressor_speed"]).Count(key => snapshot[SensorKey.Parse(key)]!.Value.IsGood));
        AssertMissing(snapshot, "ctl_water_pressure", "not read yet");
        AssertMissing(snapshot, "bus_outdoor_temp", "not heard on the bus yet");
    }

    [Fact]
    public async Task Poll_AfterARestart_SensorsAreKnownBeforeTheFirstPoll()
    {
        await using var fake = FakeEbusd.Plant();
        await using var earlier = new EbusdSite(fake);
        var before = (await earlier.PollAsync()).Sensors;

        await using var site = new EbusdSite(fake, earlier);

        Assert.Equal(before.All.Select(sensor => (sensor.Key, sensor.Signal, sensor.IsWritable)), site.Device.Sensors.All.Select(sensor => (sensor.Key, sensor.Signal, sensor.IsWritable)));
        Assert.Equal(before.All.Select(sensor => sensor.Key), (await site.PollAsync()).Sensors.All.Select(sensor => sensor.Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"sensors\":null}")]
    [InlineData("{\"sensors\":[\"no_such_sensor\",\"../..\",\"hp_flow_temp\"],\"writable\":[\"\"]}")]
    public async Task Poll_DamagedMemory_IsFoundAnew(string kept)
    {
        await using var fake = FakeEbusd.Plant();
        await using var earlier = new EbusdSite(fake);
        earlier.Memory[(HeatPumpId.FromNumber(1), "ebusd")] = kept;
        await using var site = new EbusdSite(fake, earlier);

        AssertReads(await site.PollAsync(), "hp_flow_temp_fine", 35.25);
    }

    [Fact]
    public async Task Poll_MessageThatIsGone_IsMissingAndItsSensorStays()
    {
        await using var fake = FakeEbusd.Plant();
        await using var site = new EbusdSite(fake);
        await site.PollAsync();
        lock (fake.Messages) fake.Messages.RemoveAll(message => message.Name == "WaterPressure");

        AssertMissing(await site.PollAsync(), "ctl_water_pressure", "does not offer it now");
    }

    [Fact]
    public async Task Poll_CircuitsAndZones_AreShownOnceTheyTurnOutToBeInUse()
    {
        await using var fake = FakeEbusd.Plant();
        for (var circuit = 0; circuit < 2; circuit++)
        {
            fake.Add("r", "ctlv2", $"Hc{circuit + 1}CircuitType", $"b524020002{circuit:x2}0200", "ign,s,IGN:4,,,,mctype,s,UCH,0=inactive;1=mixer,,,ign,s,IGN:1,,,", circuit == 0 ? "1" : "0");
            fake.Add("r", "ctlv2", $"Hc{circuit + 1}FlowTemp", $"b524020002{circuit:x2}0800", "ign,s,IGN:4,,,,value,s,EXP,,°C,", "33.5");
        }

        await using var site = new EbusdSite(fake);

        var first = await site.PollAsync();
        AssertReads(first, "ctl_hc1_flow_temp", 33.5);
        Assert.Null(first[SensorKey.Parse("ctl_hc2_flow_temp")]);
        lock (fake.Messages) (fake["Hc2CircuitType"].Stored, fake["Hc2CircuitType"].HeardAt) = ("1", fake.LocalTime.AddSeconds(3));
        site.Advance(TimeSpan.FromSeconds(3));
        AssertReads(await site.PollAsync(), "ctl_hc2_flow_temp", 33.5);
        lock (fake.Messages) (fake["Hc2CircuitType"].Stored, fake["Hc2CircuitType"].HeardAt) = ("0", fake.LocalTime.AddSeconds(3));
        site.Advance(TimeSpan.FromSeconds(3));
        AssertMissing(await site.PollAsync(), "ctl_hc2_flow_temp", "not in use");
    }

    [Fact]
    public async Task Poll_NewerDefinitions_AreKnownByTelegramOrByTheirOtherNames()
    {
        await using var fake = FakeEbusd.Plant();
        fake.Add("r", "basv2", "OutsideTemp", "b524020000007300", "ign,s,IGN:4,,,,value,s,EXP,,°C,", "7.5");
        fake.Add("r", "basv2", "SomethingThatNobodyKnowsYet", "b524020000009500", "ign,s,IGN:4,,,,value,s,EXP,,°C,", "6.25");
        fake.Add("r", "basv2", "HwcFlowTempMax", "b524ffffffff", "ign,s,IGN:4,,,,value,s,EXP,,°C,", "60");
        await using var site = new EbusdSite(fake);

        var snapshot = await site.PollAsync();

        AssertReads(snapshot, "ctl_outdoor_temp", 7.5);
        AssertReads(snapshot, "ctl_outdoor_temp_avg", 6.25);
        AssertReads(snapshot, "ctl_dhw_flow_max", 60);
        Assert.False(snapshot.Sensors[snapshot.Sensors.PositionOf(SensorKey.Parse("ctl_dhw_flow_max"))].IsWritable);
    }

    [Fact]
    public async Task Poll_FieldsInAnotherOrder_AreFoundByName()
    {
        await using var fake = FakeEbusd.Plant();
        fake["Status01"].Fields = "pumpstate,s,UCH,0=off;1=on,,,temp,s,D1C,,°C,,temp_1,s,D1C,,°C,";
        fake["Status01"].Stored = "1;41.0;36.5";
        await using var site = new EbusdSite(fake);

        var snapshot = await site.PollAsync();

        AssertReads(snapshot, "hp_flow_temp", 41);
        AssertReads(snapshot, "hp_return_temp", 36.5);
        Assert.Null(snapshot[SensorKey.Parse("hp_storage_temp")]);
    }

    [Fact]
    public async Task Poll_SameNameOnTwoCircuits_EachIsItsOwn()
    {
        await using var fake = FakeEbusd.Plant();
        fake.Add("r", "ctlv2", "Currenterror", "b5030001", fake["Currenterror"].Fields, "22;-;-;-;-");
        await using var site = new EbusdSite(fake);

        var snapshot = await site.PollAsync();

        AssertReads(snapshot, "hp_error", 0, "none");
        AssertReads(snapshot, "ctl_error", 22);
    }

    [Fact]
    public async Task Poll_TestMenusAndLiveMonitors_AreNeverAskedFor()
    {
        await using var fake = FakeEbusd.Plant();
        fake.Add("r", "hmu", "TestFlowTemp", "b5140528", "ign,s,IGN:2,,,,value,s,SIN,10,°C,", null).Level = "service";
        fake.Add("r", "hmu", "LiveMonitorCurrentSupplyTemp", "b51a05003220", "ign,s,IGN:3,,,,value,s,D2C,,°C,", null);

        // By its telegram it is the flow temperature; by its level it is not to be touched.
        fake.Messages.Remove(fake["FlowTemp"]);
        fake.Add("r", "hmu", "FlowTempOfTheServiceMenu", "b51a05ff3220", "ign,s,IGN:3,,,,value,s,D2C,,°C,", null).Level = "service";
        await using var site = new EbusdSite(fake);
        await site.PollAsync();
        for (var i = 0; i < 20; i++)
        {
            site.Advance(TimeSpan.FromSeconds(30));
            await site.PollAsync();
        }

        Assert.DoesNotContain(fake.Lines, line => line.Contains("Test", StringComparison.Ordinal) || line.Contains("Live", StringComparison.Ordinal) || line.Contains("Menu", StringComparison.Ordinal));
        Assert.True(fake.BusReadCount > 0);
    }

    [Fact]
    public async Task Poll_RegisterThatTheUnitDoesNotHave_IsAskedForOnceADay()
    {
        await using var fake = FakeEbusd.Plant();
        fake["WaterPressure"].Stored = null;
        fake["WaterPressure"].Bus = "ERR: invalid position";
        await using var site = new EbusdSite(fake);
        // What reads between polls runs beside the test, at its own pace.
        await Eventually.IsTrue(() => PollAfterAsync(TimeSpan.FromSeconds(2), reads: 1));
        for (var i = 0; i < 10; i++) Assert.True(await PollAfterAsync(TimeSpan.FromSeconds(1), reads: 1));
        while (site.Manual.GetUtcNow() < EbusdSite.At.AddHours(23)) Assert.True(await PollAfterAsync(TimeSpan.FromMinutes(7.5), reads: 1));
        await Eventually.IsTrue(() => PollAfterAsync(TimeSpan.FromMinutes(1), reads: 2));

        Assert.True(site.Manual.GetUtcNow() >= EbusdSite.At.AddDays(1));

        async Task<bool> PollAfterAsync(TimeSpan pause, int reads)
        {
            site.Advance(pause);
            lock (fake.Messages) fake["Outsidetemp"].HeardAt = fake.LocalTime;
            await site.PollAsync();
            return fake.BusReadsOf("WaterPressure") == reads;
        }
    }

    [Fact]
    public async Task Poll_BusThatFailsOnce_KeepsTheValueWithItsAge()
    {
        await using var fake = FakeEbusd.Plant();
        await using var site = new EbusdSite(fake);
        await site.PollAsync();
        foreach (var message in fake.Messages) message.Bus = "ERR: read timeout";
        site.Advance(TimeSpan.FromSeconds(60));

        var reading = await site.ReadingAsync("hp_flow_temp_fine");

        Assert.Equal((35.25, Quality.Good, EbusdSite.At), (reading.Value, reading.Quality, reading.At));
        Assert.True(fake.BusReadCount > 0);
        site.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(Quality.Stale, (await site.ReadingAsync("hp_flow_temp_fine")).Quality);
    }

    [Fact]
    public async Task Poll_BetweenPolls_WhatNobodyRenewsIsReadWithinTheBudget()
    {
        await using var fake = FakeEbusd.Plant();
        foreach (var message in fake.Messages) message.Stored = null;
        await using var site = new EbusdSite(fake);
        await site.PollAsync();
        await site.PollAsync();

        // Three at once, then one each time that two seconds have passed.
        for (var reads = 3; reads < 11; reads++)
        {
            await Eventually.IsTrue(() => fake.BusReadCount == reads && site.Manual.WaitingTimers > 0);
            site.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(reads, fake.BusReadCount);
            site.Advance(TimeSpan.FromSeconds(1));
        }

        await Eventually.IsTrue(() => fake.BusReadCount == 11);
        Assert.Equal(2, fake.Connections);
        var between = fake.Lines.Where(line => line.StartsWith("read -m", StringComparison.Ordinal)).ToList();
        Assert.Equal(8, between.Count);
        Assert.All(between, line => Assert.Matches("^read -m (30|120|300|900) -c [a-z0-9]+ [a-z0-9]+$", line));
    }

    private static readonly string[] Shown =
    [
        "hp_flow_temp_fine", "hp_return_temp", "hp_outdoor_temp", "hp_dhw_temp", "hp_storage_temp", "hp_pump_state", "hp_status_code", "hp_flow_temp", "hp_yield_power",
        "hp_consumed_power", "hp_compressor_speed", "hp_error", "bus_outdoor_temp", "ctl_water_pressure", "ctl_system_flow_temp", "ctl_dhw_temp_top", "ctl_dhw_setpoint",
        "ctl_dhw_mode", "ebusd_version", "bus_symbol_rate", "writes_today", "thermal_power", "compressor_running", "defrost_active", "fault_active",
    ];

    private static void AssertReads(Snapshot snapshot, string key, double value, string? word = null)
    {
        var reading = snapshot[SensorKey.Parse(key)];
        Assert.True(reading is { IsGood: true }, $"{key}: {reading}");
        Assert.Equal(value, reading.Value.Value!.Value, 1e-9);
        if (word is not null) Assert.Equal(word, reading.Value.Text);
    }

    private static void AssertMissing(Snapshot snapshot, string key, string reason)
    {
        var reading = snapshot[SensorKey.Parse(key)];
        Assert.True(reading is { Quality: Quality.Missing, Value: null }, $"{key}: {reading}");
        Assert.Contains(reason, reading.Value.Reason, StringComparison.Ordinal);
    }
}
