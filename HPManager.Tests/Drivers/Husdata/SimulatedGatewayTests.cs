using System.Globalization;
using System.Net;
using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Discovery;
using HPManager.Drivers.Husdata.Driver;
using HPManager.Drivers.Simulation;
using HPManager.Drivers.Simulation.Husdata;
using HPManager.Drivers.Simulation.Makes;
using HPManager.Drivers.Simulation.Physics;
using HPManager.Tests.Drivers.Simulation;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.Drivers.Husdata;

/// <summary>The simulated gateway, read by the driver, by the search, and by a client that others wrote.</summary>
public class SimulatedGatewayTests
{
    private readonly ManualTime _clock = new(new DateTimeOffset(2026, 1, 15, 6, 0, 0, TimeSpan.Zero));
    private readonly SimulatedHeatPump _plant;

    public SimulatedGatewayTests() => _plant = new SimulatedHeatPump(new PlantParameters(), 7, _clock, past: TimeSpan.FromDays(20));

    [Theory]
    [InlineData("thermia/diplomat", false)]
    [InlineData("thermia/diplomat", true)]
    [InlineData("ivt/rego_600", false)]
    [InlineData("ivt/rego_600", true)]
    [InlineData("nibe/eb100_husdata", false)]
    [InlineData("nibe/eb100_husdata", true)]
    public async Task Poll_SimulatedHeatPumpOnEitherFirmware_ShowsThePlant(string model, bool isOldFirmware)
    {
        await using var gateway = SimulatedHusdataGateway.Start(Bank(model, isOldFirmware), TimeProvider.System);
        await using var site = new HusdataSite(gateway.Port, model);
        _plant.Change(plant => plant.FaultCode = 11);

        var snapshot = await site.PollAsync();

        var state = _plant.State;
        Assert.Equal(Math.Round(state.Outdoor, 1), snapshot[Signal.OutdoorTemperature]!.Value.Value!.Value, 1e-9);
        Assert.Equal(Math.Round(state.Flow, 1), snapshot[Signal.FlowTemperature]!.Value.Value!.Value, 1e-9);
        Assert.Equal(Math.Round(state.HotWaterTop, 1), snapshot[Signal.HotWaterTemperature]!.Value.Value!.Value, 1e-9);
        Assert.Equal(Math.Round((state.ElectricPower + state.HeaterPower) * 1000), snapshot[Signal.ElectricPower]!.Value.Value);
        Assert.DoesNotContain(snapshot.Readings, reading => reading.Quality is Quality.Failed or Quality.Implausible);
        Assert.DoesNotContain(snapshot.Sensors.All, sensor => sensor.Key.Value.StartsWith("index_", StringComparison.Ordinal));
        Assert.StartsWith(isOldFirmware ? "H1-native" : "normalised", HusdataVectorTests.Text(snapshot, "gateway_scaling"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_SettingsThatThePlantKnows_AreFollowed()
    {
        await using var gateway = SimulatedHusdataGateway.Start(new ThermiaGatewayBank(_plant), TimeProvider.System);
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat", Settings.Empty.With("allow_unverified_writes", "true"));

        Assert.Null(await site.WriteAsync("room_setpoint", 22.5));
        Assert.Null(await site.WriteAsync("operating_mode", 4));
        Assert.Null(await site.WriteAsync("outdoor_offset", -2.5));

        Assert.Equal((22.5, PlantMode.HotWaterOnly), _plant.With(plant => (plant.RoomTarget, plant.Mode)));
        Assert.Equal(22.5, (await site.ReadBackAsync("room_setpoint")).Value);
        Assert.Equal("hot water only", (await site.ReadBackAsync("operating_mode")).Text);
        Assert.Equal(-2.5, (await site.ReadBackAsync("outdoor_offset")).Value);
    }

    [Theory]
    [InlineData(GatewayFault.ApiOff, FailureCause.OtherProtocol)]
    [InlineData(GatewayFault.WebPage, FailureCause.OtherProtocol)]
    [InlineData(GatewayFault.NoData, FailureCause.NoData)]
    [InlineData(GatewayFault.OnlyZeros, FailureCause.NoData)]
    [InlineData(GatewayFault.TruncatedAnswer, FailureCause.ConnectionLost)]
    [InlineData(GatewayFault.Reset, FailureCause.ConnectionLost)]
    public async Task Poll_GatewayWithAFault_FailsAndComesBack(GatewayFault fault, FailureCause cause)
    {
        await using var gateway = SimulatedHusdataGateway.Start(new ThermiaGatewayBank(_plant), TimeProvider.System);
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");
        gateway.Faults.Fault = fault;

        Assert.Equal(cause, (await site.FailAsync()).Cause);
        gateway.Faults.Fault = GatewayFault.None;
        await site.PollAsync();
    }

    [Theory]
    [InlineData(GatewayFault.ReadOnly, true)]
    [InlineData(GatewayFault.ForgetsWrites, false)]
    public async Task Write_GatewayThatDoesNotTakeIt_IsFoundOut(GatewayFault fault, bool isRefused)
    {
        await using var gateway = SimulatedHusdataGateway.Start(new ThermiaGatewayBank(_plant), TimeProvider.System);
        await using var site = new HusdataSite(gateway.Port, "thermia/diplomat");
        gateway.Faults.Fault = fault;

        Assert.Equal(isRefused, await site.WriteAsync("room_setpoint", 25) is { Cause: FailureCause.Refused });
        Assert.Equal(21.5, (await site.ReadBackAsync("room_setpoint")).Value);
    }

    [Fact]
    public async Task Gateway_ReadAndWrittenByPython_IsAsThePageSays()
    {
        await using var gateway = SimulatedHusdataGateway.Start(new ThermiaGatewayBank(_plant), TimeProvider.System);
        var state = _plant.State;

        var output = await Stranger.RunAsync("/usr/bin/python3", "-c", $$"""
            import json
            from urllib.request import urlopen
            from urllib.error import HTTPError
            base = 'http://127.0.0.1:{{gateway.Port}}'
            data = json.load(urlopen(base + '/api/alldata'))
            assert all(len(index) == 4 and isinstance(value, int) for index, value in data.items())
            print(data['0007'], data['0001'], data['CFAA'])
            print(urlopen(base + '/api/set?idx=0203&val=235').read().decode())
            print(json.load(urlopen(base + '/api/alldata'))['0203'])
            print(urlopen(base + '/api/set?idx=0203').read().decode())
            print(urlopen(base + '/api/set?a=0203&b=1').read().decode())
            print(json.load(urlopen(base + '/status'))['status']['H1ver'][:2])
            try:
                urlopen(base + '/api/get')
            except HTTPError as refused:
                print(refused.code)
            """);

        Assert.Equal(
            [
                FormattableString.Invariant($"{Math.Round(state.Outdoor * 10)} {Math.Round(state.Return * 10)} {Math.Round((state.ElectricPower + state.HeaterPower) * 1000)}"),
                """{"response":"Ok"}""", "235", """{"response":"err"}""", """{"response":"Format error"}""", "60", "404",
            ],
            output.Trim().Split('\n'));
        Assert.Equal(23.5, _plant.With(plant => plant.RoomTarget));
    }

    [Theory]
    [InlineData("thermia/diplomat", "Thermia Diplomat with Husdata H60/H66")]
    [InlineData("ivt/rego_600", "IVT Rego 600 with Husdata H60/H66")]
    [InlineData("nibe/eb100_husdata", "NIBE F series (EB100) with Husdata H60/H66")]
    public async Task Probe_Gateway_SuggestsTheModelOfItsController(string model, string title)
    {
        await using var gateway = SimulatedHusdataGateway.Start(Bank(model, isOldFirmware: false), TimeProvider.System);

        var sighting = (await Probe().AskAsync(IPAddress.Loopback, gateway.Port, default))!;

        Assert.Equal((title, Certainty.Certain, model), (sighting.Title, sighting.Certainty, $"{sighting.Manufacturer}/{sighting.Model}"));
        Assert.Equal(("http", "127.0.0.1", gateway.Port), (sighting.Connection!.Kind, sighting.Connection.Settings["host"], sighting.Connection.Settings.Integer("port")));
        Assert.Equal(21.5, _plant.With(plant => plant.RoomTarget));
    }

    [Fact]
    public async Task Probe_GatewayWithoutApiOrStatus_IsNamedAsFarAsItShows()
    {
        await using var silent = new FakeGateway("\"0001\":301,\"0002\":342,\"0007\":-26,\"0009\":482,\"1A01\":1");
        await using var villa = new FakeGateway("\"0001\":301,\"0002\":342,\"0007\":-26,\"0009\":482,\"1A01\":1") { Status = """{"status":{"H1ver":"7010"}}""" };
        await using var off = new FakeGateway { Api = 0, Status = """{"status":{"H1ver":"6010"}}""" };
        await using var router = new FakeGateway { Instead = _ => FakeGateway.Answer("200 OK", "<html>router</html>", "text/html") };
        await using var other = new FakeGateway { Instead = _ => FakeGateway.Answer("200 OK", """{"wifi_sta":{"connected":true},"status":{"ip":"x"},"beef":1}""") };

        Assert.Contains("it does not say", (await AskAsync(silent))!.Reason, StringComparison.Ordinal);
        Assert.Contains("Thermia Villa", (await AskAsync(villa))!.Reason, StringComparison.Ordinal);
        Assert.Contains("switched off", (await AskAsync(off))!.Reason, StringComparison.Ordinal);
        Assert.Null(await AskAsync(router));
        Assert.Null(await AskAsync(other));
        Assert.All(silent.Requests, request => Assert.Contains(request, (string[])["/api/alldata", "/status"]));

        static Task<Sighting?> AskAsync(FakeGateway gateway) => Probe().AskAsync(IPAddress.Loopback, gateway.Port, default);
    }

    private static HusdataProbe Probe() => new(
        new ManufacturerRegistry([new HusdataManufacturerSource(HusdataSite.Driver(TimeProvider.System))]),
        Options.Create(new DiscoveryOptions()), TimeProvider.System);

    private IGatewayBank Bank(string model, bool isOldFirmware) => model switch
    {
        "thermia/diplomat" => new ThermiaGatewayBank(_plant, isOldFirmware),
        "ivt/rego_600" => new Rego600GatewayBank(_plant, isOldFirmware),
        _ => new Eb100GatewayBank(_plant, isOldFirmware),
    };
}
