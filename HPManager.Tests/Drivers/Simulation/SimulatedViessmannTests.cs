using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Simulation;
using HPManager.Drivers.Simulation.Physics;
using HPManager.Drivers.Simulation.Viessmann;
using HPManager.Drivers.Viessmann.Client;
using HPManager.Tests.Drivers.Viessmann;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Simulation;

/// <summary>The simulated cloud through the real driver.</summary>
public sealed class SimulatedViessmannTests : IAsyncLifetime
{
    private readonly ManualTime _time = new(ViessmannSite.At);
    private SimulatedHeatPump _pump = null!;
    private SimulatedViessmannCloud _cloud = null!;
    private ViessmannSite _site = null!;

    public Task InitializeAsync()
    {
        _pump = new SimulatedHeatPump(new PlantParameters { Source = HeatSource.Air }, 5, _time, past: TimeSpan.FromDays(2));
        _cloud = SimulatedViessmannCloud.Start(_pump, _time);
        var settings = SimulatedViessmannCloud.Settings(_cloud.Port).ToDictionary(pair => pair.Key, pair => pair.Value!);
        _site = new ViessmannSite(
            new ViessmannOptions { ApiBase = settings["Viessmann:ApiBase"], AuthoriseAddress = settings["Viessmann:AuthoriseAddress"], TokenAddress = settings["Viessmann:TokenAddress"] },
            time: _time);
        _site.Store.Accounts["viessmann-1"] = ViessmannSite.SignedIn(_cloud.NewRefreshToken()) with { ClientId = SimulatedViessmannCloud.ClientId };
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _cloud.DisposeAsync();
    }

    [Fact]
    public async Task Poll_TellsWhatThePlantDoes()
    {
        var snapshot = await PollAsync();
        var state = _pump.State;

        Assert.Equal(Math.Round(state.Outdoor, 1), snapshot[Signal.OutdoorTemperature]!.Value.Value);
        Assert.Equal(Math.Round(state.Flow, 1), snapshot[Signal.FlowTemperature]!.Value.Value);
        Assert.Equal(Math.Round(state.HotWaterTop, 1), snapshot[Signal.HotWaterTemperature]!.Value.Value);
        Assert.Equal(Math.Round(state.ElectricPower, 3), snapshot[Signal.ElectricPower]!.Value.Value);
        Assert.Equal(state.FlowRate, snapshot[Signal.FlowRate]!.Value.Value!.Value, precision: 1);
        Assert.Equal(0, snapshot[Signal.FaultActive]!.Value.Value);
        Assert.All(snapshot.Readings.Zip(snapshot.Sensors.All), pair => Assert.True(pair.First.Quality is Quality.Good or Quality.Missing, $"{pair.Second.Key}: {pair.First}"));
    }

    [Theory]
    [InlineData("dhw_target_temp", 52)]
    [InlineData("heating_curve_slope_0", 0.7)]
    [InlineData("heating_curve_shift_0", 3)]
    [InlineData("program_normal_heating_temp_0", 20)]
    [InlineData("operating_mode_0", 1)]
    [InlineData("dhw_one_time_charge", 1)]
    public async Task Write_TakesEffectInThePlantAndReadsBack(string key, double value)
    {
        await PollAsync();

        var failure = await _site.Device.WriteAsync(SensorKey.Parse(key), value, default);

        Assert.True(failure is null, failure?.ToString());
        Assert.Equal(value, (await _site.ReadAsync(key)).Value);
    }

    [Fact]
    public async Task Limits_OfTheProgrammes_MoveWithEachOther()
    {
        await PollAsync();
        Assert.Null(await _site.Device.WriteAsync(SensorKey.Parse("program_comfort_heating_temp_0"), 22, default));

        var failure = await _site.Device.WriteAsync(SensorKey.Parse("program_normal_heating_temp_0"), 23, default);

        Assert.Contains("18 to 22", failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ViessmannCloudFault.GatewayOffline, FailureCause.DeviceOffline)]
    [InlineData(ViessmannCloudFault.DeviceOffline, FailureCause.DeviceOffline)]
    [InlineData(ViessmannCloudFault.Down, FailureCause.ServiceDown)]
    [InlineData(ViessmannCloudFault.NotPaid, FailureCause.AccessDenied)]
    [InlineData(ViessmannCloudFault.LimitReached, FailureCause.LimitReached)]
    [InlineData(ViessmannCloudFault.SignedOut, FailureCause.SignedOut)]
    public async Task Fault_IsSaidAsItIs(ViessmannCloudFault fault, FailureCause cause)
    {
        _cloud.Faults.Fault = fault;

        Assert.Equal(cause, (await _site.FailAsync()).Cause);
    }

    [Fact]
    public async Task Past_OfADay_IsLivedThroughWithoutWaiting()
    {
        var clock = new PastClock(_time.GetUtcNow() - TimeSpan.FromHours(24));
        var twin = new SimulatedHeatPump(new PlantParameters(), 5, clock, past: TimeSpan.FromDays(1));
        var snapshots = new List<Snapshot>();
        await foreach (var snapshot in SimulatedPast.LiveThroughAsync(
            _site.Model, _site.HeatPump, twin, clock, _time.GetUtcNow(), TimeSpan.FromMinutes(3), TimeProvider.System, default)) snapshots.Add(snapshot);

        Assert.Equal(480, snapshots.Count);
        var outdoor = snapshots.Select(snapshot => snapshot[Signal.OutdoorTemperature]!.Value).ToList();
        Assert.All(outdoor, reading => Assert.True(reading.IsGood));
        Assert.All(snapshots, snapshot => Assert.True(snapshot.At - snapshot[Signal.OutdoorTemperature]!.Value.At <= TimeSpan.FromMinutes(1)));
        Assert.True(outdoor.Select(reading => reading.Value).Distinct().Count() > 20);
    }

    private Task<Snapshot> PollAsync() => _site.PollAsync();
}
