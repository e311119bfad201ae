using System.Globalization;
using System.Net;
using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Client;
using HPManager.Drivers.Luxtronik.Tables;
using HPManager.Tests.Drivers.Luxtronik.Client;

namespace HPManager.Tests.Drivers.Luxtronik.Tables;

/// <summary>
/// Section 8 of the Luxtronik page through the shipped tables, in its order. T01 to T15 as frames are in <see cref="AnswerReaderTests"/>, T16 to T18 in
/// <see cref="LuxtronikSearchTests"/>, T19 to T24 and T55 in SmartHomeInterfaceTests.
/// </summary>
public class LuxtronikVectorTests
{
    [Theory]
    [InlineData("T07", 3003, "00000BBB0000000500000000FFFFFFF1000001E00000000000000002", 1, "heating_correction", "-1.5 K")]
    [InlineData("T07", 3003, "00000BBB0000000500000000FFFFFFF1000001E00000000000000002", 2, "hot_water_setpoint_legacy", "48 °C")]
    [InlineData("T07", 3003, "00000BBB0000000500000000FFFFFFF1000001E00000000000000002", 3, "heating_mode", "0 = automatic")]
    [InlineData("T07", 3003, "00000BBB0000000500000000FFFFFFF1000001E00000000000000002", 4, "hot_water_mode", "2 = party")]
    [InlineData("T08", 3004, T08, 10, "flow_temperature", "34.2 °C")]
    [InlineData("T08", 3004, T08, 11, "return_temperature", "32.6 °C")]
    [InlineData("T08", 3004, T08, 14, "hot_gas_temperature", "61.2 °C")]
    [InlineData("T08", 3004, T08, 15, "outdoor_temperature", "-5.5 °C")]
    [InlineData("T08", 3004, T08, 16, "outdoor_temperature_average", "-2.1 °C")]
    [InlineData("T08", 3004, T08, 17, "hot_water_temperature", "48.7 °C")]
    [InlineData("T08", 3004, T08, 18, "hot_water_target_temperature", "48 °C")]
    [InlineData("T08", 3004, T08, 19, "source_inlet_temperature", "none: no sensor")]
    public void Decode_WholeAnswerOfThePage_IsWhatItSays(string line, int command, string answer, int index, string sensor, string expected)
    {
        var entry = LuxtronikSamples.Entry(sensor);
        var reader = new AnswerReader();
        reader.Begin((LuxtronikCommand)command);
        var bytes = Convert.FromHexString(answer);
        for (var offset = 0; offset < bytes.Length;)
        {
            var part = Math.Min(reader.Space.Length, bytes.Length - offset);
            bytes.AsMemory(offset, part).CopyTo(reader.Space);
            reader.Take(part);
            offset += part;
        }

        Assert.True(reader.IsComplete);
        Assert.Equal((line, index, expected), (line, entry.Index, Text(EntryDecoder.Decode(entry, reader.Integers()[index], isOldSeries: false, LuxtronikSamples.At), entry)));
    }

    [Theory]
    [InlineData("T30", "calculation", 15, 215, "outdoor_temperature", "21.5 °C")]
    [InlineData("T31", "calculation", 15, -55, "outdoor_temperature", "-5.5 °C")]
    [InlineData("T32", "calculation", 19, -500, "source_inlet_temperature", "none: no sensor")]
    [InlineData("T37", "calculation", 63, 7265, "heat_pump_run_time", "2.018 h")]
    [InlineData("T38", "calculation", 180, 1834, "high_pressure", "18.34 bar")]
    [InlineData("T39", "calculation", 151, 123456, "heat_heating", "12345.6 kWh")]
    [InlineData("T40", "calculation", 151, 214871820, "heat_heating", "12345.6 kWh")]
    [InlineData("T41", "parameter", 1136, 123456, "energy_heating", "1234.56 kWh")]
    [InlineData("T42", "parameter", 1059, 14714, "aux_heater_heat", "1471.4 kWh")]
    [InlineData("T42", "parameter", 1059, 14714, "aux_heater_heat", "147.14 kWh", true)]
    [InlineData("T43", "parameter", 223, 25200, "timer_heating_week_1_start", "25200 = 07:00")]
    [InlineData("T44", "parameter", 224, 75600, "timer_heating_week_1_end", "75600 = 21:00")]
    [InlineData("T45", "parameter", 1093, 86507880, "silent_window_1", "06:00 to 22:00")]
    [InlineData("T46", "parameter", 1020, 10, "hot_water_reheating_max", "6 h")]
    [InlineData("T47", "parameter", 1045, 0, "hot_water_frequency", "0 = automatic")]
    [InlineData("T47", "parameter", 1045, 11, "hot_water_frequency", "30 Hz")]
    [InlineData("T47", "parameter", 1045, 101, "hot_water_frequency", "120 Hz")]
    [InlineData("T48", "calculation", 156, 650, "analog_output_1", "6.5 V")]
    [InlineData("T49", "calculation", 164, 325, "ventilation_supply_fan", "32.5 %")]
    [InlineData("T51", "calculation", 267, 2147483647, "room_target_temperature_2", "none: not available")]
    [InlineData("T52", "parameter", 867, 1000, "heating_pump_nominal", "10 V")]
    [InlineData("T52", "parameter", 867, 1000, "heating_pump_nominal_percent", "none: set in volts on this heat pump")]
    [InlineData("T52", "parameter", 867, 65, "heating_pump_nominal", "none: set in percent on this heat pump")]
    [InlineData("T52", "parameter", 867, 65, "heating_pump_nominal_percent", "65 %")]
    public void Decode_LineOfThePage_IsWhatItSays(string line, string block, int index, int raw, string sensor, string expected, bool isOldSeries = false)
    {
        var entry = LuxtronikSamples.Entry(sensor);

        Assert.Equal((line, block, index), (line, $"{entry.Block}".ToLowerInvariant().TrimEnd('s'), entry.Index));
        Assert.Equal(expected, Text(EntryDecoder.Decode(entry, raw, isOldSeries, LuxtronikSamples.At), entry));
    }

    [Fact]
    public void Describe_T33ToT35AndT50_AreFirmwareAddressesAndSerial()
    {
        var calculations = LuxtronikSamples.Blocks().Calculations;
        var parameters = new int[1180];
        new[] { 86, 51, 46, 57, 50, 46, 49, 0, 0, 0 }.CopyTo(calculations, 81);
        (calculations[91], calculations[92]) = (-1073741302, -256);
        (parameters[874], parameters[875]) = (330123, 325);

        var description = ControllerDescription.Of(calculations, parameters)!;

        Assert.Equal(("V3.92.1", 3, 92, 1), (description.Firmware.Text, description.Firmware.Series, description.Firmware.Minor, description.Firmware.Patch));
        Assert.Equal((IPAddress.Parse("192.0.2.10"), IPAddress.Parse("255.255.255.0")), (description.Address, description.SubnetMask));
        Assert.Equal("330123-0145", description.SerialNumber);
    }

    [Fact]
    public void Derive_T36AndT54_AreTimesAndTheirOrder()
    {
        var blocks = LuxtronikSamples.Blocks();
        (blocks.Calculations[95], blocks.Calculations[100]) = (1700000000, 711);
        new[] { 10, 11, 12, 13, 14 }.CopyTo(blocks.Calculations, 106);
        new[] { 1700000300, 1700000400, 1700000100, 1700000150, 1700000200 }.CopyTo(blocks.Calculations, 111);

        Assert.Equal("2023-11-14T22:13:20Z", LuxtronikSamples.Derive("fault_1_time", blocks).Text);
        Assert.Equal([1, 0, 4, 3, 2], Enumerable.Range(1, 5).Select(place => (int)LuxtronikSamples.Derive($"switch_off_{place}", blocks).Value!.Value - 10));
    }

    [Theory]
    [InlineData("T04", 105, "hot_water_setpoint", 48.0, 480, "00000BBA00000069000001E0")]
    [InlineData("T06", 1, "heating_correction", -1.5, -15, "00000BBA00000001FFFFFFF1")]
    [InlineData("T53", 1, "heating_correction", -0.5, -5, "00000BBA00000001FFFFFFFB")]
    public void Encode_LineOfThePage_IsItsFrame(string line, int index, string sensor, double value, int expected, string frame)
    {
        var entry = LuxtronikSamples.Entry(sensor);

        Assert.True(EntryDecoder.TryEncode(entry, value, present: 0, out var raw, out var error), error);

        Assert.Equal((line, index, expected), (line, entry.Index, raw));
        Assert.Equal(frame, Convert.ToHexString(LuxtronikRequests.Write(entry.Index, raw)));
    }

    private const string T08 =
        "00000BBC0000000000000014" + "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "00000156000001460000012C0000012D00000264FFFFFFC9FFFFFFEB000001E7000001E0FFFFFE0C";

    private static string Text(Reading reading, LuxtronikEntry entry)
    {
        if (!reading.IsGood) return $"{(reading.Quality == Quality.Missing ? "none" : reading.Quality)}: {reading.Reason}";
        var number = reading.Value?.ToString("0.###", CultureInfo.InvariantCulture);
        return (number, reading.Text) switch
        {
            (null, var text) => text ?? "",
            (_, { } text) => $"{number} = {text}",
            _ => $"{number} {entry.Sensor.Unit.Symbol}".TrimEnd(),
        };
    }
}
