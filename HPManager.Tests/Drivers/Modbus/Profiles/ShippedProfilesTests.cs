using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Tests.Drivers.Modbus.Profiles;

/// <summary>What must hold for every profile we ship.</summary>
public class ShippedProfilesTests
{
    public static TheoryData<string, string> ModelKeys
    {
        get
        {
            var keys = new TheoryData<string, string>();
            foreach (var model in ShippedProfiles.Models) keys.Add(model.Manufacturer, model.Key);
            return keys;
        }
    }

    [Fact]
    public void Read_EveryProfile_HasNoErrors() => Assert.All(ShippedProfiles.Results, result => Assert.Empty(result.Errors));

    [Fact]
    public void Models_AreThoseWePromise() => Assert.Equal(
        ["daikin/air_to_air_homehub", "daikin/altherma_3_homehub", "daikin/altherma_4", "idm/navigator_2_0", "luxtronik/smart_home_interface", "nibe/s1155", "nibe/s1255", "nibe/s2125", "nibe/s320", "nibe/s325", "nibe/smo_s40", "stiebel_eltron/lwa",
            "stiebel_eltron/lwz", "stiebel_eltron/lwz_r290", "stiebel_eltron/lwz_x04_sol", "stiebel_eltron/wpm_3", "stiebel_eltron/wpm_3i", "stiebel_eltron/wpm_system"],
        ShippedProfiles.Models.Select(model => $"{model.Manufacturer}/{model.Key}").Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(ModelKeys))]
    public void Sensors_AreUniqueAndComplete(string manufacturer, string key)
    {
        var points = ShippedProfiles.Model(manufacturer, key).AllPoints();

        Assert.Equal(points.Count, points.Select(point => point.Sensor.Key).Distinct().Count());
        Assert.Equal(points.Count, points.Select(point => point.Sensor.Label).Distinct(StringComparer.Ordinal).Count());
        Assert.All(points, point =>
        {
            Assert.False(string.IsNullOrWhiteSpace(point.Sensor.Label));
            Assert.DoesNotContain("{", point.Sensor.Label + point.Sensor.Key + point.Sensor.Circuit, StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace(point.Sensor.Source));
            Assert.Contains(point.Sensor.Unit.Symbol, Unit.KnownSymbols);
            Assert.True(point.Scale > 0);
            Assert.True(point.End <= 65536);
        });
    }

    [Theory]
    [MemberData(nameof(ModelKeys))]
    public void Signals_AreCarriedAtMostOncePerCircuit(string manufacturer, string key)
    {
        var signals = ShippedProfiles.Model(manufacturer, key).AllPoints()
            .Where(point => point.Sensor.Signal is not null)
            .Select(point => (point.Sensor.Signal, Circuit: point.Sensor.Signal!.Value.IsPerCircuit() ? point.Sensor.Circuit : null))
            .ToList();

        Assert.Equal(signals.Count, signals.Distinct().Count());
        Assert.Superset(ExpectedSignals(manufacturer, key), signals.Select(pair => pair.Signal!.Value).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(ModelKeys))]
    public void Signals_MeasuredThings_HaveAUnitThatFits(string manufacturer, string key) =>
        Assert.All(ShippedProfiles.Model(manufacturer, key).AllPoints().Where(point => point.Sensor.Signal is not null), point =>
        {
            var name = point.Sensor.Signal!.Value.Key();
            var unit = point.Sensor.Unit.Symbol;
            if (name.EndsWith("temperature", StringComparison.Ordinal)) Assert.Equal("°C", unit);
            if (name.EndsWith("_power", StringComparison.Ordinal)) Assert.Contains(unit, new[] { "W", "kW" });
            if (name.Contains("_energy", StringComparison.Ordinal)) Assert.Equal(("kWh", ValueKind.Counter), (unit, point.Sensor.Kind));
            if (name.EndsWith("pressure", StringComparison.Ordinal)) Assert.Equal("bar", unit);
        });

    [Theory]
    [MemberData(nameof(ModelKeys))]
    public void Kinds_AgreeWithCodesAndAccess(string manufacturer, string key) =>
        Assert.All(ShippedProfiles.Model(manufacturer, key).AllPoints().Select(point => point.Sensor), sensor =>
        {
            Assert.Equal(sensor.IsWritable, sensor.WriteClass != WriteClass.None);
            if (sensor.Kind is ValueKind.Code or ValueKind.Flags or ValueKind.Switch) Assert.NotEmpty(sensor.Codes!.Entries);
            Assert.All(sensor.Codes?.Entries ?? [], entry => Assert.DoesNotContain("_", entry.Value, StringComparison.Ordinal));
            Assert.Equal(sensor is { IsWritable: false } && (sensor.Range.Min ?? sensor.Range.Max) is not null, sensor.IsRangePlausibility);
            Assert.False(sensor.Range.Min > sensor.Range.Max);
        });

    [Theory]
    [MemberData(nameof(ModelKeys))]
    public void Model_CanBeSetUp(string manufacturer, string key)
    {
        var model = ShippedProfiles.Model(manufacturer, key);

        Assert.NotEmpty(model.Guide.Steps);
        Assert.NotNull(model.Guide.SwitchOn);
        Assert.NotEmpty(model.Description);
        Assert.Equal("modbus_tcp", model.Connections[0].Kind);
        Assert.All(model.Connections, connection =>
        {
            var asked = connection.Kind == "modbus_rtu" ? Settings.Empty.With("device", "/dev/ttyUSB0") : Settings.Empty.With("host", "192.168.1.20");
            Assert.Empty(connection.Parameters.Check(connection.Parameters.WithDefaults(asked), "connection"));
        });
        Assert.Empty(model.Options.Check(model.Options.WithDefaults(Settings.Empty), "options"));
        Assert.Empty(model.Options.Check(ShippedProfiles.Everything(model), "options"));
        Assert.NotEmpty(model.Sensors(Settings.Empty).All);
    }

    [Theory]
    [MemberData(nameof(ModelKeys))]
    public void Dashboard_NamesSensorsThatTheModelHas(string manufacturer, string key)
    {
        var model = ShippedProfiles.Model(manufacturer, key);
        var sensors = model.Profile.Sensors(model.Key, ShippedProfiles.Everything(model));

        Assert.True(model.Dashboard.Any(tile => tile.IsChart) || sensors.PositionOf(Signal.FlowTemperature) < 0);
        Assert.All(model.Dashboard, tile => Assert.All(tile.Sensors, sensor => Assert.True(sensors.PositionOf(sensor) >= 0)));
    }

    [Theory]
    [MemberData(nameof(ModelKeys))]
    public void Blocks_AreGivenForEveryTableInUse(string manufacturer, string key)
    {
        var model = ShippedProfiles.Model(manufacturer, key);

        Assert.All(model.AllPoints().Select(point => point.Table).Distinct(), table => Assert.InRange(model.Profile.Blocks(table).MaxWords, 2, 125));
    }

    /// <summary>What dashboards, COP and alerts need at least. The air-to-air hub measures nothing.</summary>
    private static HashSet<Signal> ExpectedSignals(string manufacturer, string key)
    {
        if (key == "air_to_air_homehub") return [Signal.SmartGridState, Signal.PowerLimit];
        HashSet<Signal> expected =
        [
            Signal.OutdoorTemperature, Signal.FlowTemperature, Signal.ReturnTemperature, Signal.HotWaterTemperature, Signal.OperatingMode, Signal.FaultActive,
        ];
        if (manufacturer == "luxtronik") return [.. expected.Except([Signal.OperatingMode, Signal.FaultActive]), Signal.FaultCode, Signal.ElectricPower, Signal.ElectricEnergy];
        if (manufacturer is not ("idm" or "nibe")) return expected;
        expected.UnionWith(
        [
            Signal.RoomTemperature, Signal.RoomTemperatureTarget, Signal.HeatingCurve, Signal.ElectricPower, Signal.ThermalEnergy, Signal.OperatingState,
            Signal.FaultCode,
        ]);
        if (key != "s2125") expected.Add(Signal.CompressorRunning);
        return expected;
    }

    [Fact]
    public void Idm_WithEverything_HasEveryRegisterOfTheTable()
    {
        var points = ShippedProfiles.Model("idm", "navigator_2_0").AllPoints();
        var firstOfEach = points.Where(point => point.Sensor.Circuit is null || point.Sensor.Circuit == "Circuit A"
            || point.Sensor.Circuit.StartsWith("Zone 1 ", StringComparison.Ordinal) || point.Sensor.Circuit == "Zone 1");

        // The table lists circuit A (16 registers) and zone 0 (43), from which the other 6 circuits and 9 zones follow.
        Assert.Equal(214, firstOfEach.Count());
        Assert.Equal(214 + (6 * 16) + (9 * 43), points.Count);
    }

    [Fact]
    public void Idm_WithoutOptions_HasCircuitAAndNoZones()
    {
        var model = ShippedProfiles.Model("idm", "navigator_2_0");

        Assert.Equal(214 - 43, model.Profile.Points(model.Key, Settings.Empty).Count);
    }

    [Theory]
    [InlineData("s1155", 304, 280)]
    [InlineData("s1255", 304, 280)]
    [InlineData("s320", 279, 255)]
    [InlineData("s325", 279, 255)]
    [InlineData("s2125", 247, 231)]
    [InlineData("smo_s40", 289, 253)]
    public void Nibe_WithEverything_HasWhatTheExportsList(string key, int all, int upTo3000)
    {
        var model = ShippedProfiles.Model("nibe", key);

        Assert.Equal(all, model.AllPoints().Count);
        Assert.Equal(upTo3000, model.AllPoints().Count(point => point.Address <= 3000));
    }

    [Theory]
    [InlineData("hc_b_flow_temperature", 1352, "Circuit B flow temperature", "Circuit B")]
    [InlineData("hc_g_mode", 1399, "Circuit G operating mode", "Circuit G")]
    [InlineData("hc_g_room_setpoint_cooling_eco", 1483, "Circuit G room target cooling, eco", "Circuit G")]
    [InlineData("hc_c_external_room_temperature", 1654, "Circuit C room temperature supplied from outside", "Circuit C")]
    [InlineData("zone_3_room_2_temperature", 2211, "Zone 4 room 3 temperature", "Zone 4 room 3")]
    [InlineData("zone_9_room_7_mode", 2641, "Zone 10 room 8 operating mode", "Zone 10 room 8")]
    [InlineData("zone_9_room_8_relay", 2649, "Zone 10 room 9 relay output (A9)", "Zone 10 room 9")]
    public void Idm_RepeatedRows_LieWhereTheStrideSays(string key, int address, string label, string circuit)
    {
        var point = ShippedProfiles.Point("idm", "navigator_2_0", key);

        Assert.Equal((address, label, circuit), (point.Address, point.Sensor.Label, point.Sensor.Circuit));
    }

    [Fact]
    public void Idm_CircuitsWithHolesAndFewRooms_HasTheseOnly()
    {
        var model = ShippedProfiles.Model("idm", "navigator_2_0");
        var options = Settings.Empty.With("circuits", "a,d").With("zones", "2").With("rooms_per_zone", "2");

        var circuits = model.Sensors(options).All.Select(sensor => sensor.Circuit).OfType<string>().Distinct();

        Assert.Equal(["Circuit A", "Circuit D", "Zone 3", "Zone 3 room 1", "Zone 3 room 2"], circuits);
    }

    [Fact]
    public void Idm_ReadWithFunction4_ReadsAllFromInputRegisters()
    {
        var model = ShippedProfiles.Model("idm", "navigator_2_0");

        Assert.All(
            model.Profile.Points(model.Key, Settings.Empty.With("read_function", "input")),
            point => Assert.Equal(ModbusTable.InputRegister, point.Table));
        Assert.Equal([1393, 1442, 1484], model.Profile.Blocks(ModbusTable.InputRegister).NewRequestAt.Order());
    }

    [Fact]
    public void Idm_EepromPoints_AreThe88OfTheTable() => Assert.Equal(
        88,
        ShippedProfiles.Model("idm", "navigator_2_0").AllPoints().Count(point => point.Sensor.WriteClass == WriteClass.Eeprom));

    [Fact]
    public void Idm_RoomModes_AreReadAlone() => Assert.All(
        ShippedProfiles.Model("idm", "navigator_2_0").AllPoints(),
        point => Assert.Equal(point.Sensor.Label.EndsWith(" operating mode", StringComparison.Ordinal) && point.Sensor.Label.Contains("room", StringComparison.Ordinal), point.ReadAlone));

    [Fact]
    public void Idm_Acknowledge_CannotBeRead() => Assert.False(ShippedProfiles.Point("idm", "navigator_2_0", "fault_acknowledge").Sensor.IsReadable);

    [Theory]
    [InlineData("s2125", 18)]
    [InlineData("smo_s40", -5)]
    public void Nibe_RangeThatDiffersByModel_IsThatOfTheModel(string model, double min) =>
        Assert.Equal(min, ShippedProfiles.Point("nibe", model, "min_cooling_supply_s1").Sensor.Range.Min);

    [Fact]
    public void Nibe_RowThatOnlyOneExportOfAModelHas_IsOptional()
    {
        Assert.True(ShippedProfiles.Point("nibe", "s320", "heating_offset_s1").Optional);
        Assert.False(ShippedProfiles.Point("nibe", "s1155", "heating_offset_s1").Optional);
    }

    [Fact]
    public void Nibe_WithoutTheOption_ReadsNothingAbove3000()
    {
        var model = ShippedProfiles.Model("nibe", "smo_s40");

        Assert.All(model.Profile.Points(model.Key, Settings.Empty), point => Assert.InRange(point.Address, 0, 3000));
    }

    [Fact]
    public void Points_SameOptions_AreTheSameList()
    {
        var model = ShippedProfiles.Model("nibe", "s1155");

        Assert.Same(model.Profile.Points(model.Key, Settings.Empty), model.Profile.Points(model.Key, Settings.Empty.With("climate_systems", "1")));
        Assert.Same(model.Profile.Sensors(model.Key, Settings.Empty).All[3], model.Profile.Points(model.Key, Settings.Empty)[3].Sensor);
    }
}
