using System.Diagnostics;
using System.Globalization;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Simulation;

/// <summary>Clients that others wrote, against the simulator.</summary>
public class StrangerTests
{
    [Fact]
    public async Task Mbpoll_ReadsNibeInput1_AsThePageSays()
    {
        await using var device = new SimulatedDevice("nibe", "s1255");
        var outdoor = (short)Math.Round(device.Plant.State.Outdoor / 0.1);

        // -0 takes addresses as on the wire; -t 3 are input registers.
        var output = await RunAsync("mbpoll", "-0", "-1", "-q", "-a", "1", "-t", "3", "-r", "1", "-c", "1", "-p", Port(device), "127.0.0.1");

        Assert.Matches($@"\[1\]:\s+{(ushort)outdoor}\b", output);
    }

    [Fact]
    public async Task Pymodbus_ReadsIdmFloat_LowWordFirst()
    {
        await using var device = new SimulatedDevice("idm", "navigator_2_0");

        var output = await PythonAsync(device, """
            import struct
            r = client.read_holding_registers(1000, 2, slave=1)
            print(struct.unpack('>f', struct.pack('>HH', r.registers[1], r.registers[0]))[0])
            """);

        Assert.Equal(device.Plant.State.Outdoor, double.Parse(output, CultureInfo.InvariantCulture), 3);
    }

    [Fact]
    public async Task Pymodbus_WritesNibeDegreeMinutes_OnlyTheHighWordFirstCounts()
    {
        await using var device = new SimulatedDevice("nibe", "s1255");
        device.Plant.Change(plant => plant.SetDegreeMinutes(-77));

        // -60.0 is -600 tenths: FFFF FDA8.
        var output = await PythonAsync(device, """
            print(client.write_registers(11, [0xFDA8, 0xFFFF], slave=1).isError())
            a = client.read_holding_registers(11, 2, slave=1).registers
            print(client.write_registers(11, [0xFFFF, 0xFDA8], slave=1).isError())
            b = client.read_holding_registers(11, 2, slave=1).registers
            print('%04X %04X' % tuple(a)); print('%04X %04X' % tuple(b))
            """);

        Assert.Equal(["False", "False", "FCFE FFFF", "FDA8 FFFF"], output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Pymodbus_AsksForGapsAndUnknownRegisters_GetsTheExceptionsOfThePages()
    {
        await using var idm = new SimulatedDevice("idm", "navigator_2_0");
        await using var nibe = new SimulatedDevice("nibe", "s1255");

        Assert.Equal("2", await PythonAsync(idm, "print(client.read_holding_registers(1000, 20, slave=1).exception_code)"));
        Assert.Equal("1", await PythonAsync(nibe, "print(client.read_input_registers(2176, 2, slave=1).exception_code)"));
        Assert.Equal("2", await PythonAsync(nibe, "print(client.read_input_registers(6012, 1, slave=1).exception_code)"));
        Assert.Equal("1", await PythonAsync(nibe, "print(client.read_coils(0, 1, slave=1).exception_code)"));
        Assert.Equal("11", await PythonAsync(nibe, "print(client.read_input_registers(1, 1, slave=9).exception_code)"));
    }

    private static string Port(SimulatedDevice device) => device.Server.Port.ToString(CultureInfo.InvariantCulture);

    private static async Task<string> PythonAsync(SimulatedDevice device, string script) =>
        (await RunAsync("/usr/bin/python3", "-c", $"""
            from pymodbus.client import ModbusTcpClient
            client = ModbusTcpClient('127.0.0.1', port={Port(device)})
            client.connect()
            {script}
            """)).Trim();

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return output;
    }
}
