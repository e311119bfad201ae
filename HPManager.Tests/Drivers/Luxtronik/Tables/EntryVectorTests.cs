using System.Net;
using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Tables;

namespace HPManager.Tests.Drivers.Luxtronik.Tables;

/// <summary>Raw numbers and what they mean, beside the vectors of the page in <see cref="LuxtronikVectorTests"/>.</summary>
public class EntryVectorTests
{
    [Theory]
    [InlineData("heating_correction", -15, -1.5)]
    [InlineData("cooling_start_delay", 15, 1.5)]
    public void Decode_Number_IsScaled(string key, int raw, double expected)
    {
        var reading = Decode(key, raw);

        Assert.True(reading.IsGood, reading.Reason);
        Assert.Equal(expected, reading.Value!.Value, 3);
        Assert.Null(reading.Text);
    }

    [Theory]
    [InlineData("solar_tank_temperature", 1500, "no sensor")]
    [InlineData("holiday_heating_end", 1167609600, "never set")]
    [InlineData("last_defrost", 0, "no entry")]
    public void Decode_ValueOfNothing_IsMissing(string key, int raw, string reason)
    {
        var reading = Decode(key, raw);

        Assert.Equal((Quality.Missing, null, reason), (reading.Quality, reading.Value, reading.Reason));
    }

    [Theory]
    [InlineData("operating_mode", 7, "cooling")]
    [InlineData("heat_pump_model", 75, "MSW4-16")]
    [InlineData("last_defrost", 1700000000, "2023-11-14T22:13:20Z")]
    public void Decode_WordsAndTimes_AreText(string key, int raw, string expected)
    {
        var reading = Decode(key, raw);

        Assert.True(reading.IsGood, reading.Reason);
        Assert.Equal(expected, reading.Text);
    }

    [Theory]
    [InlineData("outdoor_temperature", -601)]
    [InlineData("outdoor_temperature", 1801)]
    [InlineData("outdoor_temperature", int.MinValue)]
    [InlineData("high_pressure", 6001)]
    [InlineData("high_pressure", -1)]
    [InlineData("ventilation_supply_fan", 1001)]
    [InlineData("heating_pump_speed", -1)]
    [InlineData("output_compressor_1", 2)]
    [InlineData("timer_heating_week_1_start", 86400)]
    [InlineData("silent_window_1", -1)]
    [InlineData("last_defrost", 335364)]
    [InlineData("last_defrost", -5)]
    public void Decode_WhatCannotBe_IsImplausible(string key, int raw) => Assert.Equal(Quality.Implausible, Decode(key, raw).Quality);

    [Fact]
    public void Decode_UnknownCode_KeepsItsNumber()
    {
        var reading = Decode("operating_mode", 42);

        Assert.Equal((Quality.Good, 42, null), (reading.Quality, reading.Value, reading.Text));
    }

    [Theory]
    [InlineData("heating_correction", 4.5, 45)]
    [InlineData("hot_water_setpoint", 48.3, 483)]
    [InlineData("hot_water_frequency", 0, 0)]
    [InlineData("hot_water_frequency", 30, 11)]
    [InlineData("heating_mode", 4, 4)]
    [InlineData("pump_optimisation", 1, 1)]
    [InlineData("timer_hot_water_week_5_end", 75600, 75600)]
    [InlineData("heating_pump_minimal", 1.1, 110)]
    [InlineData("cooling_stop_delay", 0.5, 5)]
    public void TryEncode_Value_IsRoundedToRaw(string key, double value, int expected)
    {
        Assert.True(EntryDecoder.TryEncode(LuxtronikSamples.Entry(key), value, present: 500, out var raw, out var error), error);
        Assert.Equal(expected, raw);
    }

    [Fact]
    public void TryEncode_EveryWritableValue_ReadsBackAsWritten()
    {
        foreach (var entry in LuxtronikSamples.Tables.Entries.Where(entry => entry.Sensor.IsWritable))
        {
            var range = entry.Sensor.Range;
            var values = entry.Sensor.Codes is { } codes && entry.Sensor.Kind != ValueKind.Number
                ? codes.Entries.Select(code => (double)code.Key)
                : Enumerable.Range(0, (int)Math.Round((range.Max!.Value - range.Min!.Value) / range.Step!.Value) + 1).Select(step => range.Min.Value + (step * range.Step.Value));
            foreach (var value in values)
            {
                Assert.True(EntryDecoder.TryEncode(entry, value, present: 500, out var raw, out _));
                var reading = EntryDecoder.Decode(entry, raw, isOldSeries: false, LuxtronikSamples.At);
                Assert.True(reading.IsGood, $"{entry.Sensor.Key} {value}");
                Assert.Equal(value, reading.Value!.Value, 6);
            }
        }
    }

    [Fact]
    public void TryEncode_VoltsWhereTheSettingIsInPercent_IsRefused() =>
        Assert.False(EntryDecoder.TryEncode(LuxtronikSamples.Entry("heating_pump_nominal"), 8, present: 65, out _, out _));

    [Theory]
    [InlineData("V3.92.1", 3, 92, 1)]
    [InlineData("V1.90.0", 1, 90, 0)]
    [InlineData("V2.88.3", 2, 88, 3)]
    [InlineData("B1.62B", 1, 62, 0)]
    [InlineData("F1.80", 1, 80, 0)]
    [InlineData("WWB1.2.3", 1, 2, 3)]
    [InlineData("smo", null, 0, 0)]
    [InlineData("", null, 0, 0)]
    public void Firmware_Text_GivesSeriesMinorAndPatch(string text, int? series, int minor, int patch)
    {
        var firmware = FirmwareVersion.Of(LuxtronikSamples.Blocks(text).Calculations);

        Assert.Equal((text, series, minor, patch), (firmware.Text, firmware.Series, firmware.Minor, firmware.Patch));
    }

    [Fact]
    public void Description_AddressesAndSerial_AreReadForTheSearch()
    {
        var calculations = LuxtronikSamples.Blocks().Calculations;
        calculations[78] = 75;
        calculations[91] = -1073741302;
        calculations[92] = -256;
        var parameters = new int[1180];
        parameters[874] = 330123;
        parameters[875] = 325;

        var description = ControllerDescription.Of(calculations, parameters);

        Assert.Equal(
            new ControllerDescription(FirmwareVersion.Parse("V3.92.1"), 75, IPAddress.Parse("192.0.2.10"), IPAddress.Parse("255.255.255.0"), "330123-0145"),
            description);
    }

    [Fact]
    public void Description_OfSomethingElse_IsNull()
    {
        Assert.Null(ControllerDescription.Of(new int[90], []));
        Assert.Null(ControllerDescription.Of(new int[269], []));
        Assert.Null(ControllerDescription.Of(LuxtronikSamples.Blocks().Calculations, [])!.SerialNumber);
    }

    private static Reading Decode(string key, int raw) => EntryDecoder.Decode(LuxtronikSamples.Entry(key), raw, isOldSeries: false, LuxtronikSamples.At);
}
