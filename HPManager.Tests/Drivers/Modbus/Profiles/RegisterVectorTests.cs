using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Tests.Drivers.Modbus.Profiles;

/// <summary>The worked test vectors of the iDM and NIBE protocol pages, through the shipped profiles.</summary>
public class RegisterVectorTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("outdoor_temperature", "6666 40D6", 6.7)]
    [InlineData("outdoor_temperature_average", "0000 BFC0", -1.5)]
    [InlineData("heat_storage_temperature", "3333 4207", 33.8)]
    [InlineData("pv_surplus", "7AE1 4084", 4.14)]
    [InlineData("pv_surplus", "A3D7 4130", 11.04)]
    [InlineData("heat_energy_total_flow_sensor", "7B33 46F6", 31549.6)]
    [InlineData("hp_electrical_power", "CCCD 3E4C", 0.2)]
    [InlineData("air_intake_temperature", "70A4 C145", -12.34)]
    [InlineData("hc_a_heating_curve", "999A 3F19", 0.6)]
    [InlineData("hc_a_room_setpoint_heating_normal", "0000 41B0", 22)]
    [InlineData("internal_message", "007E", 126)]
    [InlineData("dhw_setpoint", "002E", 46)]
    [InlineData("charge_pump", "FFFF", -1, "off")]
    [InlineData("charge_pump", "003C", 60)]
    [InlineData("bivalence_point_1_second_generator", "FFFB", -5)]
    [InlineData("system_mode", "0001", 1, "automatic")]
    [InlineData("hp_operating_mode", "0009", 9, "heating + defrost")]
    [InlineData("request_heating", "0001", 1, "on")]
    [InlineData("hp_power_limit", "0000 BF80", -1, "no limit set")]
    [InlineData("utility_lock", "0001", 1, "not locked")]
    [InlineData("outdoor_temperature", "0000 BF80", -1)]
    [InlineData("heat_source_outlet_temperature", "0000 BF80", -1)]
    [InlineData("system_mode", "0004", 4, "hot water only")]
    public void Decode_Idm_GivesTheValue(string sensor, string words, double value, string? text = null) =>
        AssertGood(Decode("idm", "navigator_2_0", sensor, words), value, text);

    [Theory]
    [InlineData("humidity_sensor", "0000 BF80", "not available")]
    [InlineData("compressor_2_running", "01FF", "not fitted")]
    [InlineData("cascade_stages_available_heating", "FFFF", "no cascade")]
    [InlineData("battery_soc", "FFFF", "not available")]
    [InlineData("valve_heating_dhw", "FFFF", "valve not fitted")]
    [InlineData("outdoor_temperature", "0000 7FC0", "not available")]
    [InlineData("outdoor_temperature", "0000 7F80", "not available")]
    [InlineData("hc_a_flow_setpoint", "0000 0000", "idle")]
    [InlineData("hc_a_mode", "00FF", "not configured")]
    [InlineData("charge_pump", "8000", "not fitted")]
    [InlineData("internal_message", "FFFF", "not available")]
    [InlineData("request_groundwater_pump", "00FE", "not available")]
    public void Decode_IdmWithoutAValue_SaysWhy(string sensor, string words, string reason) =>
        Assert.Equal(Reading.Missing(At, reason), Decode("idm", "navigator_2_0", sensor, words));

    [Theory]
    [InlineData("pv_surplus", 4.14, "7AE1 4084")]
    [InlineData("hc_a_room_setpoint_heating_normal", 22, "0000 41B0")]
    [InlineData("dhw_setpoint", 48, "0030")]
    [InlineData("request_heating", 1, "0001")]
    [InlineData("bms_heating_request_temperature", 35, "0000 420C")]
    [InlineData("hc_a_external_room_temperature", -1, "0000 BF80")]
    public void TryEncode_Idm_GivesTheWordsOfTheFrame(string sensor, double value, string words) =>
        AssertEncoded("idm", "navigator_2_0", sensor, value, words);

    [Theory]
    [InlineData("R1", "s1155", "outdoor_temp_bt1", "0039", 5.7)]
    [InlineData("R2", "s1155", "outdoor_temp_bt1", "FFCB", -5.3)]
    [InlineData("R3", "s1155", "outdoor_temp_bt1", "0000", 0)]
    [InlineData("R5", "s1155", "hot_water_top_bt7", "01F4", 50)]
    [InlineData("R6", "s1155", "brine_out_bt11", "FFF6", -1)]
    [InlineData("R7", "s1155", "high_pressure_bp9", "0A8C", 27)]
    [InlineData("R8", "s1155", "additional_heat_power", "0258", 6)]
    [InlineData("R9", "s1155", "compressor_frequency", "0212", 53)]
    [InlineData("R11", "s1155", "compressor_power_input", "05DC", 1500)]
    [InlineData("R12", "s1155", "priority", "001E", 30, "heating")]
    [InlineData("R13", "s1155", "priority", "003C", 60, "cooling")]
    [InlineData("R15", "s1155", "heating_offset_s1", "FFFC", -4)]
    [InlineData("R16", "s1155", "heating_offset_s1", "00FC", -4)]
    [InlineData("R17", "s1155", "heating_offset_s1", "007F", 127)]
    [InlineData("R19", "s2125", "bt12_offset_hp1", "0023", 3.5)]
    [InlineData("R20", "s1155", "room_sensor_factor_s1", "0014", 2)]
    [InlineData("R21", "s1155", "alarm_number", "00B7", 183)]
    [InlineData("R22", "s1155", "degree_minutes", "FDA8 FFFF", -60)]
    [InlineData("R23", "s1155", "degree_minutes", "E2B4 FFFF", -750)]
    [InlineData("R24", "s1155", "degree_minutes", "03E8 0000", 100)]
    [InlineData("R26", "s1155", "room_unit_setpoint_1", "00CD 0000", 20.5)]
    [InlineData("R27", "s1155", "compressor_starts", "5432 0000", 21554)]
    [InlineData("R28", "s1155", "compressor_hours_total", "86A0 0001", 100000)]
    [InlineData("R29", "s1155", "energy_consumed_total", "42F9 0003", 21375.3)]
    [InlineData("R30", "s1155", "power_consumption", "00D2 0000", 2.1)]
    [InlineData("R31", "s1155", "phase_current_be1", "0043 0000", 6.7)]
    [InlineData("R33", "s1155", "additional_heat_hours_total", "04D7 0000", 123.9)]
    public void Decode_Nibe_GivesTheValue(string vector, string model, string sensor, string words, double value, string? text = null)
    {
        Assert.StartsWith("R", vector, StringComparison.Ordinal);
        AssertGood(Decode("nibe", model, sensor, words), value, text);
    }

    [Theory]
    [InlineData("R4", "room_temp_s1_bt50", "8000")]
    [InlineData("R10", "compressor_frequency", "FFFF")]
    [InlineData("R14", "heating_pump_speed_gp1", "00FF")]
    [InlineData("R18", "heating_offset_s1", "FF80")]
    [InlineData("R25", "degree_minutes", "0000 8000")]
    [InlineData("R32", "energy_produced_total", "FFFF FFFF")]
    public void Decode_NibeSentinel_IsMissing(string vector, string sensor, string words)
    {
        Assert.StartsWith("R", vector, StringComparison.Ordinal);
        var reading = Decode("nibe", "s1155", sensor, words);

        Assert.Equal((Quality.Missing, null), (reading.Quality, reading.Value));
        Assert.False(string.IsNullOrEmpty(reading.Reason));
    }

    [Fact]
    public void Decode_NibePriceArea255_IsAValue() => AssertGood(Decode("nibe", "s1155", "spa_area", "00FF"), 255, text: null);

    [Theory]
    [InlineData("W1", "s1155", "room_setpoint_heating_s1", 21.5, "00D7")]
    [InlineData("W2", "s1155", "heating_offset_s1", -2, "FFFE")]
    [InlineData("W3", "s1155", "heating_offset_s1", 3, "0003")]
    [InlineData("W4", "s1155", "min_cooling_supply_s1", -5, "FFFB")]
    [InlineData("W5", "s2125", "bt12_offset_hp1", -1.5, "FFF1")]
    [InlineData("W6", "s1155", "hot_water_demand_mode", 4, "0004")]
    [InlineData("W7", "s1155", "reset_alarm", 1, "0001")]
    [InlineData("W8", "s1155", "ext_bt1", -7.4, "FFB6")]
    [InlineData("W9", "smo_s40", "ext_bt50", 21.3, "00D5")]
    [InlineData("W10", "s1155", "max_internal_additional_heat", 4.35, "01B3")]
    [InlineData("W11", "smo_s40", "power_limit", 4.2, "002A")]
    [InlineData("W12", "smo_s40", "sg_ready_request", 3, "0003")]
    [InlineData("W13", "s1155", "degree_minutes", -60, "FFFF FDA8")]
    [InlineData("W14", "s1155", "degree_minutes", 100, "0000 03E8")]
    [InlineData("W15", "s1155", "room_unit_setpoint_1", 20.5, "0000 00CD")]
    public void TryEncode_Nibe_GivesTheWords(string vector, string model, string sensor, double value, string words)
    {
        Assert.StartsWith("W", vector, StringComparison.Ordinal);
        AssertEncoded("nibe", model, sensor, value, words);
    }

    private static Reading Decode(string manufacturer, string model, string sensor, string words)
    {
        var point = ShippedProfiles.Point(manufacturer, model, sensor);
        var registers = words.Split(' ').Select(word => ushort.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(point.Words, registers.Length);
        return RegisterDecoder.Decode(point, registers, At);
    }

    private static void AssertGood(Reading reading, double value, string? text) =>
        Assert.Equal(new Reading(value, text, Quality.Good, At), reading);

    private static void AssertEncoded(string manufacturer, string model, string sensor, double value, string words)
    {
        var point = ShippedProfiles.Point(manufacturer, model, sensor);
        var registers = new ushort[point.Words];

        Assert.True(RegisterEncoder.TryEncode(point, value, registers, out var error), error);
        Assert.Equal(words, string.Join(' ', registers.Select(register => register.ToString("X4", CultureInfo.InvariantCulture))));
    }
}
