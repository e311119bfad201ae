using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Tests.Drivers.Husdata;

/// <summary>Section 8 of the Husdata page through the shipped tables and the whole way over HTTP, in its order. The MQTT lines are in HusdataTopicTests.</summary>
public class HusdataVectorTests
{
    private const string Normalised = "normalised";

    [Theory]
    [InlineData(1, "ivt/rego_600", """{"0001":275,"0002":285}""", "radiator_return", "27.5 °C", "radiator_forward", "28.5 °C")]
    [InlineData(2, "ivt/rego_1000", """{"0007":65529}""", "outdoor_temp", "-0.7 °C")]
    [InlineData(3, "ivt/rego_1000", """{"0007":-71}""", "outdoor_temp", "-7.1 °C")]
    [InlineData(4, "ivt/rego_600", """{"0002":-483}""", "radiator_forward", "none: not installed")]
    [InlineData(5, "nibe/eb100_husdata", """{"0008":32758}""", "indoor_temp", "none: no sensor connected")]
    [InlineData(6, "thermia/diplomat", """{"0008":32768}""", "indoor_temp", "none: no sensor connected")]
    [InlineData(7, "ivt/rego_600", """{"1A05":1}""", "heat_carrier_pump_on", "1 = on")]
    [InlineData(8, "ivt/rego_600", """{"2205":19}""", "heat_curve", "1.9")]
    [InlineData(9, "ivt/rego_600", """{"0207":65530}""", "heat_curve_offset", "-0.6")]
    [InlineData(10, "ivt/rego_600", """{"020B":40}""", "hot_water_difference", "4 K")]
    [InlineData(11, "ivt/rego_600", """{"BA91":210}""", "alarm_code", "21 = phase order")]
    [InlineData(12, "ivt/rego_600", """{"6C56":107260}""", "runtime_compressor_hot_water", "10726 h", null, null, Normalised)]
    [InlineData(13, "thermia/diplomat", """{"3104":333}""", "additional_heat_percent", "33.3 %")]
    [InlineData(14, "nibe/eb100_husdata", """{"4101":62}""", "load_l1", "6.2 A")]
    [InlineData(15, "ivt/rego_2000", """{"9112":47}""", "output_power", "4.7 kW", null, null, Normalised)]
    [InlineData(16, "thermia/diplomat", """{"CFAA":1450}""", "power_consumption", "1450 W")]
    [InlineData(17, "thermia/diplomat", """{"2201":10}""", "operating_mode", "1 = auto")]
    [InlineData(17, "thermia/diplomat", """{"2201":1}""", "operating_mode", "1 = auto")]
    [InlineData(18, "thermia/diplomat", """{"2201":4}""", "operating_mode", "4 = hot water only")]
    [InlineData(19, "ivt/rego_2000", """{"2213":20}""", "hot_water_program", "2 = comfort")]
    [InlineData(20, "ivt/rego_1000", """{"2233":1}""", "external_control_1", "1 = activate")]
    [InlineData(21, "ivt/rego_1000", """{"5C52":844329,"5C55":4758500,"5C59":250314}""", "energy_supplied_heating", "8443.29 kWh", "energy_compressor_heating", "4758.5 kWh")]
    [InlineData(21, "ivt/rego_1000", """{"5C52":844329,"5C55":4758500,"5C59":250314}""", "energy_aux_hot_water", "250.314 kWh")]
    [InlineData(24, "ivt/rego_600", """{"ZZZZ":1,"0007":25}""", "outdoor_temp", "2.5 °C")]
    public async Task Poll_ReadVectorOfThePage_IsWhatItSays(
        int line, string model, string answer, string sensor, string expected, string? second = null, string? alsoExpected = null, string? scaling = null)
    {
        await using var gateway = new FakeGateway { Instead = path => path == "/api/alldata" ? FakeGateway.Answer("200 OK", answer) : null };
        await using var site = new HusdataSite(gateway.Port, model, scaling is null ? null : Settings.Empty.With("scaling", scaling));

        var snapshot = await site.PollAsync();

        Assert.Equal((line, expected), (line, Text(snapshot, sensor)));
        if (second is not null) Assert.Equal((line, alsoExpected), (line, Text(snapshot, second)));
        Assert.DoesNotContain(snapshot.Sensors.All, known => known.Key.Value.Contains("zzzz", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(22, "{}")]
    [InlineData(23, """{"0002":0,"0007":0,"0009":0,"0107":0}""")]
    public async Task Poll_NothingOrOnlyZeros_IsNoDataYetForEveryModel(int line, string answer)
    {
        await using var gateway = new FakeGateway { Instead = _ => FakeGateway.Answer("200 OK", answer) };
        foreach (var model in (string[])["thermia/diplomat", "ivt/rego_600", "ivt/rego_400", "ivt/rego_800", "ivt/rego_1000", "ivt/rego_2000", "nibe/eb100_husdata", "nibe/styr_2002_husdata"])
        {
            await using var site = new HusdataSite(gateway.Port, model);

            Assert.Equal((line, FailureCause.NoData), (line, (await site.FailAsync()).Cause));
        }
    }

    [Fact]
    public async Task Poll_WholeSampleOfThePage_IsWhatItSays()
    {
        await using var gateway = new FakeGateway(
            """
            "0001":224,"0002":-483,"0005":63,"0006":76,"0007":-26,"0009":-483,"000A":482,"3104":0,"0107":225,"0203":200,"2205":19,"1A01":0,"1A05":1,"1A20":0,"BA91":210,"6C56":107260
            """);
        await using var site = new HusdataSite(gateway.Port, "ivt/rego_600");

        var snapshot = await site.PollAsync();

        Assert.Equal(
            [
                "22.4 °C", "none: not installed", "6.3 °C", "7.6 °C", "-2.6 °C", "none: not installed", "48.2 °C", "0 %", "22.5 °C", "20 °C", "1.9", "0 = off", "1 = on", "0 = ok",
                "21 = phase order", "10726 h", "48.2 °C",
            ],
            new[]
            {
                "radiator_return", "radiator_forward", "brine_in", "brine_out", "outdoor_temp", "hot_water_top", "hot_water_mid", "additional_heat_percent", "heating_setpoint",
                "room_setpoint", "heat_curve", "compressor_on", "heat_carrier_pump_on", "alarm_active", "alarm_code", "runtime_compressor_hot_water", "hot_water_temperature",
            }.Select(sensor => Text(snapshot, sensor)));
        Assert.Equal(48.2, snapshot[Signal.HotWaterTemperature]!.Value.Value);
        Assert.All(snapshot.Readings, reading => Assert.Equal(HusdataSite.At, reading.At));
        Assert.Equal("normalised, found by BA91, 6C56", snapshot[SensorKey.Parse("gateway_scaling")]!.Value.Text);
    }

    [Theory]
    [InlineData(25, "ivt/rego_600", "0203", "room_setpoint", 22.5, "/api/set?idx=0203&val=225")]
    [InlineData(26, "ivt/rego_600", "0207", "heat_curve_offset", -2.5, "/api/set?idx=0207&val=-25")]
    [InlineData(27, "ivt/rego_600", "0208", "hot_water_stop", 49, "/api/set?idx=0208&val=490")]
    [InlineData(28, "ivt/rego_1000", "2233", "external_control_1", 1, "/api/set?idx=2233&val=1")]
    [InlineData(29, "ivt/rego_600", "12F2", "alarm_reset", 0, "/api/set?idx=12F2&val=0")]
    [InlineData(29, "nibe/eb100_husdata", "22F2", "alarm_reset", 1, "/api/set?idx=22F2&val=1")]
    public async Task Write_VectorOfThePage_IsItsRequest(int line, string model, string index, string sensor, double value, string request)
    {
        await using var gateway = new FakeGateway($"\"0007\":25,\"{index}\":40");
        await using var site = new HusdataSite(gateway.Port, model);

        Assert.Null(await site.WriteAsync(sensor, value));

        Assert.Equal((line, request), (line, Assert.Single(gateway.Writes)));
    }

    [Theory]
    [InlineData("XR00010106", 26.2)]
    [InlineData("XR00030198", 40.8)]
    [InlineData("XR0006FFE6", -2.6)]
    [InlineData("XR0006FFE9", -2.3)]
    public async Task Poll_WordsOfTheH1Lines_AreWhatThePageSays(string line, double expected)
    {
        await using var gateway = new FakeGateway($"\"{line[2..6]}\":{int.Parse(line[6..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)}");
        await using var site = new HusdataSite(gateway.Port, "ivt/rego_600");

        var snapshot = await site.PollAsync();

        Assert.Contains(snapshot.Readings, reading => reading.IsGood && reading.Value == expected);
    }

    internal static string Text(Snapshot snapshot, string key)
    {
        Assert.True(snapshot.Sensors.TryGet(SensorKey.Parse(key), out var sensor), key);
        var reading = snapshot[sensor.Key]!.Value;
        if (reading.Value is not { } value) return reading.Text ?? $"none: {reading.Reason}";
        var mark = reading.IsGood ? "" : $" ({reading.Quality})";
        var unit = sensor.Unit == Unit.None ? "" : $" {sensor.Unit}";
        return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}{(reading.Text is null ? "" : $" = {reading.Text}")}{mark}");
    }
}
