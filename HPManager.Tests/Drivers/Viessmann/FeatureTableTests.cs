using System.Text.Json;
using CsvHelper;
using HPManager.Core.Sensors;
using HPManager.Drivers.Viessmann.Client;
using HPManager.Drivers.Viessmann.Driver;
using HPManager.Drivers.Viessmann.Tables;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Viessmann;

/// <summary>The shipped table, and the page's samples through it.</summary>
public class FeatureTableTests
{
    private static readonly FeatureTable Table = FeatureTable.Load();
    private static readonly DateTimeOffset Now = new(2026, 2, 3, 6, 16, 0, TimeSpan.Zero);

    // The page's sample, with the page's host.
    private const string Sample = """
        {"data":[
         {"apiVersion":1,"feature":"heating.sensors.temperature.outside","gatewayId":"7000000000000001","deviceId":"0","isEnabled":true,"isReady":true,
          "timestamp":"2026-02-03T06:15:20.120Z","uri":"https://api.viessmann-climatesolutions.com/iot/v2/features/installations/4200001/gateways/7000000000000001/devices/0/features/heating.sensors.temperature.outside",
          "properties":{"status":{"type":"string","value":"connected"},"value":{"type":"number","unit":"celsius","value":-3.4}},"commands":{}},
         {"apiVersion":1,"feature":"heating.dhw.sensors.temperature.outlet","gatewayId":"7000000000000001","deviceId":"0","isEnabled":true,"isReady":true,
          "timestamp":"2026-02-03T06:15:20.120Z","uri":"https://api.viessmann-climatesolutions.com/iot/v2/features/installations/4200001/gateways/7000000000000001/devices/0/features/heating.dhw.sensors.temperature.outlet",
          "properties":{"status":{"type":"string","value":"notConnected"}},"commands":{}},
         {"apiVersion":1,"feature":"heating.circuits.1.heating.curve","gatewayId":"7000000000000001","deviceId":"0","isEnabled":true,"isReady":true,
          "timestamp":"2026-02-03T06:10:02.005Z","uri":"https://api.viessmann-climatesolutions.com/iot/v2/features/installations/4200001/gateways/7000000000000001/devices/0/features/heating.circuits.1.heating.curve",
          "properties":{"shift":{"type":"number","unit":"","value":2},"slope":{"type":"number","unit":"","value":0.7}},
          "commands":{"setCurve":{"name":"setCurve","isExecutable":true,
           "uri":"https://api.viessmann-climatesolutions.com/iot/v2/features/installations/4200001/gateways/7000000000000001/devices/0/features/heating.circuits.1.heating.curve/commands/setCurve",
           "params":{"slope":{"type":"number","required":true,"constraints":{"min":0.2,"max":3.5,"stepping":0.1}},
                     "shift":{"type":"number","required":true,"constraints":{"min":-13,"max":40,"stepping":1}}}}}}]}
        """;

    [Fact]
    public void Sample_ThroughTheTable_IsWhatThePageSays()
    {
        var features = FeatureReader.ReadAll(Json(Sample))!["0"];
        var sensors = new InstalledSensors(Table, null);
        Assert.True(sensors.Learn(features));

        Assert.Equal(["outside_temp", "dhw_outlet_temp", "heating_curve_slope_1", "heating_curve_shift_1"], sensors.Points.Select(point => point.Key.Value));
        Assert.Equal(
            [
                new Reading(-3.4, null, Quality.Good, new DateTimeOffset(2026, 2, 3, 6, 15, 20, 120, TimeSpan.Zero)),
                Reading.Missing(new DateTimeOffset(2026, 2, 3, 6, 15, 20, 120, TimeSpan.Zero), "no sensor is connected"),
                new Reading(0.7, null, Quality.Good, new DateTimeOffset(2026, 2, 3, 6, 10, 2, 5, TimeSpan.Zero)),
                new Reading(2, null, Quality.Good, new DateTimeOffset(2026, 2, 3, 6, 10, 2, 5, TimeSpan.Zero)),
            ],
            sensors.Points.Select(point => FeatureDecoder.Decode(point.Row, point.Find(features)!, Now)));
        var slope = sensors.Set[2];
        Assert.Equal((SensorAccess.ReadWrite, new ValueRange(0.2, 3.5, 0.1), "Circuit 2", Signal.HeatingCurve), (slope.Access, slope.Range, slope.Circuit, slope.Signal));
    }

    [Fact]
    public void Sample_SlopeWritten_SendsTheShiftAlong()
    {
        var features = FeatureReader.ReadAll(Json(Sample))!["0"];
        var point = Table.ByKey[SensorKey.Parse("heating_curve_slope_1")];

        var plan = WritePlan.Of(point, point.Find(features)!, 0.8);

        Assert.Equal("""{"slope":0.8,"shift":2}""", plan.Body.GetRawText());
        Assert.EndsWith("/heating.circuits.1.heating.curve/commands/setCurve", plan.Address, StringComparison.Ordinal);
        Assert.Null(plan.Refusal);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(3.6)]
    [InlineData(0.85)]
    public void Sample_SlopeOutsideOfWhatIsAllowed_IsRefused(double slope)
    {
        var point = Table.ByKey[SensorKey.Parse("heating_curve_slope_1")];

        var plan = WritePlan.Of(point, point.Find(FeatureReader.ReadAll(Json(Sample))!["0"])!, slope);

        Assert.Contains("0.2 to 3.5 in steps of 0.1", plan.Refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_EverySlopeOfTheSteps_IsAllowed()
    {
        var point = Table.ByKey[SensorKey.Parse("heating_curve_slope_1")];
        var feature = point.Find(FeatureReader.ReadAll(Json(Sample))!["0"])!;

        for (var step = 2; step <= 35; step++) Assert.Null(WritePlan.Of(point, feature, step / 10.0).Refusal);
        for (var value = 0.2; value < 3.5; value += 0.1) Assert.Null(WritePlan.Of(point, feature, value).Refusal);
    }

    /// <summary>Every line of the page's table is shown, folded into another one, or left out for a reason that stands here.</summary>
    [Fact]
    public void Table_EveryRowOfThePage_IsThereOrLeftOutForAReason()
    {
        string[] leftOut =
        [
            "device.serial", "heating.boiler.serial", "heating.controller.serial",          // personal data
            "device.messages.logbook",                                                      // large
            "heating.device.time", "device.time.daylightSaving",                            // written only, or of no use to an owner here
            "heating.circuits.{n}.name",                                                    // the circuit's own feature says it
            "heating.dhw.temperature.levels",                                               // not trustworthy
            "heating.circuits", "heating.compressors",                                      // the lists that say which there are
            "heating.dhw.sensors.temperature.dhwCylinder.bottom",                           // never connected in any dump
        ];
        using var page = CsvReader.FromText(File.ReadAllText(PagePath), new CsvReaderOptions { Separator = ',', HasHeader = false });
        Assert.True(page.Read());
        var shown = Table.Rows.SelectMany(row => new[] { row.Feature, row.Fallback }).OfType<string>().ToHashSet();
        var count = 0;
        while (page.Read())
        {
            count++;
            Assert.True(shown.Contains(page.GetString(1)) || leftOut.Contains(page.GetString(1)), page.GetString(0));
        }

        Assert.Equal(223, count);
    }

    [Fact]
    public void Table_EveryWritableRow_SaysWhatItSendsAndWhichCareItTakes() => Assert.All(Table.Rows.Where(row => row.Write is not null), row =>
    {
        Assert.NotEqual(WriteClass.None, row.WriteClass);
        Assert.True(row.Write!.OffCommand is not null || row.Write.Parameter is not null, row.Key);
        Assert.True(row.Type is FeatureType.Switch or FeatureType.Code || row.Range is { Min: not null, Max: not null, Step: not null }, row.Key);
    });

    [Theory]
    [InlineData("heating.compressors.0.heat.production.current", "value", "watt", 4210, "heat_output_now_0", 4.21)]
    [InlineData("heating.compressors.0.heat.production.current", "value", "kilowatt", 4.21, "heat_output_now_0", 4.21)]
    [InlineData("heating.compressors.0.power.consumption.current", "value", "kilowatt", 1.2, "power_input_now_0", 1.2)]
    [InlineData("heating.circuits.0.operating.programs.normalCooling", "temperature", "Celsius", 24, "program_normal_cooling_temp_0", 24)]
    [InlineData("heating.compressors.0.statistics", "hours", "", 4321.5, "compressor_hours_0", 4321.5)]
    [InlineData("heating.compressors.0.statistics", "hours", "hours", 4321.5, "compressor_hours_0", 4321.5)]
    [InlineData("heating.sensors.volumetricFlow.allengra", "value", "liter", 1200, "volume_flow", 20)]
    [InlineData("heating.sensors.volumetricFlow.allengra", "value", "liter/hour", 1200, "volume_flow", 20)]
    [InlineData("heating.evaporators.0.sensors.temperature.overheat", "value", "celsius", 5.5, "evaporator_superheat_0", 5.5)]
    [InlineData("heating.power.consumption.summary.heating", "currentDay", "kilowattHour", 2151.9999999999995, "power_heating_current_day", 2152)]
    [InlineData("heating.power.consumption.summary.heating", "currentDay", "wattHour", 4200, "power_heating_current_day", 4.2)]
    [InlineData("heating.configuration.temperature.outside.DampingFactor", "value", "minutes", 180, "outside_damping", 180)]
    public void Number_InAnyKnownUnit_IsTurnedIntoOurs(string name, string property, string unit, double told, string key, double expected)
    {
        var reading = Decode(key, name, $$$"""{"{{{property}}}":{"type":"number","unit":"{{{unit}}}","value":{{{told.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}}}""");

        Assert.Equal((expected, Quality.Good), (reading.Value, reading.Quality));
    }

    [Theory]
    [InlineData("\"unit\":\"kelvin\",\"value\":21", Quality.Failed)]
    [InlineData("\"unit\":\"furlong\",\"value\":21", Quality.Failed)]
    [InlineData("\"unit\":\"celsius\",\"value\":\"21\"", Quality.Failed)]
    [InlineData("\"unit\":\"celsius\",\"value\":true", Quality.Failed)]
    [InlineData("\"unit\":\"celsius\",\"value\":[21]", Quality.Failed)]
    [InlineData("\"unit\":\"celsius\",\"value\":1e999", Quality.Failed)]
    [InlineData("\"unit\":\"celsius\",\"value\":1e300", Quality.Implausible)]
    [InlineData("\"unit\":\"celsius\",\"value\":-300", Quality.Implausible)]
    [InlineData("\"unit\":\"celsius\",\"value\":4e-324", Quality.Good)]
    [InlineData("\"unit\":\"celsius\",\"value\":null", Quality.Missing)]
    [InlineData("\"unit\":\"celsius\"", Quality.Missing)]
    [InlineData("\"unit\":7,\"value\":21", Quality.Good)]
    public void Number_OfAnotherKind_IsNoValue(string members, Quality expected) =>
        Assert.Equal(expected, Decode("outside_temp", "heating.sensors.temperature.outside", $$$"""{"value":{"type":"number",{{{members}}}}}""").Quality);

    [Fact]
    public void DayList_ReadDaysAgo_CarriesThatMoment()
    {
        var reading = Decode("power_total_day_array", "heating.power.consumption.total", """
            {"day":{"type":"array","unit":"kilowattHour","value":[4.1999999999999993,11,12,13,9,8,7,6]},"dayValueReadAt":{"type":"string","value":"2026-01-28T21:00:00.000Z"}}
            """);

        Assert.Equal((4.2, new DateTimeOffset(2026, 1, 28, 21, 0, 0, TimeSpan.Zero)), (reading.Value, reading.At));
    }

    [Theory]
    [InlineData("power_total_week_array", "week", "[12.5,80,81,79,70]", 12.5)]
    [InlineData("power_total_year_array", "year", "[310,4200]", 310.0)]
    [InlineData("power_total_month_array", "month", "[]", null)]
    [InlineData("power_total_month_array", "month", "[\"a\"]", null)]
    [InlineData("power_total_month_array", "month", "12", null)]
    public void List_OfAnyLength_GivesItsNewest(string key, string property, string list, double? expected) => Assert.Equal(
        expected,
        Decode(key, "heating.power.consumption.total", $$$"""{"{{{property}}}":{"type":"array","unit":"kilowattHour","value":{{{list}}}}}""").Value);

    [Fact]
    public void Timestamp_AheadOfTheClock_IsNeverShownAsNewerThanNow()
    {
        var reading = Decode("outside_temp", "heating.sensors.temperature.outside", """{"value":{"type":"number","unit":"celsius","value":3}}""", at: "2027-01-01T00:00:00Z");

        Assert.Equal(Now, reading.At);
    }

    [Theory]
    [InlineData("2026-02-03T00:10:00Z", Quality.Stale)]
    [InlineData("2026-02-03T00:20:00Z", Quality.Good)]
    [InlineData("yesterday", Quality.Failed)]
    public void MeasuredValue_NotRenewedForLong_IsStaleWithTheReason(string at, Quality expected)
    {
        var reading = Decode("outside_temp", "heating.sensors.temperature.outside", """{"value":{"type":"number","unit":"celsius","value":3}}""", at: at);

        Assert.Equal(expected, reading.Quality);
        if (expected == Quality.Stale) Assert.Equal("the cloud has had nothing newer since 2026-02-03 00:10 UTC", reading.Reason);
    }

    [Fact]
    public void DeprecatedName_IsReadWhereTheNewOneIsNotThere()
    {
        const string Value = """{"value":{"type":"number","unit":"celsius","value":47.5}}""";
        var point = Table.ByKey[SensorKey.Parse("dhw_temp")];
        var older = Features(("heating.dhw.sensors.temperature.hotWaterStorage", Value), ("heating.dhw.sensors.temperature.dhwCylinder", "{}"));
        var both = Features(("heating.dhw.sensors.temperature.hotWaterStorage", Value), ("heating.dhw.sensors.temperature.dhwCylinder", Value));

        Assert.Equal("heating.dhw.sensors.temperature.hotWaterStorage", point.Find(older)!.Name);
        Assert.Equal("heating.dhw.sensors.temperature.dhwCylinder", point.Find(both)!.Name);
    }

    [Fact]
    public void Circuits_AreThoseTheControllerLists()
    {
        const string Name = """{"active":{"type":"boolean","value":true}}""";
        var features = Features(
            ("heating.circuits", """{"enabled":{"type":"array","value":["1","3"]}}"""),
            ("heating.circuits.0", Name), ("heating.circuits.1", Name), ("heating.circuits.3", Name),
            ("heating.compressors.0", Name), ("heating.compressors.1", Name));

        Assert.Equal(
            ["compressor_active_0", "compressor_active_1", "circuit_active_1", "circuit_active_3"], InstalledFeatures.Of(Table, features).Select(point => point.Key.Value));
    }

    [Fact]
    public void Mode_WordOfTheTableAndAnUnknownOne_KeepTheirNumbers()
    {
        const string Mode = "heating.circuits.0.operating.modes.active";
        var known = Decode("operating_mode_0", Mode, """{"value":{"type":"string","value":"dhwAndHeating"}}""");
        var unknown = Decode("operating_mode_0", Mode, """{"value":{"type":"string","value":"brandNew"}}""");

        Assert.Equal((2.0, "Hot water and heating"), (known.Value, known.Text));
        Assert.Equal("brandNew", unknown.Text);
        Assert.Equal(unknown.Value, Decode("operating_mode_3", Mode.Replace('0', '3'), """{"value":{"type":"string","value":"brandNew"}}""").Value);
        Assert.True(unknown.Value >= 1000);
    }

    [Theory]
    [InlineData("[]", 0.0, 0.0, "none")]
    [InlineData("""[{"errorCode":"F.1100","priority":"criticalError","timestamp":"2026-02-01T00:00:00Z"},{"errorCode":"F.518"}]""", 1.0, 1100.0, "F.1100 criticalError, F.518")]
    [InlineData("""[{"errorCode":7}]""", 1.0, null, "?")]
    [InlineData("{}", null, null, null)]
    public void Errors_AreCountedNamedAndNumbered(string entries, double? active, double? code, string? words)
    {
        var property = $$$"""{"entries":{"type":"array","value":{{{entries}}}}}""";

        Assert.Equal(active, Decode("fault_active", "device.messages.errors.raw", property).Value);
        Assert.Equal(code, Decode("fault_code", "device.messages.errors.raw", property).Value);
        Assert.Equal(words, Decode("errors_raw", "device.messages.errors.raw", property).Text);
    }

    [Fact]
    public void Schedule_EndingAt24_IsShownAsItIsWritten() => Assert.Equal(
        "mon+tue 05:30–24:00 normal; sun 08:00–22:00 on",
        Decode("heating_schedule_0", "heating.circuits.0.heating.schedule", """
            {"entries":{"type":"Schedule","value":{"mon":[{"start":"05:30","end":"24:00","mode":"normal","position":0}],"tue":[{"start":"05:30","end":"24:00","mode":"normal","position":0}],
             "wed":[],"sun":[{"start":"08:00","end":"22:00","mode":"on","position":0}]}}}
            """).Text);

    [Theory]
    [InlineData("cop_total", "heating.cop.total")]
    [InlineData("boiler_temp", "heating.boiler.temperature.current")]
    [InlineData("target_flow_temp_circuit_0", "heating.circuits.0.temperature")]
    public void Zero_WhereItMeansNothing_IsMissing(string key, string feature) =>
        Assert.Equal(Quality.Missing, Decode(key, feature, """{"value":{"type":"number","unit":"","value":0}}""").Quality);

    [Fact]
    public void Command_ThatAsksForMoreThanIsKnown_IsNotOffered()
    {
        var feature = FeatureReader.ReadOne(Json("""
            {"data":{"feature":"heating.dhw.temperature.main","timestamp":"2026-02-03T06:00:00Z","isEnabled":true,"properties":{"value":{"type":"number","unit":"celsius","value":50}},
             "commands":{"setTargetTemperature":{"isExecutable":true,"params":{"temperature":{"required":true,"constraints":{"min":10,"max":60,"stepping":1}},"until":{"required":true}}}}}}
            """))!;

        Assert.Null(InstalledFeatures.WritesNow(Table.ByKey[SensorKey.Parse("dhw_target_temp")].Row, feature));
    }

    private static string PagePath => Repository.PathOf("HPManager.Tests/Drivers/Viessmann/Fixtures/viessmann-features.csv");

    private static JsonElement Json(string text)
    {
        Assert.True(CloudJson.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var root, out var problem), problem);
        return root;
    }

    private static Dictionary<string, Feature> Features(params (string Name, string Properties)[] all) => all.ToDictionary(
        feature => feature.Name, feature => new Feature(feature.Name, Now, true, Json(feature.Properties), default));

    private static Reading Decode(string key, string name, string properties, string at = "2026-02-03T06:15:00Z")
    {
        var body = Json($$$"""{"data":[{"feature":"{{{name}}}","deviceId":"0","isEnabled":true,"timestamp":"{{{at}}}","properties":{{{properties}}},"commands":{}}]}""");
        var point = Table.ByKey[SensorKey.Parse(key)];
        return FeatureDecoder.Decode(point.Row, FeatureReader.ReadAll(body)!["0"][name], Now);
    }
}
