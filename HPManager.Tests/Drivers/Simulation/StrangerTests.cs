using System.Globalization;
using HPManager.Drivers.Simulation;
using HPManager.Drivers.Simulation.Luxtronik;
using HPManager.Drivers.Simulation.Makes;
using HPManager.Drivers.Simulation.Physics;
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
        var output = await Stranger.RunAsync("mbpoll", "-0", "-1", "-q", "-a", "1", "-t", "3", "-r", "1", "-c", "1", "-p", Stranger.Port(device), "127.0.0.1");

        Assert.Matches($@"\[1\]:\s+{(ushort)outdoor}\b", output);
    }

    [Fact]
    public async Task Pymodbus_ReadsIdmFloat_LowWordFirst()
    {
        await using var device = new SimulatedDevice("idm", "navigator_2_0");

        var output = await Stranger.PythonAsync(device, """
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
        var output = await Stranger.PythonAsync(device, """
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

        Assert.Equal("2", await Stranger.PythonAsync(idm, "print(client.read_holding_registers(1000, 20, slave=1).exception_code)"));
        Assert.Equal("1", await Stranger.PythonAsync(nibe, "print(client.read_input_registers(2176, 2, slave=1).exception_code)"));
        Assert.Equal("2", await Stranger.PythonAsync(nibe, "print(client.read_input_registers(6012, 1, slave=1).exception_code)"));
        Assert.Equal("1", await Stranger.PythonAsync(nibe, "print(client.read_coils(0, 1, slave=1).exception_code)"));
        Assert.Equal("11", await Stranger.PythonAsync(nibe, "print(client.read_input_registers(1, 1, slave=9).exception_code)"));
    }

    [Fact]
    public async Task Pymodbus_ReadsLuxtronikSmartHomeInterface_IslandByIslandOnly()
    {
        await using var device = new SimulatedDevice("luxtronik", "smart_home_interface");
        var outdoor = (short)Math.Round(device.Plant.State.Outdoor * 10);

        Assert.Equal("[3, 92, 1]", await Stranger.PythonAsync(device, "print(client.read_input_registers(10400, 3, slave=1).registers)"));
        Assert.Equal($"[{(ushort)outdoor}]", await Stranger.PythonAsync(device, "print(client.read_input_registers(0x277C, 1, slave=1).registers)"));
        Assert.Equal("13", await Stranger.PythonAsync(device, "print(len(client.read_input_registers(10100, 13, slave=1).registers))"));
        Assert.Equal("2", await Stranger.PythonAsync(device, "print(client.read_input_registers(10100, 14, slave=1).exception_code)"));
        Assert.Equal("2", await Stranger.PythonAsync(device, "print(client.read_holding_registers(10003, 2, slave=1).exception_code)"));
        Assert.Equal("32767", await Stranger.PythonAsync(device, "print(client.read_input_registers(10102, 1, slave=1).registers[0])"));
    }

    [Fact]
    public async Task Pymodbus_WritesLuxtronikSmartHomeInterface_IsCarriedOutUpToTheHole()
    {
        await using var device = new SimulatedDevice("luxtronik", "smart_home_interface");

        // T21: soft limit of 4.2 kW; then three registers of which the third is missing.
        var output = await Stranger.PythonAsync(device, """
            print(client.write_registers(10040, [1, 42], slave=1).isError(), client.read_holding_registers(10040, 2, slave=1).registers)
            print(client.write_registers(10040, [2, 50, 7], slave=1).exception_code, client.read_holding_registers(10040, 2, slave=1).registers)
            """);

        Assert.Equal(["False [1, 42]", "2 [2, 50]"], output.Split('\n', StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task Python_ReadsAndWritesLuxtronikBlocks_AsThePageSays()
    {
        var pump = new SimulatedHeatPump(new PlantParameters(), 7, new ManualTime(), past: TimeSpan.FromHours(12));
        await using var server = SimulatedLuxtronikServer.Start(new LuxtronikBlocks(pump), TimeProvider.System);

        var output = await Stranger.RunAsync("/usr/bin/python3", "-c", $"""
            import socket, struct
            link = socket.create_connection(('127.0.0.1', {server.Port.ToString(CultureInfo.InvariantCulture)}))
            def exactly(count):
                data = b''
                while len(data) < count:
                    data += link.recv(count - len(data))
                return data
            def numbers(count):
                return struct.unpack('>%di' % count, exactly(4 * count))
            link.sendall(bytes.fromhex('00000BBB00000000'))
            command, count = numbers(2)
            parameters = numbers(count)
            print(command, count, parameters[105])
            for word in ('00000BBC', '00000000'):
                link.sendall(bytes.fromhex(word))
            command, status, count = numbers(3)
            calculations = numbers(count)
            print(command, status, count, calculations[15], ''.join(map(chr, calculations[81:91])).rstrip(chr(0)))
            link.sendall(bytes.fromhex('00000BBD00000000'))
            command, count = numbers(2)
            flags = exactly(count)
            print(command, count, sorted(set(flags)), flags[0], flags[1], flags[2])
            link.sendall(bytes.fromhex('00000BBA00000069000001E0'))
            print(exactly(8).hex())
            link.sendall(bytes.fromhex('00000BBA00000001FFFFFFF1'))
            print(exactly(8).hex())
            """);

        var outdoor = Math.Round(pump.State.Outdoor * 10).ToString(CultureInfo.InvariantCulture);
        Assert.Equal(
            ["3003 1180 480", $"3004 0 269 {outdoor} V3.92.1", "3005 380 [0, 1] 1 1 0", "00000bba00000069", "00000bba00000001"],
            output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(-1.5, pump.With(plant => plant.CurveOffset));
    }
}
