using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Client;
using HPManager.Tests.Drivers.Luxtronik.Fixtures;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Luxtronik.Driver;

/// <summary>The driver against a controller that shares no code and no table with it.</summary>
public class LuxtronikStrangerTests
{
    // Where the product's sensor has another name than the entry, because the entry is in per cent on this device.
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal) { ["heating_pump_minimal"] = "heating_pump_minimal_percent" };

    // Addresses, serial numbers and the mirrors of the histories, which are no sensors; the histories themselves are looked at on their own.
    private static readonly string[] NoSensors =
        ["ip_address", "subnet_mask", "broadcast_address", "default_gateway", "serial_number_", "shutdown_ring_index", "stored_shutdown_", "error_", "shutdown_", "unit2_shutdown_"];

    [Theory]
    [InlineData("V1.73", "luxtronik_2_0", 350)]
    [InlineData("V1.80.0", "luxtronik_2_0", 350)]
    [InlineData("V2.88.3", "luxtronik_2_0", 370)]
    [InlineData("V3.85.4", "luxtronik_2_1", 380)]
    [InlineData("V3.88.0", "luxtronik_2_1", 390)]
    [InlineData("V3.89.3", "luxtronik_2_1", 390)]
    [InlineData("V3.92.1", "luxtronik_2_1", 400)]
    public async Task PollAsync_EveryEntryOfTheFirmware_IsWhatTheDeviceHoldsAndNothingElseIs(string firmware, string model, int atLeast)
    {
        await using var device = await LuxtronikDevice.StartAsync("--firmware", firmware);
        await using var site = new LuxtronikSite(device.Port, model: model);

        var snapshot = await site.PollAsync();

        var expected = Expected(device);
        Assert.True(expected.Count >= atLeast, $"only {expected.Count}");
        Assert.Empty(expected.Select(entry => Difference(snapshot, entry.Key, entry.Value)).OfType<string>());
        var sensors = site.Device.Sensors;
        var beyond = Enumerable.Range(0, sensors.Count)
            .Where(position => IsBeyond(device, sensors[position].Address) && snapshot.Readings[position].Quality != Quality.Missing)
            .Select(position => sensors[position].Key.Value);
        Assert.Empty(beyond);
    }

    [Fact]
    public async Task PollAsync_Histories_AreSortedNewestFirst()
    {
        await using var device = await LuxtronikDevice.StartAsync();
        await using var site = new LuxtronikSite(device.Port);

        var snapshot = await site.PollAsync();

        AssertHistory(device, snapshot, "error_{0}_time", "error_{0}_code", "fault");
        AssertHistory(device, snapshot, "shutdown_{0}_time", "shutdown_{0}_reason", "switch_off");
        AssertHistory(device, snapshot, "unit2_shutdown_{0}_time", "unit2_shutdown_{0}_reason", "unit_2_switch_off");

        // T54: with these times the slots are, newest first, 1 0 4 3 2.
        Assert.Equal([3, 9, 26, 12, 7], Enumerable.Range(1, 5).Select(place => (int)snapshot[SensorKey.Parse($"switch_off_{place}")]!.Value.Value!.Value));
    }

    [Fact]
    public async Task PollAsync_ThreeTimes_OneConnectionEachOneRequestAtATimeAndNoneLeftOpen()
    {
        await using var device = await LuxtronikDevice.StartAsync("--clients", "refuse");
        await using var site = new LuxtronikSite(device.Port);

        for (var poll = 1; poll <= 3; poll++)
        {
            await site.PollAsync();
            await Eventually.IsTrue(() => device.Of("close").Count() == poll);
            await device.TellAsync("ping");
        }

        Assert.Equal(["1 of 1", "2 of 1", "3 of 1"], device.Of("open").Select(words => string.Join(' ', words)));
        Assert.Equal(9, device.Requests.Count);
        Assert.All(device.Requests.Chunk(3), cycle => Assert.Equal([3003, 3004, 3005], cycle.Select(request => request[0]).Order()));
        Assert.All(device.Requests, request => Assert.Equal(0, request[1]));
        Assert.Empty(device.Of("overlap"));
        Assert.Empty(device.Of("refused"));
    }

    [Theory]
    [InlineData("hot_water_setpoint", 50.5, 105, 505)]
    [InlineData("heating_correction", -0.5, 1, -5)]
    [InlineData("heating_mode", 4, 3, 4)]
    [InlineData("hot_water_extra", 1, 1052, 1)]
    [InlineData("hot_water_frequency", 60, 1045, 41)]
    [InlineData("room_setpoint", 22, 1148, 220)]
    [InlineData("timer_hot_water_week_1_start", 25200, 406, 25200)]
    public async Task WriteAsync_Setting_OneRequestWithTheRawValueAndReadBack(string sensor, double value, int index, int raw)
    {
        await using var device = await LuxtronikDevice.StartAsync("--clients", "reset");
        await device.SetAsync("parameters", 1052, 0);
        await using var site = new LuxtronikSite(device.Port);
        await site.PollAsync();

        Assert.Null(await site.WriteAsync(sensor, value));
        var read = ReadAfterPauseAsync(site, sensor);

        Assert.Equal(value, (await read).Value!.Value);
        Assert.Equal(raw, await device.GetAsync("parameters", index));
        Assert.Equal([3002, index, raw], Assert.Single(device.Requests, request => request[0] == 3002));
        Assert.All(device.Of("open"), words => Assert.Equal("1", words[^1]));
        Assert.Empty(device.Of("overlap"));
        Assert.Empty(device.Of("refused"));
    }

    [Fact]
    public async Task WriteAsync_SameValueAgain_SendsNothing()
    {
        await using var device = await LuxtronikDevice.StartAsync();
        await using var site = new LuxtronikSite(device.Port);

        Assert.Null(await site.WriteAsync("hot_water_setpoint", 48));

        await device.TellAsync("ping");
        Assert.DoesNotContain(device.Requests, request => request[0] == 3002);
    }

    [Fact]
    public async Task WriteAsync_HotWaterOnOldFirmware_WritesBothTemperatures()
    {
        await using var device = await LuxtronikDevice.StartAsync("--firmware", "V1.80.0");
        await using var site = new LuxtronikSite(device.Port, model: "luxtronik_2_0");

        Assert.Null(await site.WriteAsync("hot_water_setpoint", 51));

        await device.TellAsync("ping");
        Assert.Equal([[3002, 105, 510], [3002, 2, 510]], device.Requests.Where(request => request[0] == 3002));
    }

    [Fact]
    public async Task WriteAsync_EveryWritableSensor_TouchesOnlyIndicesThatThePageCallsWritable()
    {
        var writable = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Drivers", "Luxtronik", "Fixtures", "writable.csv"));
        var allowed = writable.Skip(1).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        var model = new LuxtronikSite(1).Model;

        var indices = model.Sensors(Settings.Empty).All.Where(sensor => sensor.IsWritable)
            .Select(sensor => int.Parse(sensor.Address!["parameter ".Length..], CultureInfo.InvariantCulture)).ToList();

        Assert.True(indices.Count > 80, $"{indices.Count}");
        Assert.Empty(indices.Except(allowed));
    }

    [Theory]
    [InlineData("V1.90.0")]
    [InlineData("V2.90.0")]
    public async Task WriteAsync_FirmwareThatFreezes_IsRefusedBeforeAnythingIsSent(string firmware)
    {
        await using var device = await LuxtronikDevice.StartAsync("--firmware", firmware);
        await using var site = new LuxtronikSite(device.Port, model: "luxtronik_2_0");

        var failure = await site.WriteAsync("hot_water_setpoint", 51);

        Assert.Equal(FailureCause.Refused, failure!.Cause);
        await device.TellAsync("ping");
        Assert.DoesNotContain(device.Requests, request => request[0] == 3002);
    }

    [Fact]
    public async Task WriteAsync_FreezingFirmwareAllowed_TellsThatTheOutcomeIsUnknownAndFindsTheValueLater()
    {
        await using var device = await LuxtronikDevice.StartAsync("--firmware", "V2.90.0", "--restart-ms", "100");
        await using var site = new LuxtronikSite(device.Port, model: "luxtronik_2_0", options: new Settings([new("allow_writes_on_90", "true")]));

        var failure = await site.WriteAsync("heating_mode", 4);
        await Eventually.IsTrue(() => device.Of("up").Any());

        Assert.Contains("not known", failure!.Message, StringComparison.Ordinal);
        Assert.Equal(4, (await ReadAfterPauseAsync(site, "heating_mode")).Value);
        Assert.Single(device.Requests, request => request[0] == 3002);
    }

    [Fact]
    public async Task ReadAsync_WriteSlowToShow_ReadsTheOldValueFirst()
    {
        await using var device = await LuxtronikDevice.StartAsync("--hide-writes", "2");
        await using var site = new LuxtronikSite(device.Port);
        Assert.Null(await site.WriteAsync("hot_water_setpoint", 52));

        var values = new List<double>();
        for (var read = 0; read < 3; read++) values.Add((await ReadAfterPauseAsync(site, "hot_water_setpoint")).Value!.Value);

        Assert.Equal([48, 48, 52], values);
        Assert.Single(device.Requests, request => request[0] == 3002);
    }

    [Theory]
    [InlineData("busy", 5, FailureCause.Busy)]
    [InlineData("count 2147483647", 1, FailureCause.BadAnswer)]
    [InlineData("count -1", 1, FailureCause.BadAnswer)]
    [InlineData("count 0", 1, FailureCause.BadAnswer)]
    [InlineData("foreign 3004 for=3003", 1, FailureCause.OtherProtocol)]
    [InlineData("foreign 3003 for=3005", 1, FailureCause.BadAnswer)]
    [InlineData("cut 0", 1, FailureCause.Busy)]
    [InlineData("cut 7 for=3004", 1, FailureCause.ConnectionLost)]
    [InlineData("cut 200 for=3005", 1, FailureCause.ConnectionLost)]
    [InlineData("twice for=3003", 1, FailureCause.BadAnswer)]
    [InlineData("endless for=3003", 1, FailureCause.BadAnswer)]
    [InlineData("reset", 1, FailureCause.Busy)]
    public async Task PollAsync_Fault_ClosesTriesOnceMoreAndSaysWhy(string fault, int pause, FailureCause cause)
    {
        await using var device = await LuxtronikDevice.StartAsync("--fault", fault);
        await using var site = new LuxtronikSite(device.Port);

        var failing = site.FailAsync();
        await AdvanceWhenClosedAsync(device, site, 1, TimeSpan.FromSeconds(pause));

        Assert.Equal(cause, (await failing).Cause);
        await Eventually.IsTrue(() => device.Of("close").Count() == 2);
        Assert.All(device.Of("open"), words => Assert.Equal("1", words[^1]));

        await device.TellAsync("fault none");
        Assert.Equal(34.2, (await site.ReadingAsync("flow_temperature")).Value);
    }

    [Theory]
    [InlineData("busy for=3004 times=1", 5)]
    [InlineData("cut 1000 for=3003 times=1", 1)]
    [InlineData("twice for=3003 times=1", 1)]
    public async Task PollAsync_FaultThatPasses_SecondAttemptHasEveryValueRight(string fault, int pause)
    {
        await using var device = await LuxtronikDevice.StartAsync("--fault", fault);
        await using var site = new LuxtronikSite(device.Port);

        var polling = site.PollAsync();
        await AdvanceWhenClosedAsync(device, site, 1, TimeSpan.FromSeconds(pause));

        var snapshot = await polling;
        Assert.Empty(Expected(device).Select(entry => Difference(snapshot, entry.Key, entry.Value)).OfType<string>());
    }

    [Fact]
    public async Task PollAsync_ByteByByte_HasEveryValueRight()
    {
        await using var device = await LuxtronikDevice.StartAsync("--fault", "trickle 0");
        await using var site = new LuxtronikSite(device.Port);

        var snapshot = await site.PollAsync();

        Assert.Empty(Expected(device).Select(entry => Difference(snapshot, entry.Key, entry.Value)).OfType<string>());
    }

    [Fact]
    public async Task PollAsync_SlowerThanACycleMayTake_EndsAllTheSame()
    {
        await using var device = await LuxtronikDevice.StartAsync("--fault", "trickle 20");
        await using var site = new LuxtronikSite(device.Port);

        // Never silent for long, never done: 4 s pass between two bytes, until the cycle's 15 s are over.
        var failing = site.FailAsync();
        await Eventually.IsTrue(() => device.Requests.Count == 1);
        while (!failing.IsCompleted)
        {
            site.Time.Advance(TimeSpan.FromSeconds(4));
            await Task.WhenAny(failing, Task.Delay(100));
        }

        Assert.Equal(FailureCause.NoAnswer, (await failing).Cause);
        Assert.True(site.Time.GetUtcNow() - LuxtronikSite.At < TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task PollAsync_Silence_GivesUpAfterFiveSecondsAndAgain()
    {
        await using var device = await LuxtronikDevice.StartAsync("--fault", "silence");
        await using var site = new LuxtronikSite(device.Port);

        var failing = site.FailAsync();
        await Eventually.IsTrue(() => device.Requests.Count == 1 && site.Time.WaitingTimers > 0);
        site.Time.Advance(TimeSpan.FromSeconds(5));
        await AdvanceWhenClosedAsync(device, site, 1, TimeSpan.FromSeconds(1));
        await Eventually.IsTrue(() => device.Requests.Count == 2 && site.Time.WaitingTimers > 0);
        site.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(FailureCause.NoAnswer, (await failing).Cause);
    }

    [Fact]
    public async Task PollAsync_AnotherProgramHoldsTheConnection_SaysSoAndRecovers()
    {
        await using var device = await LuxtronikDevice.StartAsync("--clients", "refuse");
        await using var site = new LuxtronikSite(device.Port);
        using (var other = new TcpClient())
        {
            await other.ConnectAsync(IPAddress.Loopback, device.Port);
            await Eventually.IsTrue(() => device.Of("open").Any());
            Assert.Equal(FailureCause.PortClosed, (await site.FailAsync()).Cause);
        }

        await Eventually.IsTrue(() => device.Of("close").Any());
        await device.TellAsync("ping");
        await site.PollAsync();
    }

    [Fact]
    public async Task PollAsync_BlockShrinksOnTheSameFirmware_IsNotBelieved()
    {
        await using var device = await LuxtronikDevice.StartAsync();
        await using var site = new LuxtronikSite(device.Port);
        await site.PollAsync();
        await device.TellAsync("size calculations 200");

        var failing = site.FailAsync();
        await AdvanceWhenClosedAsync(device, site, 2, TimeSpan.FromSeconds(1));

        Assert.Equal(FailureCause.BadAnswer, (await failing).Cause);
        await device.TellAsync("firmware V3.80.0");
        Assert.Equal(Quality.Missing, (await site.ReadingAsync("electric_power")).Quality);
    }

    [Fact]
    public async Task ReadAllAsync_OnlyTheOldPortAnswers_FindsIt()
    {
        const string Address = "127.88.88.1";
        await using var device = await LuxtronikDevice.StartAsync(
            "--firmware", "V1.73", "--address", Address, "--port", "8889", "--old-port", "8888", "--old-port-only");
        using var client = new LuxtronikClient(new LuxtronikEndpoint(Address, null), TimeProvider.System);

        var (result, blocks) = await client.ReadAllAsync(default);

        Assert.True(result.IsSuccess);
        Assert.Equal(1022, blocks!.Parameters.Length);
        Assert.Equal(8888, client.WorkingPort);
    }

    [Theory]
    [InlineData("own")]
    [InlineData("old")]
    public async Task TryParseReply_AnswerOfTheDevice_TellsItsPortOrNone(string stated)
    {
        await using var device = await LuxtronikDevice.StartAsync("--search-port", "0", "--search-answer", stated);
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await socket.SendAsync(LuxtronikSearch.Request, new IPEndPoint(IPAddress.Loopback, device.SearchPort));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));

        var reply = await socket.ReceiveAsync(limit.Token);

        Assert.True(LuxtronikSearch.TryParseReply(reply.Buffer, out var port));
        Assert.Equal(stated == "own" ? device.Port : null, port);
    }

    // Whether a sensor is one entry, and one that the device's block is too short for.
    private static bool IsBeyond(LuxtronikDevice device, string? address) =>
        address?.Split(' ') is [var block, var index] && device.Sizes.TryGetProperty(block + "s", out var size)
        && int.Parse(index, CultureInfo.InvariantCulture) >= size.GetInt32();

    private static Dictionary<string, JsonElement> Expected(LuxtronikDevice device) =>
        ((string[])["calculations", "parameters"]).SelectMany(block => device.Expected.GetProperty(block).EnumerateObject())
        .Where(entry => !NoSensors.Any(name => entry.Name.StartsWith(name, StringComparison.Ordinal)) || entry.Name == "error_count")
        .ToDictionary(entry => Renamed.GetValueOrDefault(entry.Name, entry.Name), entry => entry.Value, StringComparer.Ordinal);

    private static string? Difference(Snapshot snapshot, string key, JsonElement expected)
    {
        if (snapshot[SensorKey.Parse(key)] is not { } reading) return $"{key}: no such sensor";
        var isRight = expected.ValueKind == JsonValueKind.String
            ? reading.Text == expected.GetString()
            : reading.Value is { } value && Math.Abs(value - expected.GetDouble()) < 1e-6;
        return isRight && reading.IsGood ? null : $"{key}: {expected} read as {reading}";
    }

    private static void AssertHistory(LuxtronikDevice device, Snapshot snapshot, string time, string code, string sensor)
    {
        var calculations = device.Expected.GetProperty("calculations");
        var newestFirst = Enumerable.Range(0, 5)
            .Select(slot => (Time: calculations.GetProperty(Named(time, slot)).GetString()!, Code: calculations.GetProperty(Named(code, slot)).GetDouble()))
            .OrderByDescending(entry => entry.Time, StringComparer.Ordinal);
        var read = Enumerable.Range(1, 5)
            .Select(place => (snapshot[SensorKey.Parse($"{sensor}_{place}_time")]!.Value.Text!, snapshot[SensorKey.Parse($"{sensor}_{place}")]!.Value.Value!.Value));
        Assert.Equal(newestFirst, read);
    }

    private static string Named(string pattern, int slot) => pattern.Replace("{0}", slot.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    // The driver leaves the controller alone for a second after a write.
    private static async Task<Reading> ReadAfterPauseAsync(LuxtronikSite site, string sensor)
    {
        var reading = site.Device.ReadAsync(SensorKey.Parse(sensor), site.Time.GetUtcNow(), default).AsTask();
        if (!reading.IsCompleted && site.Time.WaitingTimers > 0) site.Time.Advance(TimeSpan.FromSeconds(1));
        var (value, failure) = await reading;
        Assert.Null(failure);
        return value;
    }

    private static async Task AdvanceWhenClosedAsync(LuxtronikDevice device, LuxtronikSite site, int connections, TimeSpan by)
    {
        await Eventually.IsTrue(() => device.Of("close").Count() == connections && device.Of("open").Count() == connections && site.Time.WaitingTimers > 0);
        site.Time.Advance(by);
    }
}
