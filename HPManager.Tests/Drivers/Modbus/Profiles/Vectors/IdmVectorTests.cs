using HPManager.Core.HeatPumps;

namespace HPManager.Tests.Drivers.Modbus.Profiles.Vectors;

/// <summary>Section 11 of the iDM page: its table and its frames, in its order.</summary>
public class IdmVectorTests
{
    private const string Make = "idm";
    private const string Model = "navigator_2_0";

    [Theory]
    [InlineData(1, 1000, "outdoor_temperature", "6666 40D6", "6.7 °C")]
    [InlineData(2, 1002, "outdoor_temperature_average", "0000 BFC0", "-1.5 °C")]
    [InlineData(3, 1008, "heat_storage_temperature", "3333 4207", "33.8 °C")]
    [InlineData(4, 1392, "humidity_sensor", "0000 BF80", "none: not available")]
    [InlineData(5, 74, "pv_surplus", "7AE1 4084", "4.14 kW")]
    [InlineData(6, 74, "pv_surplus", "A3D7 4130", "11.04 kW")]
    [InlineData(7, 4128, "heat_energy_total_flow_sensor", "7B33 46F6", "31549.6 kWh")]
    [InlineData(8, 4122, "hp_electrical_power", "CCCD 3E4C", "0.2 kW")]
    [InlineData(9, 1060, "air_intake_temperature", "70A4 C145", "-12.34 °C")]
    [InlineData(10, 1429, "hc_a_heating_curve", "999A 3F19", "0.6")]
    [InlineData(11, 1401, "hc_a_room_setpoint_heating_normal", "0000 41B0", "22 °C")]
    [InlineData(12, 1004, "internal_message", "007E", "126")]
    [InlineData(13, 1032, "dhw_setpoint", "002E", "46 °C")]
    [InlineData(14, 1101, "compressor_2_running", "01FF", "none: not fitted")]
    [InlineData(15, 1147, "cascade_stages_available_heating", "FFFF", "none: no cascade")]
    [InlineData(16, 1104, "charge_pump", "FFFF", "-1 = off")]
    [InlineData(17, 1104, "charge_pump", "003C", "60 %")]
    [InlineData(18, 1120, "bivalence_point_1_second_generator", "FFFB", "-5 °C")]
    [InlineData(19, 86, "battery_soc", "FFFF", "none: not available")]
    [InlineData(20, 1005, "system_mode", "0001", "1 = automatic")]
    [InlineData(21, 1090, "hp_operating_mode", "0009", "9 = heating + defrost")]
    [InlineData(22, 1710, "request_heating", "0001", "1 = on")]
    [InlineData(23, 1112, "valve_heating_dhw", "FFFF", "none: valve not fitted")]
    [InlineData(24, 4108, "hp_power_limit", "0000 BF80", "-1 = no limit set")]
    [InlineData(25, 1000, "outdoor_temperature", "0000 7FC0", "none: not available")]
    public void Decode_LineOfThePage_IsWhatItSays(int line, int address, string sensor, string words, string expected) =>
        Assert.Equal((line, $"holding {address}", expected), (line, PageVectors.Place(Make, Model, sensor), PageVectors.Decode(Make, Model, sensor, words)));

    // The sections before it: sentinels that are values elsewhere, and the other ways to say "nothing".
    [Theory]
    [InlineData("utility_lock", "0001", "1 = not locked")]
    [InlineData("outdoor_temperature", "0000 BF80", "-1 °C")]
    [InlineData("heat_source_outlet_temperature", "0000 BF80", "-1 °C")]
    [InlineData("system_mode", "0004", "4 = hot water only")]
    [InlineData("outdoor_temperature", "0000 7F80", "none: not available")]
    [InlineData("hc_a_flow_setpoint", "0000 0000", "none: idle")]
    [InlineData("hc_a_mode", "00FF", "none: not configured")]
    [InlineData("charge_pump", "8000", "none: not fitted")]
    [InlineData("internal_message", "FFFF", "none: not available")]
    [InlineData("request_groundwater_pump", "00FE", "none: not available")]
    public void Decode_SentinelOfThePage_IsAValueWhereItIsOne(string sensor, string words, string expected) =>
        Assert.Equal(expected, PageVectors.Decode(Make, Model, sensor, words));

    [Theory]
    [InlineData("pv_surplus", 4.14, "7AE1 4084")]
    [InlineData("hc_a_room_setpoint_heating_normal", 22, "0000 41B0")]
    [InlineData("dhw_setpoint", 48, "0030")]
    [InlineData("request_heating", 1, "0001")]
    [InlineData("bms_heating_request_temperature", 35, "0000 420C")]
    [InlineData("hc_a_external_room_temperature", -1, "0000 BF80")]
    public void Encode_ValueOfAFrame_IsItsWords(string sensor, double value, string words) =>
        Assert.Equal(words, PageVectors.Encode(Make, Model, sensor, value));

    [Theory]
    [InlineData("read 1012, 2 words, FC 03", "holding", "dhw_temperature_bottom", "02 F6 00 00 00 06 01 03 03 F4 00 02", "02 F6 00 00 00 07 01 03 04 00 00 41 B0", "22 °C")]
    [InlineData("read 1000, 2 words, FC 04", "input", "outdoor_temperature", "00 01 00 00 00 06 01 04 03 E8 00 02", "00 01 00 00 00 07 01 04 04 66 66 40 D6", "6.7 °C")]
    [InlineData("refusal of FC 04, exception 2", "input", "outdoor_temperature", "00 06 00 00 00 06 01 04 03 E8 00 02", "00 06 00 00 00 03 01 84 02", "failed: Refused")]
    public Task Read_FrameOfThePage_IsSentAndUnderstood(string line, string function, string sensor, string request, string answer, string expected)
    {
        Assert.NotEmpty(line);
        return PageVectors.ReadAsync(Make, Model, sensor, request, answer, expected, new Settings([new("read_function", function)]));
    }

    [Theory]
    [InlineData("write 74 = 4.14", "pv_surplus", 4.14, "02 EF 00 00 00 0B 01 10 00 4A 00 02 04 7A E1 40 84", "02 EF 00 00 00 06 01 10 00 4A 00 02")]
    [InlineData("write 1401 = 22.0", "hc_a_room_setpoint_heating_normal", 22, "00 02 00 00 00 0B 01 10 05 79 00 02 04 00 00 41 B0", "00 02 00 00 00 06 01 10 05 79 00 02")]
    [InlineData("write 1032 = 48", "dhw_setpoint", 48, "00 03 00 00 00 09 01 10 04 08 00 01 02 00 30", "00 03 00 00 00 06 01 10 04 08 00 01")]
    [InlineData("write 1710 = 1", "request_heating", 1, "00 04 00 00 00 09 01 10 06 AE 00 01 02 00 01", "00 04 00 00 00 06 01 10 06 AE 00 01")]
    [InlineData("write 1696 = 35.0", "bms_heating_request_temperature", 35, "00 05 00 00 00 0B 01 10 06 A0 00 02 04 00 00 42 0C", "00 05 00 00 00 06 01 10 06 A0 00 02")]
    public Task Write_FrameOfThePage_IsSent(string line, string sensor, double value, string request, string answer)
    {
        Assert.NotEmpty(line);
        return PageVectors.WriteAsync(Make, Model, sensor, value, request, answer);
    }
}
