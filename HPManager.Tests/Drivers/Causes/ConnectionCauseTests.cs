using System.Net;
using System.Net.Sockets;
using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Tests.Drivers.Luxtronik.Client;
using HPManager.Tests.Drivers.Modbus.Client;
using HPManager.Tests.Drivers.Modbus.Driver;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Causes;

/// <summary>Every shipped make in front of everything that goes wrong at a socket: the connection test names the cause, and what to do about it.</summary>
public sealed class ConnectionCauseTests
{
    private static readonly string[] Gateway = ["gateway's own web page", "API_ENABLED", "1 to read, or to 2 to read and write", "restart the gateway", "80"];

    // Written again from the protocol pages: where access is switched on, or what it takes.
    private static readonly Dictionary<string, string[]> Places = new(StringComparer.Ordinal)
    {
        ["idm/navigator_2_0"] = ["building management", "Gebäudeleittechnik", "Modbus TCP", "technician"],
        ["nibe/eb100_husdata"] = Gateway,
        ["nibe/styr_2002_husdata"] = Gateway,
        ["thermia"] = Gateway,
        ["ivt"] = Gateway,
        ["nibe"] = ["menu 7.5.9", "Modbus TCP/IP", "restart the controller"],
        ["daikin/altherma_3_homehub"] = ["installer settings", "Daikin HomeHub", "use case Modbus", "TCP/IP", "802"],
        ["daikin/air_to_air_homehub"] = ["ONECTA app", "3.21.1", "use case Modbus", "802"],
        ["daikin/altherma_4"] = ["not known here", "2.2.0", "Ethernet cable"],
        ["stiebel_eltron"] = ["Stiebel service", "remote update", "ISG plus", "ISG Connect", "restart the ISG"],
        ["luxtronik/smart_home_interface"] = ["service, system control, connectivity, smart home interface", "3.90.1"],
        ["vaillant"] = ["ebusd must be running", "--port", "--localhost", "publish"],
        ["luxtronik/luxtronik_2_1"] = ["Nothing has to be switched on", "network settings", "only connection"],
        ["luxtronik/luxtronik_2_0"] = ["Nothing has to be switched on", "network settings", "only connection"],
    };

    public static TheoryData<string> All => [.. TestedMakes.All];

    public static TheoryData<string> OverModbus => [.. TestedMakes.OverModbus];

    public static TheoryData<string> OverLuxtronik => [.. TestedMakes.OverLuxtronik];

    public static TheoryData<string> Families => [.. TestedMakes.Families];

    [Fact]
    public void Families_AreAllThatShip() => Assert.Equal(
        [
            "daikin/air_to_air_homehub", "daikin/altherma_3_homehub", "daikin/altherma_4", "idm/navigator_2_0", "luxtronik/luxtronik_2_1",
            "luxtronik/smart_home_interface", "nibe/s1155", "stiebel_eltron/lwz", "stiebel_eltron/wpm_system", "vaillant/ebus",
        ],
        TestedMakes.Families.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(All))]
    public async Task Test_NameWithoutAddress_IsNameNotFound(string make)
    {
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump(make, 502, host: "not a host"));

        AssertSays(failure, FailureCause.NameNotFound, message: ["not a host"], hint: ["spelling", "IP address"]);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Test_HostThatIsDown_IsHostUnreachable(string make)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var waiting = new Disposables();
        await using var makes = TestedMakes.InFrontOfSilence(make);

        var failure = await makes.FailAsync(makes.HeatPump(make, FillBacklog(listener, waiting), connectWithin: 200));

        AssertSays(failure, FailureCause.HostUnreachable, message: ["127.0.0.1"], hint: ["switched on", "same network"]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Test_PortThatIsClosed_SaysWhereAccessIsSwitchedOn(string make)
    {
        await using var makes = new TestedMakes();
        var port = ClosedPort();

        var failure = await makes.FailAsync(makes.HeatPump(make, port));

        AssertSays(
            failure, FailureCause.PortClosed, message: [$"Port {port}", "127.0.0.1"], hint: Places.GetValueOrDefault(make) ?? Places[make.Split('/')[0]]);
        if (TestedMakes.ModelOf(make) is ModbusModel) AssertSays(failure, FailureCause.PortClosed, message: [], hint: ["port 502", "switched off"]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Test_WebServerOnThePort_IsOtherProtocol(string make)
    {
        await using var server = StrangeServer.Answering(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
        await AssertOtherProtocolAsync(make, server.Port, "web server");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Test_ServerThatSpeaksFirst_IsOtherProtocol(string make)
    {
        await using var server = StrangeServer.Greeting(Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"));
        await AssertOtherProtocolAsync(make, server.Port, "SSH");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Test_ServerThatExpectsEncryption_IsOtherProtocol(string make)
    {
        await using var server = StrangeServer.Answering([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x0A]);
        await AssertOtherProtocolAsync(make, server.Port, "encryption");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Test_ConnectionClosedAtOnce_SaysThatAnotherProgramMayHoldIt(string make)
    {
        await using var server = StrangeServer.Closing();
        await using var makes = TestedMakes.InFrontOfSilence(make);

        var failure = await makes.FailAsync(makes.HeatPump(make, server.Port));

        // ebusd lets in whoever comes; what closes at once there is starting, stopping, or something else.
        string[] hint = make.StartsWith("vaillant/", StringComparison.Ordinal) ? ["starting or stopping", "port"] : ["Another program", "only connection", "restart the controller"];
        AssertSays(failure, FailureCause.Busy, message: ["closes it at once"], hint);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Test_Silence_IsNoAnswerWithinTheLimit(string make)
    {
        await using var server = StrangeServer.Silent();
        await using var makes = TestedMakes.InFrontOfSilence(make);

        var failure = await makes.FailAsync(makes.HeatPump(make, server.Port, answerWithin: 100));

        AssertSays(failure, FailureCause.NoAnswer, message: ["Connected"], hint: ["Another program"]);
        if (TestedMakes.ModelOf(make) is ModbusModel) AssertSays(failure, FailureCause.NoAnswer, message: ["unit id 1"], hint: ["unit id", "port 502"]);
    }

    [Theory]
    [MemberData(nameof(OverModbus))]
    public async Task Test_GatewayWithoutThisUnit_IsWrongUnit(string make)
    {
        foreach (var code in (int[])[10, 11])
        {
            await using var device = new RegisterFake { Refuse = _ => code };
            await using var makes = new TestedMakes();

            var failure = await makes.FailAsync(makes.HeatPump(make, device.Port, unit: 3));

            AssertSays(failure, FailureCause.WrongUnit, message: ["gateway", "unit id 3"], hint: ["unit id", "line behind the gateway"]);
        }
    }

    [Theory]
    [MemberData(nameof(OverModbus))]
    public async Task Test_AnswerFromAnotherUnit_IsWrongUnit(string make)
    {
        await using var device = FakeModbusServer.Tcp((connection, request) =>
            connection.SendAsync(ModbusFrames.Tcp((request[0] << 8) | request[1], 7, (byte)(request[7] | 0x80), 2)));
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump(make, device.Port, unit: 3));

        AssertSays(failure, FailureCause.WrongUnit, message: ["asked unit 3, unit 7 answered"], hint: ["unit id"]);
    }

    [Theory]
    [MemberData(nameof(OverModbus))]
    public async Task Test_DeviceThatRefusesEverything_IsOtherModel(string make)
    {
        await using var device = new RegisterFake { Refuse = _ => 2 };
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump(make, device.Port));

        AssertSays(failure, FailureCause.OtherModel, message: [], hint: ["heck"]);
        Assert.Empty(device.Writes);
    }

    [Theory]
    [MemberData(nameof(OverModbus))]
    public async Task Test_DeviceWithoutWhatTheModelIsKnownBy_IsOtherModel(string make)
    {
        var model = (ModbusModel)TestedMakes.ModelOf(make);
        var known = model.Profile.Proof(model.Key, Settings.Empty).Append(model.Profile.IdentityPoint(model.Key, Settings.Empty)).OfType<ModbusPoint>().ToList();

        // Everything but that answers. The two registers of air-to-air units are all that they have: nothing tells them from another device.
        Assert.True(known.Count > 0 || make == "daikin/air_to_air_homehub", make);
        await using var device = new RegisterFake
        {
            Refuse = read => known.Count == 0 || known.Exists(point => point.Address >= read.Start && point.Address < read.Start + read.Count) ? 2 : 0,
            Instead = read => new ushort[read.Count],
        };
        for (var address = 0; address <= ushort.MaxValue; address++) device.Words[address] = 0;
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump(make, device.Port));

        AssertSays(failure, FailureCause.OtherModel, message: [model.Name], hint: ["heck"]);
    }

    [Theory]
    [InlineData("stiebel_eltron/wpm_system", 103, "LWZ or LWA")]
    [InlineData("stiebel_eltron/wpm_3", 449, "WPM system (WPM 4)")]
    [InlineData("stiebel_eltron/lwz", 449, "WPM system (WPM 4)")]
    [InlineData("stiebel_eltron/lwz", 104, "LWZ x04 SOL")]
    [InlineData("stiebel_eltron/lwa", 390, "WPM 3")]
    public async Task Test_ControllerThatSaysItIsAnotherModel_NamesIt(string make, ushort code, string actual)
    {
        await using var device = new RegisterFake();
        device.Set(5001, code);
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump(make, device.Port));

        AssertSays(failure, FailureCause.OtherModel, message: [actual, $"{code}"], hint: ["Choose that model"]);
        Assert.Equal(["5001(1)"], device.TakeReads().Distinct());
    }

    [Theory]
    [InlineData("luxtronik/luxtronik_2_1", "V2.88.3", "Luxtronik 2.0")]
    [InlineData("luxtronik/luxtronik_2_1", "V1.73", "Luxtronik 2.0")]
    [InlineData("luxtronik/luxtronik_2_0", "V3.92.1", "Luxtronik 2.1")]
    public async Task Test_FirmwareOfAnotherSeries_NamesTheModel(string make, string firmware, string actual)
    {
        await using var controller = new FakeController { Calculations = FakeController.NewCalculations(firmware) };
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump(make, controller.Port));

        AssertSays(failure, FailureCause.OtherModel, message: [firmware, actual], hint: [$"Choose {actual}"]);
    }

    [Theory]
    [MemberData(nameof(OverLuxtronik))]
    public async Task Test_SettingBeingChangedAtTheController_IsBusy(string make)
    {
        await using var controller = new FakeController();
        controller.Script = async (socket, request) =>
        {
            if (request.Command != 3004) return false;
            await socket.SendAsync(FakeController.Words(3004, 1));
            return true;
        };
        await using var makes = new TestedMakes(new HurriedTime(4));

        var failure = await makes.FailAsync(makes.HeatPump(make, controller.Port));

        AssertSays(failure, FailureCause.Busy, message: ["being changed"], hint: ["answers again"]);
    }

    private static async Task AssertOtherProtocolAsync(string make, int port, string protocol)
    {
        await using var makes = new TestedMakes();

        var failure = await makes.FailAsync(makes.HeatPump(make, port));

        AssertSays(failure, FailureCause.OtherProtocol, message: [], hint: ["Check address and port", "web page"]);
        if (TestedMakes.ModelOf(make) is ModbusModel) AssertSays(failure, FailureCause.OtherProtocol, message: [protocol], hint: ["port 502"]);
    }

    private static void AssertSays(Failure failure, FailureCause cause, string[] message, string[] hint)
    {
        Assert.True(cause == failure.Cause, failure.ToString());
        Assert.All(message, part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
        Assert.All(hint, part => Assert.Contains(part, failure.Hint, StringComparison.Ordinal));
        Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("  ", failure.Hint, StringComparison.Ordinal);
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // A full backlog on Linux leaves further connection attempts unanswered, as a host that is switched off does.
    private static int FillBacklog(Socket listener, Disposables waiting)
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var place = (IPEndPoint)listener.LocalEndPoint!;
        for (var i = 0; i < 4; i++)
        {
            var socket = waiting.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false });
            try
            {
                socket.Connect(place);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // Under way.
            }
        }

        return place.Port;
    }

    private sealed class Disposables : IDisposable
    {
        private readonly List<IDisposable> _all = [];

        public T Add<T>(T item)
            where T : IDisposable
        {
            _all.Add(item);
            return item;
        }

        public void Dispose() => _all.ForEach(item => item.Dispose());
    }
}
