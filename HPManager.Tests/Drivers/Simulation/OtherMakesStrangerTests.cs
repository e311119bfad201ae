using System.Globalization;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Tests.Drivers.Simulation;

/// <summary>pymodbus against the simulated Daikin and Stiebel Eltron units: addresses and codings of the pages, read by a client that knows nothing of ours.</summary>
public class OtherMakesStrangerTests
{
    [Fact]
    public async Task Pymodbus_ReadsHomeHub_InTheBlocksOfThePage()
    {
        await using var device = new SimulatedDevice("daikin", "altherma_3_homehub", HeatSource.Air);

        // Holding 1 to 60 and 61 to 67, input 21 to 61 in the counting of the guide; gaps answer 32766, a gap alone is refused.
        var lines = await LinesAsync(device, """
            a = client.read_holding_registers(0, 60, slave=1).registers
            b = client.read_holding_registers(60, 7, slave=1).registers
            c = client.read_input_registers(20, 41, slave=1).registers
            print(len(a), len(b), len(c))
            print(a[4], a[2], b[2], c[2], c[3])
            print(c[23], '%04X' % c[1])
            print(client.read_holding_registers(20, 5, slave=1).exception_code)
            print(client.read_coils(0, 1, slave=1).exception_code)
            """);

        Assert.Equal(["60 7 41", "32766 32766 32766 32766 32766", $"{Word(device.Plant.State.Outdoor * 100)} 2020", "2", "1"], lines);
    }

    [Fact]
    public async Task Pymodbus_WritesHomeHub_IsClampedOrIgnored()
    {
        await using var device = new SimulatedDevice("daikin", "altherma_3_homehub");

        // Weather offset -3, smart grid 3, limit 4.2 kW, tank target 99, operating mode of a heating-only machine; then an input register by its holding address.
        var lines = await LinesAsync(device, """
            for address, value in ((53, 0xFFFD), (55, 3), (57, 0x01A4), (9, 99), (2, 1), (55, 8)):
                print(client.write_register(address, value, slave=1).isError(), client.read_holding_registers(address, 1, slave=1).registers[0])
            print(client.write_register(30, 1, slave=1).exception_code)
            """);

        Assert.Equal(["False 65533", "False 3", "False 420", "False 60", "False 32766", "False 3", "2"], lines);
        Assert.Equal(-3, device.Plant.With(plant => plant.CurveOffset));
        Assert.Equal(4.2, device.Plant.With(plant => plant.Outside.PowerLimit));
    }

    [Fact]
    public async Task Pymodbus_ReadsAltherma4_RegistersCoilsAndDiscreteInputs()
    {
        await using var device = new SimulatedDevice("daikin", "altherma_4", HeatSource.Air);
        var state = device.Plant.State;

        var lines = await LinesAsync(device, """
            a = client.read_holding_registers(0, 80, slave=1).registers
            b = client.read_input_registers(20, 67, slave=1).registers
            print(len(a), len(b), a[75], b[23], b[30], b[62])
            print(client.read_coils(0, 7, slave=1).bits[:7])
            d = client.read_discrete_inputs(0, 26, slave=1).bits
            print(d[10], d[16], d[24])
            print(client.read_coils(0, 8, slave=1).exception_code, client.read_discrete_inputs(20, 7, slave=1).exception_code)
            print(client.write_coil(0, False, slave=1).isError(), client.read_coils(0, 2, slave=1).bits[:2])
            print(client.write_register(75, 0x0866, slave=1).isError(), client.read_holding_registers(75, 1, slave=1).registers[0])
            print(client.write_coil(7, True, slave=1).exception_code, client.read_holding_registers(11, 1, slave=1).exception_code)
            """);

        var power = Word((state.ElectricPower + state.HeaterPower) * 100);
        var activity = state.Activity switch { PlantActivity.Off => 0, PlantActivity.HotWater => 1, _ => 2 };
        Assert.Equal(
            [
                $"80 67 2150 {Word(state.Outdoor * 100)} {power} {activity}", "[True, True, False, False, False, False, False]",
                $"{state.IsRunning} {state.Activity == PlantActivity.Defrost} {state.ChargePump > 0}", "2 2", "False [False, True]", "False 2150", "2 2",
            ],
            lines);
        Assert.Equal(PlantMode.HeatingOnly, device.Plant.With(plant => plant.Mode));
    }

    [Fact]
    public async Task Pymodbus_AsksAirToAir_FindsTwoRegisters()
    {
        await using var device = new SimulatedDevice("daikin", "air_to_air_homehub", HeatSource.Air);

        var lines = await LinesAsync(device, """
            print(client.read_holding_registers(1000, 2, slave=1).registers, client.read_holding_registers(999, 2, slave=1).registers)
            print(client.write_register(1001, 0x015E, slave=1).isError(), client.read_holding_registers(1001, 1, slave=1).registers)
            print(client.read_input_registers(20, 41, slave=1).exception_code)
            """);

        Assert.Equal(["[0, 2000] [32766, 0]", "False [350]", "2"], lines);
    }

    [Theory]
    [InlineData("wpm_system", 449)]
    [InlineData("lwz_r290", 551)]
    [InlineData("wpm_3", 390)]
    [InlineData("wpm_3i", 391)]
    public async Task Pymodbus_ReadsWpm_AsThePageSays(string model, int controller)
    {
        await using var device = new SimulatedDevice("stiebel_eltron", model);

        var lines = await LinesAsync(device, """
            print(client.read_input_registers(5001, 1, slave=1).registers[0], client.read_input_registers(506, 1, slave=1).registers[0])
            print(client.read_input_registers(5000, 1, slave=1).registers[0], len(client.read_holding_registers(1500, 21, slave=1).registers))
            print(client.write_register(4001, 1, slave=1).isError(), client.write_register(4002, 0, slave=1).isError(), client.read_input_registers(5000, 1, slave=1).registers[0])
            print(client.write_register(1501, 0x00D7, slave=1).isError(), client.read_holding_registers(1501, 1, slave=1).registers[0])
            print(client.read_input_registers(5219, 12, slave=1).exception_code, client.read_holding_registers(4249, 29, slave=1).exception_code)
            print(client.read_input_registers(501, 1, slave=1).exception_code, client.read_input_registers(500, 3, slave=1).registers[1])
            """);

        Assert.Equal([$"{controller} {Word(device.Plant.State.Outdoor * 10)}", "2 21", "False False 3", "False 215", "2 2", "2 32768"], lines);
        Assert.Equal(21.5, device.Plant.With(plant => plant.RoomTarget));
    }

    [Theory]
    [InlineData("wpm_system", "120 10")]
    [InlineData("wpm_3", "120 refused")]
    [InlineData("wpm_3i", "refused refused")]
    public async Task Pymodbus_ReadsWpmEnergyAndInverter_WhereTheyAre(string model, string expected)
    {
        await using var device = new SimulatedDevice("stiebel_eltron", model);
        device.Plant.Change(plant => plant.Outside = OutsideControl.None);

        var lines = await LinesAsync(device, """
            r = client.read_input_registers(3500, 120, slave=1)
            s = client.read_input_registers(3679, 1, slave=1)
            print('refused' if r.isError() else len(r.registers), 'refused' if s.isError() else s.registers[0])
            """);

        Assert.Equal(
            expected.Replace(" 10", $" {Word(device.Plant.State.ElectricPower * 10)}", StringComparison.Ordinal), Assert.Single(lines));
    }

    [Fact]
    public async Task Pymodbus_ReadsLwz_AsThePageSays()
    {
        await using var device = new SimulatedDevice("stiebel_eltron", "lwz", HeatSource.Air);
        var state = device.Plant.State;

        var lines = await LinesAsync(device, """
            a = client.read_input_registers(0, 34, slave=1).registers
            print(len(a), a[6], a[13], a[14], a[4], 1000 * a[30] + a[33])
            print('%04X' % (client.read_input_registers(2000, 5, slave=1).registers[0] & 0x0200))
            print(client.read_input_registers(5000, 2, slave=1).registers, len(client.read_holding_registers(1000, 27, slave=1).registers))
            print(client.read_input_registers(3679, 19, slave=1).exception_code)
            print(client.write_register(1000, 2, slave=1).isError(), client.read_holding_registers(1000, 1, slave=1).registers)
            print(client.write_register(1011, 500, slave=1).isError(), client.read_holding_registers(1011, 1, slave=1).registers)
            print(client.write_registers(4001, [1, 1], slave=1).exception_code, client.write_register(6, 200, slave=1).exception_code)
            """);

        Assert.Equal(
            [
                $"34 {Word(state.Outdoor * 10)} 16 {Word(state.FlowRate * 10)} 32768 {state.Starts.ToString(CultureInfo.InvariantCulture)}", "0200", "[2, 103] 27", "2",
                "False [11]", "False [500]", "2 2",
            ],
            lines);
        Assert.Equal(50, device.Plant.With(plant => plant.HotWaterTarget));
    }

    private static async Task<string[]> LinesAsync(SimulatedDevice device, string script) =>
        (await Stranger.PythonAsync(device, script)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Word(double raw) => ((ushort)(short)Math.Round(raw)).ToString(CultureInfo.InvariantCulture);
}
