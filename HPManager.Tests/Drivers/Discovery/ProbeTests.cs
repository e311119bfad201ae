using System.Net;
using System.Net.Sockets;
using HPManager.Core.Discovery;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Discovery;
using HPManager.Drivers.Luxtronik.Client;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Sockets;
using HPManager.Tests.Drivers.Ebusd.Fixtures;
using HPManager.Tests.Drivers.Luxtronik.Client;
using HPManager.Tests.Drivers.Modbus.Driver;
using HPManager.Tests.Drivers.Modbus.Profiles;
using HPManager.Tests.Drivers.Simulation;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.Drivers.Discovery;

/// <summary>What the probes make of devices, and of what is none.</summary>
public class ProbeTests
{
    private readonly ModbusProbe _modbus = new(
        new ManufacturerRegistry([new ModbusManufacturerSource(new ShippedProfiles.SilentDriver(), null, NullLogger<ModbusManufacturerSource>.Instance)]),
        Options.Create(new DiscoveryOptions()), TimeProvider.System);

    private readonly LuxtronikProbe _luxtronik = new(new HostGate(TimeProvider.System), TimeProvider.System);

    private readonly EbusdProbe _ebusd = new(new HostGate(TimeProvider.System), TimeProvider.System);

    [Theory]
    [InlineData("WPM3i", 391, "wpm_3i")]
    [InlineData("LWZ", 104, "lwz_x04_sol")]
    [InlineData("WPMsystem", 551, "lwz_r290")]
    public async Task Ask_DeviceThatSaysWhatItIs_IsCertain(string rows, int controller, string model)
    {
        await using var device = await RegisterDevice.StartModelAsync("stiebel-isg.csv", rows, "--fill", "0x8000", "--set", $"i:5001={controller}");

        var sighting = await SightAsync(_modbus, device.Port);

        Assert.Equal((Certainty.Certain, "stiebel_eltron", model), (sighting.Certainty, sighting.Manufacturer, sighting.Model));
        Assert.Contains(controller.ToString(System.Globalization.CultureInfo.InvariantCulture), sighting.Reason, StringComparison.Ordinal);
        Assert.Equal(("modbus_tcp", "127.0.0.1"), (sighting.Connection!.Kind, sighting.Connection.Settings["host"]));
    }

    [Theory]
    [InlineData("idm", "navigator_2_0", "idm")]
    [InlineData("daikin", "altherma_3_homehub", "daikin")]
    [InlineData("stiebel_eltron", "wpm_system", "stiebel_eltron")]
    public async Task Ask_SimulatedDevice_IsItsMake(string manufacturer, string model, string expected)
    {
        await using var device = new SimulatedDevice(manufacturer, model);

        var sighting = await SightAsync(_modbus, device.Server.Port);

        Assert.Equal(expected, sighting.Manufacturer);
        Assert.NotEqual(Certainty.Unknown, sighting.Certainty);
    }

    [Fact]
    public async Task Ask_ModelsThatAnswerAlike_AreNotGuessed()
    {
        await using var nibe = new SimulatedDevice("nibe", "s1255");
        await using var stiebel = await RegisterDevice.StartModelAsync("stiebel-isg.csv", "LWZ", "--fill", "0x8000", "--set", "i:5001=103");

        var series = await SightAsync(_modbus, nibe.Server.Port);
        var code = await SightAsync(_modbus, stiebel.Port);

        Assert.Equal((Certainty.Likely, "nibe", null, "NIBE heat pump"), (series.Certainty, series.Manufacturer, series.Model, series.Title));
        Assert.Contains("S1155, S1255", series.Reason, StringComparison.Ordinal);
        Assert.Equal((Certainty.Certain, "stiebel_eltron", null), (code.Certainty, code.Manufacturer, code.Model));
    }

    [Fact]
    public async Task Ask_ModbusDeviceThatNobodyKnows_IsUnknownAndWasOnlyRead()
    {
        await using var device = new RegisterFake();
        device.Set(0, 1, 2, 3);

        var sighting = (await _modbus.AskAsync(IPAddress.Loopback, device.Port, default))!;

        Assert.Equal((Certainty.Unknown, null, null), (sighting.Certainty, sighting.Manufacturer, sighting.Connection));
        Assert.Empty(device.Writes);
        Assert.InRange(device.Reads.Count, 1, 30);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("")]
    public async Task Ask_WhatIsNoModbus_IsNothing(string banner)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var serving = ServeAsync(listener, banner);

        Assert.Null(await _modbus.AskAsync(IPAddress.Loopback, port, default));
        Assert.Null(await _luxtronik.AskAsync(IPAddress.Loopback, port, default));
        Assert.Null(await _ebusd.AskAsync(IPAddress.Loopback, port, default));
        listener.Stop();
        await serving;
    }

    [Fact]
    public async Task Ask_LuxtronikController_IsCertainWithItsFirmware()
    {
        await using var controller = new FakeController();

        var sighting = await SightAsync(_luxtronik, controller.Port);

        Assert.Equal((Certainty.Certain, "luxtronik", "luxtronik_2_1"), (sighting.Certainty, sighting.Manufacturer, sighting.Model));
        Assert.Contains("3.92.1", sighting.Title, StringComparison.Ordinal);
        Assert.All(controller.Requests, request => Assert.Equal(3004, request.Command));
    }

    [Fact]
    public async Task Ask_EbusdWithAHeatPump_IsCertainAndNothingIsReadFromTheBus()
    {
        await using var fake = FakeEbusd.Plant();

        var sighting = (await _ebusd.AskAsync(IPAddress.Loopback, fake.Port, default))!;

        Assert.Equal((Certainty.Certain, "vaillant", "ebus", "ebusd"), (sighting.Certainty, sighting.Manufacturer, sighting.Model, sighting.Connection!.Kind));
        Assert.Contains("HMU00", sighting.Title, StringComparison.Ordinal);
        Assert.Equal(["state", "scan result"], fake.Lines);
    }

    [Theory]
    [InlineData("acquired", "08;Vaillant;BAI00;0202;9602", "does not say")]
    [InlineData("no signal", null, "no signal")]
    public async Task Ask_EbusdThatNamesNoHeatPump_IsLikely(string signal, string? scanned, string reason)
    {
        await using var fake = new FakeEbusd { Signal = signal };
        fake.Scan.Clear();
        if (scanned is not null) fake.Scan.Add(scanned);

        var sighting = (await _ebusd.AskAsync(IPAddress.Loopback, fake.Port, default))!;

        Assert.Equal((Certainty.Likely, "vaillant"), (sighting.Certainty, sighting.Manufacturer));
        Assert.Contains(reason, sighting.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("signal acquired, 1 symbols/sec\nanother line")]
    [InlineData("ERR: command not found")]
    [InlineData("")]
    public async Task Ask_LineServerThatIsNoEbusd_IsNothing(string answer)
    {
        await using var fake = new FakeEbusd();
        fake.Script = async (socket, _) => await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(answer + "\n\n")) > 0;

        Assert.Null(await _ebusd.AskAsync(IPAddress.Loopback, fake.Port, default));
        Assert.Single(fake.Lines);
    }

    /// <summary>Both may listen on port 8888: neither takes the other's question for a command, and neither probe takes the other's device for its own.</summary>
    [Fact]
    public async Task Ask_DeviceOfTheOtherProtocol_GetsNoWholeCommandAndStillAnswersItsOwn()
    {
        await using var ebusd = FakeEbusd.Plant();
        await using var controller = new FakeController();

        Assert.Null(await _luxtronik.AskAsync(IPAddress.Loopback, ebusd.Port, default));
        Assert.Null(await _ebusd.AskAsync(IPAddress.Loopback, controller.Port, default));

        Assert.Empty(ebusd.Lines);
        Assert.Empty(controller.Requests);
        Assert.NotNull(await _ebusd.AskAsync(IPAddress.Loopback, ebusd.Port, default));
        Assert.NotNull(await _luxtronik.AskAsync(IPAddress.Loopback, controller.Port, default));
        Assert.All(controller.Requests, request => Assert.Equal(3004, request.Command));
    }

    [Fact]
    public async Task Search_BothOnOnePort_FindsEachAsWhatItIs()
    {
        await using var ebusd = FakeEbusd.Plant(new IPEndPoint(IPAddress.Parse("127.0.28.2"), 8888));
        await using var controller = new FakeController(new IPEndPoint(IPAddress.Parse("127.0.28.3"), 8888));
        Assert.True(AddressRange.TryParse("127.0.28.0/29", out var range));
        using var search = new NetworkSearch([_ebusd, _luxtronik], [], new MemoryHeatPumpStore(), TimeProvider.System, NullLogger<NetworkSearch>.Instance);

        Assert.True(search.TryStart([range], out var ended));
        await ended;

        Assert.Equal((SearchStatus.Finished, 12, 12), (search.State.Status, search.State.Done, search.State.Total));
        Assert.Equal(
            [("127.0.28.2", "vaillant"), ("127.0.28.3", "luxtronik")],
            search.State.Found.Select(sighting => (sighting.Address, sighting.Manufacturer!)).Order());
    }

    [Fact]
    public async Task Call_ControllersOnTheNetwork_AnswerWithTheirPort()
    {
        Assert.True(AddressRange.TryParse("127.0.12.0/24", out var range));
        using var controller = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        controller.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        controller.Bind(new IPEndPoint(range.Broadcast, 4444));
        var answering = AnswerAsync(controller);

        var found = await _luxtronik.CallAsync(range, default);

        Assert.Contains(new IPEndPoint(range.Broadcast, LuxtronikEndpoint.UsualPort), found);
        Assert.Equal("2000;111;1;\0"u8.ToArray(), await answering);
    }

    private static async Task<byte[]> AnswerAsync(Socket controller)
    {
        var buffer = new byte[64];
        var received = await controller.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
        await controller.SendToAsync("nonsense"u8.ToArray(), received.RemoteEndPoint);
        await controller.SendToAsync("2500;111;8889;\0"u8.ToArray(), received.RemoteEndPoint);
        return buffer[..received.ReceivedBytes];
    }

    private static async Task ServeAsync(TcpListener listener, string banner)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                if (banner.Length > 0) await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(banner));
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    // On a busy machine a device of the test may take longer to answer than a search waits.
    private static async Task<Sighting> SightAsync(INetworkProbe probe, int port)
    {
        Sighting? seen = null;
        await Eventually.IsTrue(async () => (seen = await probe.AskAsync(IPAddress.Loopback, port, default)) is not null, what: "the device is seen");
        return seen!;
    }
}
