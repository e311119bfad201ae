using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Mqtt;
using HPManager.Drivers.Powervault.Driver;
using HPManager.Drivers.Simulation;
using HPManager.Drivers.Simulation.Physics;
using HPManager.Drivers.Simulation.Powervault;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Simulation;

/// <summary>The simulated battery, heard by Mosquitto's own client and by the driver.</summary>
public sealed class SimulatedPowervaultTests
{
    [Fact]
    public async Task Battery_HeardByAStranger_TellsItsChargeAndItsPowers()
    {
        var battery = new SimulatedBattery(Plant(TimeProvider.System), 3, TimeProvider.System);
        await using var server = SimulatedPowervault.Start(battery, TimeProvider.System);

        var heard = await ListenAsync(server.Port, count: 40);

        Assert.All(heard, message => Assert.StartsWith($"pv/PV3/{SimulatedPowervault.DeviceId}/", message.Topic, StringComparison.Ordinal));
        var charge = heard.First(message => message.Topic.EndsWith("bms/soc", StringComparison.Ordinal) && message.Payload.ValueKind == JsonValueKind.Array);
        Assert.Equal(100 * battery.State.Charge, charge.Payload[0].GetProperty("value").GetDouble() / 100, 0.5);
        var clamps = heard.First(message => message.Topic.EndsWith("ffr/measurements", StringComparison.Ordinal)).Payload.EnumerateArray()
            .Where(element => element.GetProperty("type").GetString() == "Active")
            .ToDictionary(element => element.GetProperty("channel").GetString()!, element => element.GetProperty("value").GetDouble() / 1_000_000);
        var state = battery.State;
        Assert.Equal(state.House, clamps["HOUSE"] - clamps["LOCAL"] + clamps["AUX1"], 0.3);
        Assert.Contains(heard, message => message.Topic.EndsWith("pylontech/info", StringComparison.Ordinal) && message.Payload.GetArrayLength() == 1);
    }

    [Fact]
    public async Task Battery_ReadByTheDriver_ShowsWhatItDoes()
    {
        var plant = Plant(TimeProvider.System);
        await using var brokers = new MqttBrokers(new MqttClientOptions(), TimeProvider.System, NullLogger<MqttClient>.Instance);
        var driver = new PowervaultDriver(brokers, TimeProvider.System, NullLoggerFactory.Instance);
        var model = new PowervaultManufacturerSource(driver).Load().Single().Models.Single();
        await using var server = SimulatedSite.Start(model, Settings.Empty, plant, TimeProvider.System);
        var heatPump = model.Complete(HeatPump(model, server.Port));
        await using var endpoint = driver.Open(heatPump.Connection);
        await using var session = endpoint.Attach(heatPump, model, new MemoryDeviceMemory());

        // Each topic comes in its own message: on a busy machine the first poll may be between two of them.
        Snapshot? snapshot = null;
        await Eventually.IsTrue(async () =>
        {
            var polled = await session.PollAsync(DateTimeOffset.UtcNow, default);
            Assert.Null(polled.Failure);
            snapshot = polled.Snapshot!;
            return snapshot[Signal.FaultActive] is { Value: not null };
        });

        Assert.InRange(snapshot![Signal.StateOfCharge]!.Value.Value!.Value, 4, 100);
        var sum = snapshot[Signal.GridPower]!.Value.Value - snapshot[Signal.ChargePower]!.Value.Value + snapshot[SensorKey.Parse("aux1_power")]!.Value.Value;
        Assert.Equal(snapshot[Signal.HousePower]!.Value.Value!.Value, sum!.Value, 3.0);
        Assert.Equal(0, snapshot[Signal.FaultActive]!.Value.Value);
    }

    [Fact]
    public async Task Past_OfADay_EndsWhereTheLivingBatteryIs()
    {
        var now = new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
        var time = new ManualTime(now);
        var living = new SimulatedBattery(Plant(time), SimulatedSite.BatterySeed, time, TimeSpan.FromHours(24));
        await using var brokers = new MqttBrokers(new MqttClientOptions(), time, NullLogger<MqttClient>.Instance);
        var model = new PowervaultManufacturerSource(new PowervaultDriver(brokers, time, NullLoggerFactory.Instance)).Load().Single().Models.Single();
        var clock = new PastClock(now.AddDays(-1));
        var twin = new SimulatedHeatPump(new PlantParameters(), 7, clock, past: TimeSpan.FromDays(2));

        var past = await SimulatedPast.LiveThroughAsync(model, HeatPump(model, 1), twin, clock, now, TimeSpan.FromMinutes(3), time, default).ToListAsync();

        Assert.Equal(480, past.Count);
        Assert.Equal(100 * living.State.Charge, past[^1][Signal.StateOfCharge]!.Value.Value!.Value, 3.0);
        Assert.All(past, snapshot => Assert.True(snapshot[Signal.ChargePower]!.Value.IsGood, snapshot[Signal.ChargePower]!.Value.Reason));
    }

    private static SimulatedHeatPump Plant(TimeProvider time) => new(new PlantParameters(), 7, time, past: TimeSpan.FromDays(3));

    private static HeatPump HeatPump(HeatPumpModel model, int port) => new()
    {
        Id = HeatPumpId.FromNumber(1),
        Name = "Battery",
        Manufacturer = model.Manufacturer,
        Model = model.Key,
        Connection = new ConnectionConfig(
            model.Connections[0].Kind, new Settings([new("host", "127.0.0.1"), new("port", port.ToString(CultureInfo.InvariantCulture))])),
        Options = new Settings([new("solar_clamp", "true")]),
    };

    private static async Task<List<(string Topic, JsonElement Payload)>> ListenAsync(int port, int count)
    {
        string[] arguments = ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-t", "pv/#", "-C", count.ToString(CultureInfo.InvariantCulture), "-W", "30", "-F", "%t %p"];
        using var process = Process.Start(new ProcessStartInfo("mosquitto_sub", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2)).Select(parts => (parts[0], JsonDocument.Parse(parts[1]).RootElement))];
    }
}
