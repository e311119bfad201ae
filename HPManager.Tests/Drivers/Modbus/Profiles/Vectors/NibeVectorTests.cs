namespace HPManager.Tests.Drivers.Modbus.Profiles.Vectors;

/// <summary>Section 11 of the NIBE page: what is read, what is written, and whole frames, in its order. Each line names the first of our models that has the register.</summary>
public class NibeVectorTests
{
    private const string Make = "nibe";

    [Theory]
    [InlineData("R1", "s1155", "outdoor_temp_bt1", "input 1", "0039", "5.7 °C")]
    [InlineData("R2", "s1155", "outdoor_temp_bt1", "input 1", "FFCB", "-5.3 °C")]
    [InlineData("R3", "s1155", "outdoor_temp_bt1", "input 1", "0000", "0 °C")]
    [InlineData("R4", "s1155", "room_temp_s1_bt50", "input 26", "8000", "none: sensor not connected or function absent")]
    [InlineData("R5", "s1155", "hot_water_top_bt7", "input 8", "01F4", "50 °C")]
    [InlineData("R6", "s1155", "brine_out_bt11", "input 11", "FFF6", "-1 °C")]
    [InlineData("R7", "s1155", "high_pressure_bp9", "input 2132", "0A8C", "27 bar")]
    [InlineData("R8", "s1155", "additional_heat_power", "input 1027", "0258", "6 kW")]
    [InlineData("R9", "s1155", "compressor_frequency", "input 1046", "0212", "53 Hz")]
    [InlineData("R10", "s1155", "compressor_frequency", "input 1046", "FFFF", "none: not available")]
    [InlineData("R11", "s1155", "compressor_power_input", "input 1048", "05DC", "1500 W")]
    [InlineData("R12", "s1155", "priority", "input 1028", "001E", "30 = heating")]
    [InlineData("R13", "s1155", "priority", "input 1028", "003C", "60 = cooling")]
    [InlineData("R14", "s1155", "heating_pump_speed_gp1", "input 1102", "00FF", "none: not available")]
    [InlineData("R15", "s1155", "heating_offset_s1", "holding 30", "FFFC", "-4")]
    [InlineData("R16", "s1155", "heating_offset_s1", "holding 30", "00FC", "-4")]
    [InlineData("R17", "s1155", "heating_offset_s1", "holding 30", "007F", "127")]
    [InlineData("R18", "s1155", "heating_offset_s1", "holding 30", "FF80", "none: not available")]
    [InlineData("R19", "s2125", "bt12_offset_hp1", "holding 5328", "0023", "3.5 K")]
    [InlineData("R20", "s1155", "room_sensor_factor_s1", "holding 210", "0014", "2")]
    [InlineData("R21", "s1155", "alarm_number", "input 1975", "00B7", "183")]
    [InlineData("R22", "s1155", "degree_minutes", "holding 11", "FDA8 FFFF", "-60 DM")]
    [InlineData("R23", "s1155", "degree_minutes", "holding 11", "E2B4 FFFF", "-750 DM")]
    [InlineData("R24", "s1155", "degree_minutes", "holding 11", "03E8 0000", "100 DM")]
    [InlineData("R25", "s1155", "degree_minutes", "holding 11", "0000 8000", "none: not available")]
    [InlineData("R26", "s1155", "room_unit_setpoint_1", "holding 2505", "00CD 0000", "20.5 °C")]
    [InlineData("R27", "s1155", "compressor_starts", "input 1083", "5432 0000", "21554")]
    [InlineData("R28", "s1155", "compressor_hours_total", "input 1087", "86A0 0001", "100000 h")]
    [InlineData("R29", "s1155", "energy_consumed_total", "input 3823", "42F9 0003", "21375.3 kWh")]
    [InlineData("R30", "s1155", "power_consumption", "input 2305", "00D2 0000", "2.1 kW")]
    [InlineData("R31", "s1155", "phase_current_be1", "input 50", "0043 0000", "6.7 A")]
    [InlineData("R32", "s1155", "energy_produced_total", "input 3821", "FFFF FFFF", "none: not available")]
    [InlineData("R33", "s1155", "additional_heat_hours_total", "input 1025", "04D7 0000", "123.9 h")]
    public void Decode_LineOfThePage_IsWhatItSays(string line, string model, string sensor, string place, string words, string expected) =>
        Assert.Equal((line, place, expected), (line, PageVectors.Place(Make, model, sensor), PageVectors.Decode(Make, model, sensor, words)));

    [Fact]
    public void Decode_PriceArea255_IsAValue() => Assert.Equal("255", PageVectors.Decode(Make, "s1155", "spa_area", "00FF"));

    [Theory]
    [InlineData("W1", "s1155", "room_setpoint_heating_s1", "holding 206", 21.5, "00D7")]
    [InlineData("W2", "s1155", "heating_offset_s1", "holding 30", -2, "FFFE")]
    [InlineData("W3", "s1155", "heating_offset_s1", "holding 30", 3, "0003")]
    [InlineData("W4", "s1155", "min_cooling_supply_s1", "holding 720", -5, "FFFB")]
    [InlineData("W5", "s2125", "bt12_offset_hp1", "holding 5328", -1.5, "FFF1")]
    [InlineData("W6", "s1155", "hot_water_demand_mode", "holding 56", 4, "0004")]
    [InlineData("W7", "s1155", "reset_alarm", "holding 22", 1, "0001")]
    [InlineData("W8", "s1155", "ext_bt1", "holding 5217", -7.4, "FFB6")]
    [InlineData("W9", "smo_s40", "ext_bt50", "holding 5987", 21.3, "00D5")]
    [InlineData("W10", "s1155", "max_internal_additional_heat", "holding 102", 4.35, "01B3")]
    [InlineData("W11", "smo_s40", "power_limit", "holding 6007", 4.2, "002A")]
    [InlineData("W12", "smo_s40", "sg_ready_request", "holding 6008", 3, "0003")]
    [InlineData("W13", "s1155", "degree_minutes", "holding 11", -60, "FFFF FDA8")]
    [InlineData("W14", "s1155", "degree_minutes", "holding 11", 100, "0000 03E8")]
    [InlineData("W15", "s1155", "room_unit_setpoint_1", "holding 2505", 20.5, "0000 00CD")]
    public void Encode_LineOfThePage_IsItsWords(string line, string model, string sensor, string place, double value, string words) =>
        Assert.Equal((line, place, words), (line, PageVectors.Place(Make, model, sensor), PageVectors.Encode(Make, model, sensor, value)));

    [Theory]
    [InlineData("F1", "outdoor_temp_bt1", "00 01 00 00 00 06 01 04 00 01 00 01", "00 01 00 00 00 05 01 04 02 FF CB", "-5.3 °C")]
    [InlineData("F2", "degree_minutes", "00 02 00 00 00 06 01 03 00 0B 00 02", "00 02 00 00 00 07 01 03 04 FD A8 FF FF", "-60 DM")]
    [InlineData("F5", "pv_power", "00 05 00 00 00 06 01 04 08 80 00 02", "00 05 00 00 00 03 01 84 01", "failed: Refused")]
    public Task Read_FrameOfThePage_IsSentAndUnderstood(string line, string sensor, string request, string answer, string expected)
    {
        Assert.StartsWith("F", line, StringComparison.Ordinal);
        return PageVectors.ReadAsync(Make, "s1155", sensor, request, answer, expected);
    }

    [Theory]
    [InlineData("F3", "degree_minutes", -60, "00 03 00 00 00 0B 01 10 00 0B 00 02 04 FF FF FD A8", "00 03 00 00 00 06 01 10 00 0B 00 02")]
    [InlineData("F4", "reset_alarm", 1, "00 04 00 00 00 09 01 10 00 16 00 01 02 00 01", "00 04 00 00 00 06 01 10 00 16 00 01")]
    public Task Write_FrameOfThePage_IsSent(string line, string sensor, double value, string request, string answer)
    {
        Assert.StartsWith("F", line, StringComparison.Ordinal);
        return PageVectors.WriteAsync(Make, "s1155", sensor, value, request, answer);
    }
}
