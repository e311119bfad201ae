using HPManager.Drivers.Modbus.Client;

namespace HPManager.Tests.Drivers.Modbus.Profiles.Vectors;

/// <summary>Section 12 of the Stiebel Eltron page: its table and its frames, in its order.</summary>
public class StiebelVectorTests
{
    private const string Make = "stiebel_eltron";
    private const string Wpm = "wpm_system";
    private const string Lwz = "lwz";

    // The page's 24 h pair is in Wh, our sensor in kWh; between the two words of the LWZ's starts lie two that are none of them.
    [Theory]
    [InlineData(1, Wpm, "hc1_comfort_temp", "00CB", "20.3 °C")]
    [InlineData(2, Wpm, "outside_temp", "FFCE", "-5 °C")]
    [InlineData(3, Wpm, "outside_temp", "8000", "none: not available")]
    [InlineData(3, Wpm, "heating_pressure", "8000", "none: not available")]
    [InlineData(3, Wpm, "hp1_runtime_heating", "8000", "none: not available")]
    [InlineData(3, Wpm, "operating_mode", "8000", "none: not available")]
    [InlineData(3, Wpm, "operating_status", "8000", "none: not available")]
    [InlineData(3, Wpm, "heating_running", "8000", "none: not available")]
    [InlineData(3, Lwz, "outside_temp", "8000", "none: not available")]
    [InlineData(4, Wpm, "hp1_flow_temp", "8001", "-3276.7 °C")]
    [InlineData(4, Wpm, "outside_temp", "8001", "Implausible: outside of -60 to 80 °C")]
    [InlineData(5, Wpm, "heating_pressure", "0082", "1.3 bar")]
    [InlineData(6, Wpm, "flow_rate", "05AA", "14.5 l/min")]
    [InlineData(7, Wpm, "hc1_curve_rise", "003C", "0.6")]
    [InlineData(8, Wpm, "hp1_runtime_heating", "FFFF", "65535 h")]
    [InlineData(9, Wpm, "bus_status", "FFFC", "-4 = physical error")]
    [InlineData(9, Wpm, "bus_status", "FFFF", "-1 = error")]
    [InlineData(9, Lwz, "bus_status", "FFFC", "-4 = physical error")]
    [InlineData(10, Wpm, "heat_heating_total", "02BD 0002", "2701 kWh")]
    [InlineData(10, Lwz, "heat_heating_total", "02BD 0002", "2701 kWh")]
    [InlineData(11, Wpm, "heat_heating_total", "0005 8000", "none: not available")]
    [InlineData(11, Lwz, "heat_heating_total", "0005 8000", "none: not available")]
    [InlineData(12, Wpm, "heat_heating_24h", "0159 000C", "12.345 kWh")]
    [InlineData(13, Wpm, "inverter_power_1", "000A", "1 kW")]
    [InlineData(14, Lwz, "compressor_starts", "001E 0000 8000 0021", "30033")]
    [InlineData(15, Wpm, "operating_status", "0051", "81 = heating circuit 1 pump + heating + compressor")]
    [InlineData(16, Wpm, "operating_status", "0261", "609 = heating circuit 1 pump + hot water + compressor + defrost (at least one unit)")]
    [InlineData(17, Lwz, "operating_status", "0616", "1558 = compressor + heating + hot water + ventilation + heating circuit pump")]
    public void Decode_LineOfThePage_IsWhatItSays(int line, string model, string sensor, string words, string expected) =>
        Assert.Equal((line, expected), (line, PageVectors.Decode(Make, model, sensor, words)));

    [Theory]
    [InlineData(18, 1502, "hc1_comfort_temp", 21.5, "00D7")]
    [InlineData(19, 1510, "dhw_comfort_temp", 50, "01F4")]
    [InlineData(20, 1504, "hc1_curve_rise", 0.60, "003C")]
    [InlineData(21, 1513, "dual_mode_temp_dhw", -12.5, "FF83")]
    [InlineData(22, 4002, "sg_ready_input_1", 1, "0001")]
    [InlineData(22, 4003, "sg_ready_input_2", 0, "0000")]
    public void Encode_LineOfThePage_IsItsWords(int line, int manual, string sensor, double value, string words) => Assert.Equal(
        (line, $"holding {manual - 1}", words), (line, PageVectors.Place(Make, Wpm, sensor), PageVectors.Encode(Make, Wpm, sensor, value)));

    [Theory]
    [InlineData("controller id", "controller_id", "00 01 00 00 00 06 01 04 13 89 00 01", "00 01 00 00 00 05 01 04 02 01 c1", "449 = WPM system")]
    [InlineData("outdoor", "outside_temp", "00 02 00 00 00 06 01 04 01 fa 00 01", "00 02 00 00 00 05 01 04 02 ff ce", "-5 °C")]
    public Task Read_FrameOfThePage_IsSentAndUnderstood(string line, string sensor, string request, string answer, string expected)
    {
        Assert.NotEmpty(line);
        return PageVectors.ReadAsync(Make, Wpm, sensor, request, answer, expected);
    }

    [Theory]
    [InlineData(ModbusTable.HoldingRegister, 1500, 21, "00 03 00 00 00 06 01 03 05 dc 00 15")]
    [InlineData(ModbusTable.InputRegister, 3500, 120, "00 06 00 00 00 06 01 04 0d ac 00 78")]
    public Task Read_BlockOfThePage_IsSent(ModbusTable table, ushort start, int count, string request) => PageVectors.BlockAsync(table, start, count, request);

    [Theory]
    [InlineData("SG normal", "sg_ready_request", 0, "00 01 00 00 00 06 01 06 0f a1 00 00", "00 02 00 00 00 06 01 06 0f a2 00 00")]
    [InlineData("SG state 3, line 22", "sg_ready_request", 3, "00 01 00 00 00 06 01 06 0f a1 00 01", "00 02 00 00 00 06 01 06 0f a2 00 00")]
    [InlineData("comfort 21.5 °C", "hc1_comfort_temp", 21.5, "00 04 00 00 00 06 01 06 05 dd 00 d7")]
    [InlineData("mode comfort", "operating_mode", 3, "00 05 00 00 00 06 01 06 05 dc 00 03")]
    public Task Write_FrameOfThePage_IsSentAndEchoed(string line, string sensor, double value, params string[] frames)
    {
        Assert.NotEmpty(line);
        return PageVectors.WriteAsync(Make, Wpm, sensor, value, frames, frames);
    }
}
