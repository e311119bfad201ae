using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Tests.Drivers.Modbus.Profiles;

namespace HPManager.Tests.Drivers.Modbus.Driver;

/// <summary>Daikin and Stiebel Eltron against pymodbus, filled from the protocol pages' tables: gaps inside a request read as a filler word.</summary>
public class GappyDeviceTests
{
    private const string Daikin = "daikin-home-hub.csv";
    private const string Stiebel = "stiebel-isg.csv";

    [Theory]
    [InlineData("altherma_3_homehub", "altherma3_homehub", 52)]
    [InlineData("altherma_4", "altherma4", 116)]
    [InlineData("air_to_air_homehub", "air2air_homehub", 2)]
    public async Task Poll_DaikinModel_ReadsEveryPointRight(string key, string rows, int numbers)
    {
        var model = ShippedProfiles.Model("daikin", key);
        await using var device = await RegisterDevice.StartModelAsync(Daikin, rows, "--fill", "32766");
        await using var site = DriverSite.Open(device.Port, model, Settings.Empty, 1);

        for (var poll = 0; poll < 2; poll++)
        {
            var snapshot = await site.PollAsync();
            var expected = device.Expected["1"];
            Assert.Equal(numbers, AssertRead(snapshot, sensor => expected.TryGetValue(sensor.Key.Value, out var value) ? value : null));
        }
    }

    [Fact]
    public async Task Poll_DaikinHeatOutput_IsCalculatedFromFlowAndTemperatures()
    {
        var model = ShippedProfiles.Model("daikin", "altherma_3_homehub");
        await using var device = await RegisterDevice.StartModelAsync(
            Daikin, "altherma3_homehub", "--fill", "32766", "--set", "i:48=0x0625", "--set", "i:39=3500", "--set", "i:41=3000");
        await using var site = DriverSite.Open(device.Port, model, Settings.Empty, 1);

        Assert.Equal("Good 5.49", await site.StateAsync("heat_output"));
    }

    [Theory]
    [InlineData(3500, 3600, "Good 0")]
    [InlineData(3500, 32765, "Missing   cannot be calculated: flow, flow temperature or return is missing")]
    public async Task Poll_DaikinHeatOutput_IsNeverInvented(int flow, int back, string expected)
    {
        var model = ShippedProfiles.Model("daikin", "altherma_3_homehub");
        await using var device = await RegisterDevice.StartModelAsync(
            Daikin, "altherma3_homehub", "--fill", "32766", "--set", "i:48=1500", "--set", $"i:39={flow}", "--set", $"i:41={back}");
        await using var site = DriverSite.Open(device.Port, model, Settings.Empty, 1);

        Assert.Equal(expected, await site.StateAsync("heat_output"));
    }

    [Fact]
    public async Task Poll_DaikinFaultAndSentinels_AreToldApart()
    {
        var model = ShippedProfiles.Model("daikin", "altherma_3_homehub");
        await using var device = await RegisterDevice.StartModelAsync(
            Daikin, "altherma3_homehub", "--fill", "32766", "--set", "i:21=0x3748", "--set", "i:22=19", "--set", "i:49=32767", "--set", "i:43=32766", "--set", "i:42=32765");
        await using var site = DriverSite.Open(device.Port, model, Settings.Empty, 1);

        var snapshot = await site.PollAsync();

        Assert.Equal("7H-19: water flow too low or pump fault", Of(snapshot, "error_code").Text);
        Assert.Equal("this heat pump does not have it", Of(snapshot, "room_temp_main").Reason);
        Assert.Equal("not available in the present configuration", Of(snapshot, "outdoor_temp").Reason);
        Assert.Equal("not loaded yet, wait", Of(snapshot, "dhw_temp").Reason);
    }

    [Theory]
    [InlineData("altherma_3_homehub", "altherma3_homehub", "smart_grid_mode", 3, "1 55 0003")]
    [InlineData("altherma_3_homehub", "altherma3_homehub", "general_power_limit", 4.2, "1 57 01A4")]
    [InlineData("altherma_3_homehub", "altherma3_homehub", "weather_offset_main_heating", -3, "1 53 FFFD")]
    [InlineData("altherma_3_homehub", "altherma3_homehub", "dhw_setpoint", 55, "1 9 0037")]
    [InlineData("altherma_4", "altherma4", "room_heating_setpoint_main_fine", 21.5, "1 75 0866")]
    [InlineData("altherma_4", "altherma4", "coil_dhw_on", 1, "1 0 0001")]
    [InlineData("air_to_air_homehub", "air2air_homehub", "a2a_demand_power_limit", 3.5, "1 1001 015E")]
    public async Task Write_Daikin_ArrivesAsThePageSays(string key, string rows, string sensor, double value, string expected)
    {
        var model = ShippedProfiles.Model("daikin", key);
        await using var device = await RegisterDevice.StartModelAsync(Daikin, rows, "--fill", "32766");
        await using var site = DriverSite.Open(device.Port, model, Settings.Empty, 1);

        Assert.Null(await site.WriteAsync(sensor, value));

        Assert.Equal(expected, await device.NextWriteAsync());
    }

    [Theory]
    [InlineData("wpm_system", "WPMsystem", 449)]
    [InlineData("lwz_r290", "WPMsystem", 551)]
    [InlineData("wpm_3", "WPM3", 390)]
    [InlineData("wpm_3i", "WPM3i", 391)]
    [InlineData("lwz", "LWZ", 103)]
    [InlineData("lwz_x04_sol", "LWZ", 104)]
    [InlineData("lwa", "LWA", 103)]
    public async Task Poll_StiebelModel_ReadsEveryPointRight(string key, string rows, int controller)
    {
        var model = ShippedProfiles.Model("stiebel_eltron", key);
        await using var device = await RegisterDevice.StartModelAsync(
            Stiebel, rows, "--fill", "0x8000", "--set", $"i:5001={controller}", "--set", "h:4001=1", "--set", "h:4002=0");
        await using var site = DriverSite.Open(device.Port, model, ShippedProfiles.Everything(model), 1);
        device.Expected["1"]["controller_id"] = controller;
        (device.Expected["1"]["sg_ready_input_1"], device.Expected["1"]["sg_ready_input_2"]) = (1, 0);

        for (var poll = 0; poll < 2; poll++)
        {
            var snapshot = await site.PollAsync();
            var compared = AssertRead(snapshot, sensor => StiebelValue(sensor.Key.Value, device.Expected["1"]));
            Assert.Equal(snapshot.Sensors.All.Count(sensor => sensor.IsReadable), compared);
        }
    }

    [Fact]
    public async Task Poll_StiebelWithoutOptionalRuns_DropsThemWithOneRequestEach()
    {
        var model = ShippedProfiles.Model("stiebel_eltron", "wpm_system");
        await using var device = await RegisterDevice.StartModelAsync(
            Stiebel, "WPMsystem", "--fill", "0x8000", "--set", "i:5001=449",
            "--refuse", "i:3643-3733", "--refuse", "i:5219-5230", "--refuse", "h:1703-1751", "--refuse", "h:4249-4277");
        await using var site = DriverSite.Open(device.Port, model, Settings.Empty, 1);

        var snapshot = await site.PollAsync();

        Assert.Equal("this heat pump does not have it (illegal data address)", Of(snapshot, "inverter_power_1").Reason);
        Assert.Equal("this heat pump does not have it (illegal data address)", Of(snapshot, "em_load_temp_dhw").Reason);
        Assert.True(Of(snapshot, "outside_temp").IsGood);
        Assert.True(Of(snapshot, "sg_ready_state").IsGood);
    }

    [Theory]
    [InlineData("wpm_system", "WPM3i", 391, "The device is not a WPM system (WPM 4) but a WPM 3i (Controller identification 391).")]
    [InlineData("lwz", "WPMsystem", 551, "The device is not a LWZ but a LWZ R290 (Controller identification 551).")]
    [InlineData("wpm_3", "WPMsystem", 777, "The device is of a kind that is not known here (Controller identification 777).")]
    public async Task Poll_StiebelOfAnotherKind_IsNamedAndNotRead(string key, string rows, int controller, string message)
    {
        var model = ShippedProfiles.Model("stiebel_eltron", key);
        await using var device = await RegisterDevice.StartModelAsync(Stiebel, rows, "--fill", "0x8000", "--set", $"i:5001={controller}");
        await using var site = DriverSite.Open(device.Port, model, Settings.Empty, 1);

        var failure = await site.FailAsync();

        Assert.Equal((FailureCause.OtherModel, message), (failure.Cause, failure.Message));
    }

    [Theory]
    [InlineData("hc1_comfort_temp", 21.5, "1 1501 00D7")]
    [InlineData("dhw_comfort_temp", 50, "1 1509 01F4")]
    [InlineData("hc1_curve_rise", 0.6, "1 1503 003C")]
    [InlineData("dual_mode_temp_dhw", -12.5, "1 1512 FF83")]
    [InlineData("operating_mode", 3, "1 1500 0003")]
    public async Task Write_Stiebel_ArrivesAsThePageSays(string sensor, double value, string expected)
    {
        var model = ShippedProfiles.Model("stiebel_eltron", "wpm_system");
        await using var device = await RegisterDevice.StartModelAsync(Stiebel, "WPMsystem", "--fill", "0x8000");
        await using var site = DriverSite.Open(device.Port, model, Settings.Empty, 1);

        Assert.Null(await site.WriteAsync(sensor, value));

        Assert.Equal(expected, await device.NextWriteAsync());
    }

    [Theory]
    [InlineData("wpm_system", "WPMsystem", 449, 1, "1 4001 0000", "1 4002 0001", "1 = frost protection only (dim)")]
    [InlineData("wpm_3i", "WPM3i", 391, 0, "1 4001 0000", "1 4002 0000", "0 = normal")]
    [InlineData("lwz", "LWZ", 103, 3, "1 4001 0001", "1 4002 0000", "3 = raised (boost)")]
    [InlineData("lwa", "LWA", 103, 4, "1 4001 0001", "1 4002 0001", "4 = maximum")]
    public async Task Write_StiebelSmartGridState_SetsBothInputsAndReadsBackAsOne(
        string key, string rows, int controller, double state, string first, string second, string expected)
    {
        var model = ShippedProfiles.Model("stiebel_eltron", key);
        await using var device = await RegisterDevice.StartModelAsync(Stiebel, rows, "--fill", "0x8000", "--set", $"i:5001={controller}");
        await using var site = DriverSite.Open(device.Port, model, Settings.Empty, 1);

        Assert.Null(await site.WriteAsync("sg_ready_request", state));
        var (reading, failure) = await site.Device.ReadAsync(SensorKey.Parse("sg_ready_request"), DriverSite.At, default);

        Assert.Equal([first, second], [await device.NextWriteAsync(), await device.NextWriteAsync()]);
        Assert.Null(failure);
        Assert.Equal(expected, $"{reading.Value} = {reading.Text}");
        Assert.Equal(reading.Value, Of(await site.PollAsync(), "sg_ready_request").Value);
    }

    [Fact]
    public async Task Write_StiebelSmartGridState_SecondInputRefused_SaysThatAPartWasTaken()
    {
        await using var device = new RegisterFake();
        device.Set(4000, 1, 0, 0);
        device.Mood = _ =>
        {
            device.RefuseWrites = device.Writes.IsEmpty ? 0 : 4;
            return Task.FromResult(false);
        };
        await using var site = DriverSite.Open(device.Port, ShippedProfiles.Model("stiebel_eltron", "wpm_system"), Settings.Empty, 1);

        var failure = await site.WriteAsync("sg_ready_request", 4);

        Assert.StartsWith("Only a part of it was taken.", failure!.Message, StringComparison.Ordinal);
        Assert.Equal(2, device.Writes.Count);
    }

    private static Reading Of(Snapshot snapshot, string key) => snapshot[SensorKey.Parse(key)]!.Value;

    private static int AssertRead(Snapshot snapshot, Func<SensorDefinition, double?> expected)
    {
        var compared = 0;
        for (var position = 0; position < snapshot.Readings.Count; position++)
        {
            var sensor = snapshot.Sensors[position];
            if (!sensor.IsReadable || expected(sensor) is not { } value) continue;
            Assert.True(
                Nullable.Equals(snapshot.Readings[position].Value, value), $"{sensor.Key} ({sensor.Address}): {DriverSite.Describe(snapshot.Readings[position])}, not {value}");
            compared++;
        }

        return compared;
    }

    /// <summary>What the page says that the ISG's registers come to: sums of kWh and MWh, of Wh and kWh, of the day and the total, and bits.</summary>
    private static double? StiebelValue(string key, Dictionary<string, double> registers)
    {
        if (registers.TryGetValue(key, out var value)) return value;
        if (registers.TryGetValue($"{key}_kwh", out var kilowattHours)) return kilowattHours + (1000 * registers[$"{key}_mwh"]);
        if (key.EndsWith("_24h", StringComparison.Ordinal)) return Math.Round((registers[$"{key}_low"] / 1000) + registers[$"{key}_high"], 3);
        if (key.EndsWith("12m", StringComparison.Ordinal)) return registers[$"{key}_low"] + (1000 * registers[$"{key}_high"]);
        var isWpm = registers.ContainsKey("utility_block");
        var status = (int)registers["operating_status"];
        return key switch
        {
            "compressor_starts" => (1000 * registers["compressor_starts_thousands"]) + registers["compressor_starts_units"],
            "thermal_energy_heating" => Total("heat_heating"),
            "thermal_energy_hot_water" => Total("heat_dhw"),
            "thermal_energy" => Total("heat_heating") + Total("heat_dhw"),
            "electric_energy" => Total("power_heating") + Total("power_dhw"),
            "sg_ready_request" => (registers["sg_ready_input_1"], registers["sg_ready_input_2"]) switch { (0, 0) => 0, (0, 1) => 1, (1, 0) => 3, (1, 1) => 4, _ => null },
            "activity" => isWpm ? WpmActivity() : Bits(2, 3),
            "heating_running" => Bits(4, 1),
            "hot_water_running" => Bits(5, 1),
            "compressor_running" => Bits(isWpm ? 6 : 1, 1),
            "defrost" => Bits(isWpm ? 9 : 11, 1),
            "backup_heater_running" => Bits(3, 1),
            "summer_mode" => Bits(7, 1),
            "cooling_running" => Bits(8, 1),
            "electric_reheating" => Bits(5, 1),
            "utility_lock" => Bits(7, 1),
            "filters_due" => Bits(8, 1),
            "ventilation_running" => Bits(9, 1),
            "extract_filter_due" => Bits(12, 1),
            "supply_filter_due" => Bits(13, 1),
            _ => null,
        };

        double Total(string counter) => registers[$"{counter}_day"] + registers[$"{counter}_total_kwh"] + (1000 * registers[$"{counter}_total_mwh"]);

        // Heating 1, hot water 2, both 3; cooling 4, with hot water 5. Heating and cooling at once is no state.
        double? WpmActivity() => (Bits(8, 1), Bits(4, 2)) switch
        {
            (0, var heats) => heats,
            (_, 0) => 4,
            (_, 2) => 5,
            _ => null,
        };

        double Bits(int first, int count) => (status >> first) & ((1 << count) - 1);
    }
}
