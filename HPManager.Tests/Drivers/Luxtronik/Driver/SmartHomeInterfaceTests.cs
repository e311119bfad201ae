using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Sockets;
using HPManager.Tests.Drivers.Luxtronik.Client;
using HPManager.Tests.Drivers.Modbus.Client;
using HPManager.Tests.Drivers.Modbus.Driver;
using HPManager.Tests.Drivers.Modbus.Profiles;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Luxtronik.Driver;

/// <summary>The Modbus interface of the same controllers: its vectors (T19 to T24, T55), its islands, and that it never talks beside the other protocol.</summary>
public class SmartHomeInterfaceTests
{
    // Written again from the protocol's description: what exists before firmware 3.92.0.
    private static readonly (int First, int Last)[] OldIslands =
    [
        (10000, 10002), (10005, 10007), (10010, 10012), (10015, 10017), (10020, 10022), (10025, 10027), (10030, 10032), (10035, 10037), (10040, 10041),
        (10052, 10053), (10003, 10004), (10006, 10007), (10100, 10108), (10120, 10124), (10140, 10143), (10150, 10153), (10160, 10163), (10201, 10207),
        (10300, 10302), (10310, 10319), (10400, 10402),
    ];

    private static readonly (int First, int Last)[] NewIslands =
        [(10003, 10003), (10008, 10008), (10013, 10013), (10023, 10023), (10033, 10033), (10050, 10051), (10065, 10067), (10070, 10071), (10109, 10112), (10320, 10329)];

    [Fact]
    public async Task Vectors_ReadsAndWrites_AreTheseBytes()
    {
        var answers = new Queue<string>(["00 01 00 00 00 05 01 04 02 FF CE", "00 02 00 00 00 06 01 10 27 38 00 02", "00 03 00 00 00 05 01 04 02 7F FF", "00 04 00 00 00 03 01 84 02"]);
        await using var server = FakeModbusServer.Tcp((connection, request) =>
        {
            var answer = ModbusFrames.Hex(answers.Dequeue());
            (answer[0], answer[1]) = (request[0], request[1]);
            return connection.SendAsync(answer);
        });
        await using var client = new ModbusClient(
            new ModbusEndpoint("127.0.0.1", server.Port, ModbusTransport.Tcp, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), TimeSpan.Zero), TimeProvider.System);
        var word = new ushort[1];

        Assert.True((await client.ReadRegistersAsync(1, ModbusTable.InputRegister, 10108, word, default)).IsSuccess);
        Assert.Equal(-5.0, Decode("outdoor_temperature", word).Value);
        Assert.True((await client.WriteRegistersAsync(1, 10040, new ushort[] { 1, 42 }, default)).IsSuccess);
        Assert.True((await client.ReadRegistersAsync(1, ModbusTable.InputRegister, 10108, word, default)).IsSuccess);
        Assert.Equal((Quality.Missing, "not available"), (Decode("outdoor_temperature", word).Quality, Decode("outdoor_temperature", word).Reason));
        Assert.Equal(ModbusException.IllegalDataAddress, (await client.ReadRegistersAsync(1, ModbusTable.InputRegister, 10108, word, default)).Exception);
        Assert.Equal(
            ["00000006" + "0104277C0001", "0000000B" + "0110273800020400" + "01002A", "00000006" + "0104277C0001", "00000006" + "0104277C0001"],
            server.Requests.Select(request => Convert.ToHexString(request)[4..]));
    }

    [Theory]
    [InlineData(1, 34464, 10000.0)]
    [InlineData(0, 32767, 3276.7)]
    public void Decode_EnergyOfTwoRegisters_HasTheHighWordFirst(ushort high, ushort low, double expected) =>
        Assert.Equal(expected, Decode("energy_total", high, low).Value!.Value, 6);

    [Fact]
    public void Decode_EnergyWithoutAValue_IsMissing() => Assert.Equal(Quality.Missing, Decode("energy_total", 32767, 32767).Quality);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PollAsync_ReadsIslandByIslandAndLearnsWhichThereAre(bool isNewFirmware)
    {
        await using var device = new RegisterFake();
        foreach (var (first, last) in isNewFirmware ? OldIslands.Concat(NewIslands) : OldIslands) device.Set(first, new ushort[last - first + 1]);
        device.Set(10400, 3, isNewFirmware ? (ushort)92 : (ushort)90, 1);
        device.Refuse = read => read.Start == 10003 && read.Function == 3 && !isNewFirmware ? 2 : 0;
        await using var site = new Site(device.Port, new HostGate(TimeProvider.System));
        await site.PollAsync();
        await site.PollAsync();
        device.Reads.Clear();

        var snapshot = await site.PollAsync();

        var islands = Islands(isNewFirmware);
        Assert.All(device.Reads, read => Assert.Contains(islands, island => read.Start >= island.First && read.Start + read.Count - 1 <= island.Last));
        Assert.Equal(isNewFirmware ? Quality.Good : Quality.Missing, snapshot[SensorKey.Parse("heat_total")]!.Value.Quality);
        Assert.Equal(Quality.Good, snapshot[SensorKey.Parse("energy_total")]!.Value.Quality);
        Assert.InRange(device.Reads.Count, 20, 30);
    }

    [Fact]
    public async Task PollAsync_WithoutTheFirmwaresNumber_IsAnotherDevice()
    {
        await using var device = new RegisterFake();
        device.Set(10000, new ushort[300]);
        await using var site = new Site(device.Port, new HostGate(TimeProvider.System));

        var (snapshot, failure) = await site.Device.PollAsync(LuxtronikSite.At, default);

        Assert.Null(snapshot);
        Assert.Equal(FailureCause.OtherModel, failure!.Cause);
    }

    [Fact]
    public async Task PollAsync_LetsGoAfterEveryPoll()
    {
        await using var device = NewDevice();
        await using var site = new Site(device.Port, new HostGate(TimeProvider.System));

        await site.PollAsync();
        await site.PollAsync();
        await site.Device.WriteAsync(SensorKey.Parse("power_limit"), 4.2, default);

        Assert.Equal(3, device.Connections);
        Assert.Equal("1027390001020" + "02A", Convert.ToHexString(Assert.Single(device.Writes)));
    }

    [Fact]
    public async Task PollAsync_BothWaysIntoOneController_NeverOverlap()
    {
        var gate = new HostGate(TimeProvider.System);
        await using var controller = new FakeController();
        await using var device = NewDevice();
        var talking = 0;
        var most = 0;
        controller.Script = async (_, request) =>
        {
            if (request.Command == 3003) most = Math.Max(most, Interlocked.Increment(ref talking));
            await Task.Yield();
            if (request.Command == 3005) Interlocked.Decrement(ref talking);
            return false;
        };
        device.Mood = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref talking));
            await Task.Yield();
            Interlocked.Decrement(ref talking);
            return false;
        };
        await using var binary = new LuxtronikSite(controller, gate: gate);
        await using var modbus = new Site(device.Port, gate, host: "localhost");

        for (var i = 0; i < 20; i++) await Task.WhenAll(binary.PollAsync(), modbus.PollAsync());

        Assert.Equal(1, most);
        Assert.Equal(0, gate.Count);
    }

    [Fact]
    public async Task PollAsync_OtherWayTakesTooLong_IsBusyAndSendsNothing()
    {
        var time = new ManualTime();
        var gate = new HostGate(time);
        await using var device = NewDevice();
        await using var site = new Site(device.Port, gate, time: time);
        using var taken = await gate.EnterAsync("127.0.0.1", TimeSpan.FromSeconds(1), default);

        var writing = site.Device.WriteAsync(SensorKey.Parse("power_limit"), 4.2, default).AsTask();
        await Eventually.IsTrue(() => time.WaitingTimers > 0);
        time.Advance(TimeSpan.FromSeconds(20));
        var failure = await writing;

        Assert.Equal(FailureCause.Busy, failure!.Cause);
        Assert.Contains("Nothing was sent", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, device.Connections);
    }

    private static List<(int First, int Last)> Islands(bool isNewFirmware)
    {
        if (!isNewFirmware) return [.. OldIslands, (10000, 10000), (10002, 10004)];
        return [.. OldIslands, .. NewIslands, (10000, 10003), (10002, 10004), (10005, 10008), (10010, 10013), (10020, 10023), (10030, 10033), (10050, 10053), (10100, 10112), (10310, 10329)];
    }

    private static RegisterFake NewDevice()
    {
        var device = new RegisterFake();
        foreach (var (first, last) in OldIslands.Concat(NewIslands)) device.Set(first, new ushort[last - first + 1]);
        device.Set(10400, 3, 92, 1);
        return device;
    }

    private static Reading Decode(string key, params ushort[] words) =>
        RegisterDecoder.Decode(ShippedProfiles.Point("luxtronik", "smart_home_interface", key), words, LuxtronikSite.At);

    /// <summary>The Modbus driver with the shipped profile.</summary>
    private sealed class Site : IAsyncDisposable, IDeviceMemory
    {
        private readonly Dictionary<string, string> _memory = [];
        private readonly IEndpointSession _endpoint;

        public Site(int port, HostGate gate, string host = "127.0.0.1", TimeProvider? time = null)
        {
            var driver = new ModbusDriver(time ?? TimeProvider.System, gate, NullLoggerFactory.Instance);
            var model = ShippedProfiles.Results.Single(result => result.Profile?.Name == "luxtronik/shi").Profile!.CreateModels(driver)[0];
            var pump = model.Complete(new HeatPump
            {
                Id = HeatPumpId.FromNumber(2),
                Name = "Same pump",
                Manufacturer = model.Manufacturer,
                Model = model.Key,
                Connection = new ConnectionConfig(
                    "modbus_tcp", Settings.Empty.With("host", host).With("port", port.ToString(CultureInfo.InvariantCulture))),
            });
            _endpoint = driver.Open(pump.Connection);
            Device = _endpoint.Attach(pump, model, this);
        }

        public IDeviceSession Device { get; }

        public async Task<Snapshot> PollAsync()
        {
            var (snapshot, failure) = await Device.PollAsync(LuxtronikSite.At, default);
            Assert.True(snapshot is not null, failure?.ToString());
            return snapshot;
        }

        public string? Recall(HeatPumpId heatPump, string topic) => _memory.GetValueOrDefault(topic);

        public void Keep(HeatPumpId heatPump, string topic, string content) => _memory[topic] = content;

        public ValueTask DisposeAsync() => _endpoint.DisposeAsync();
    }
}
