using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Tests.Drivers.Modbus.Profiles.Vectors;

/// <summary>Section 10 of the Daikin page: its table and its frames, in its order.</summary>
public class DaikinVectorTests
{
    private const string Make = "daikin";
    private const string HomeHub = "altherma_3_homehub";
    private const string Altherma4 = "altherma_4";
    private const string AirToAir = "air_to_air_homehub";

    // The sub-code behind the code in 7 to 9 is ours; 7 and 8 say what the page's tables of codes say.
    [Theory]
    [InlineData(1, HomeHub, "leaving_water_temp_phe", "0DAC", "35 °C")]
    [InlineData(2, HomeHub, "outdoor_temp", "FF06", "-2.5 °C")]
    [InlineData(3, HomeHub, "dhw_temp", "1310", "48.8 °C")]
    [InlineData(4, HomeHub, "power_consumption", "00A7", "1.67 kW")]
    [InlineData(5, HomeHub, "general_power_limit", "07D0", "20 kW")]
    [InlineData(6, HomeHub, "flow_rate", "0625", "15.73 l/min")]
    [InlineData(7, HomeHub, "error_code", "5538 0014", "U8-20: Modbus: check cable, TCP or RTU, address, port and TLS setting")]
    [InlineData(8, HomeHub, "error_code", "3748 0001", "7H-01: water flow too low or pump fault")]
    [InlineData(9, HomeHub, "error_code", "4148 0001", "AH-01: disinfection not completed")]
    [InlineData(10, HomeHub, "outdoor_temp", "7FFF", "none: not supported by this unit")]
    [InlineData(10, HomeHub, "outdoor_temp", "7FFE", "none: not available in the present configuration")]
    [InlineData(10, HomeHub, "outdoor_temp", "7FFD", "none: not loaded yet, wait")]
    [InlineData(10, Altherma4, "outdoor_temp", "7FFF", "none: not supported by this unit")]
    [InlineData(10, Altherma4, "outdoor_temp", "7FFE", "none: not available in the present configuration")]
    [InlineData(10, Altherma4, "outdoor_temp", "7FFD", "none: not loaded yet, wait")]
    [InlineData(10, AirToAir, "a2a_demand_power_limit", "7FFF", "none: not supported by this unit")]
    [InlineData(10, AirToAir, "a2a_demand_power_limit", "7FFE", "none: not available in the present configuration")]
    [InlineData(10, AirToAir, "a2a_demand_power_limit", "7FFD", "none: not loaded yet, wait")]
    [InlineData(11, HomeHub, "dhw_setpoint", "002D", "45 °C")]
    [InlineData(12, HomeHub, "weather_offset_main_heating", "FFFD", "-3 K")]
    [InlineData(19, HomeHub, "error_code", "3748 0013", "7H-19: water flow too low or pump fault")]
    [InlineData(19, HomeHub, "error_code", "2020 7FFE", "no fault")]
    [InlineData(19, HomeHub, "error_sub_code", "7FFE", "32766 = no error")]
    [InlineData(19, HomeHub, "unit_abnormality", "0000", "0 = no error")]
    public void Decode_LineOfThePage_IsWhatItSays(int line, string model, string sensor, string words, string expected) =>
        Assert.Equal((line, expected), (line, PageVectors.Decode(Make, model, sensor, words)));

    [Theory]
    [InlineData(13, HomeHub, "dhw_setpoint", 55, "0037")]
    [InlineData(14, HomeHub, "weather_offset_main_heating", -3, "FFFD")]
    [InlineData(15, HomeHub, "general_power_limit", 4.2, "01A4")]
    [InlineData(16, HomeHub, "general_power_limit", 20, "07D0")]
    [InlineData(17, Altherma4, "room_heating_setpoint_main_fine", 21.5, "0866")]
    [InlineData(18, HomeHub, "general_power_limit", 4.35, "01B3")]
    public void Encode_LineOfThePage_IsItsWords(int line, string model, string sensor, double value, string words) =>
        Assert.Equal((line, words), (line, PageVectors.Encode(Make, model, sensor, value)));

    [Fact]
    public void HeatOutput_Line20_IsFlowTimesDifference()
    {
        var model = ShippedProfiles.Model(Make, HomeHub);
        var sensors = model.Profile.Sensors(HomeHub, Settings.Empty);
        var readings = new Reading[sensors.Count];
        var at = DateTimeOffset.UnixEpoch;
        foreach (var (signal, value) in new[] { (Signal.FlowRate, 15.73), (Signal.FlowTemperature, 35.0), (Signal.ReturnTemperature, 30.0) })
            readings[sensors.PositionOf(signal)] = new Reading(value, null, Quality.Good, at);

        Assert.Equal(5.49, model.Profile.Calculated(HomeHub, Settings.Empty).OfType<WaterHeat>().Single().Of(readings, at).Value);
    }

    [Theory]
    [InlineData(ModbusTable.InputRegister, 20, 41, "00 01 00 00 00 06 01 04 00 14 00 29")]
    [InlineData(ModbusTable.HoldingRegister, 0, 60, "00 02 00 00 00 06 01 03 00 00 00 3c")]
    [InlineData(ModbusTable.HoldingRegister, 60, 7, "00 03 00 00 00 06 01 03 00 3c 00 07")]
    public Task Read_BlockOfThePage_IsSent(ModbusTable table, ushort start, int count, string request) => PageVectors.BlockAsync(table, start, count, request);

    [Theory]
    [InlineData("smart grid = 3", HomeHub, "smart_grid_mode", 3, "00 04 00 00 00 06 01 06 00 37 00 03")]
    [InlineData("limit 4.2 kW", HomeHub, "general_power_limit", 4.2, "00 05 00 00 00 06 01 06 00 39 01 a4")]
    [InlineData("weather offset -3", HomeHub, "weather_offset_main_heating", -3, "00 06 00 00 00 06 01 06 00 35 ff fd")]
    [InlineData("air-to-air limit 3.5 kW", AirToAir, "a2a_demand_power_limit", 3.5, "00 07 00 00 00 06 01 06 03 e9 01 5e")]
    public Task Write_FrameOfThePage_IsSent(string line, string model, string sensor, double value, string frame)
    {
        Assert.NotEmpty(line);
        return PageVectors.WriteAsync(Make, model, sensor, value, frame, frame);
    }
}
