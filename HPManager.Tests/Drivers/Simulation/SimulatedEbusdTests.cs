using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Simulation;
using HPManager.Drivers.Simulation.Ebusd;
using HPManager.Drivers.Simulation.Makes;
using HPManager.Drivers.Simulation.Physics;
using HPManager.Tests.Drivers.Ebusd.Fixtures;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Simulation;

/// <summary>The ebusd driver against the simulated ebusd over real sockets, and the simulated ebusd against a client that shares nothing with ours.</summary>
public sealed class SimulatedEbusdTests
{
    [Theory]
    [InlineData(HeatSource.Air)]
    [InlineData(HeatSource.Brine)]
    public async Task PollAsync_AnySource_TellsWhatThePlantIs(HeatSource source)
    {
        await using var house = new House(source, isReadByOthers: true);
        house.RunUntil(state => state.Activity == PlantActivity.Heating);
        var state = house.Plant.State;

        var snapshot = await house.Site.PollAsync();

        AssertSignal(snapshot, Signal.OutdoorTemperature, state.Outdoor, 0.005);
        AssertSignal(snapshot, Signal.FlowTemperature, state.Flow, 0.04);
        AssertSignal(snapshot, Signal.ReturnTemperature, state.Return, 0.3);
        AssertSignal(snapshot, Signal.HotWaterTemperature, state.HotWaterTop, 0.001);
        AssertSignal(snapshot, Signal.HotWaterTarget, 48, 0);
        AssertSignal(snapshot, Signal.SourceInTemperature, state.SourceIn, 0.04);
        AssertSignal(snapshot, Signal.RoomTemperature, state.Room, 0.001);
        AssertSignal(snapshot, Signal.CompressorSpeed, state.Speed * 60, 0.1);
        AssertSignal(snapshot, Signal.CompressorRunning, 1, 0);
        AssertSignal(snapshot, Signal.ElectricPower, state.ElectricPower + state.HeaterPower, 0.06);
        AssertSignal(snapshot, Signal.ThermalPower, state.ThermalPower, 0.15);
        AssertSignal(snapshot, Signal.HighPressure, state.HighPressure, 0.001);
        AssertSignal(snapshot, Signal.FlowRate, state.FlowRate * 60, 1);
        AssertSignal(snapshot, Signal.FaultActive, 0, 0);
        Assert.Equal("heat compressor active", snapshot[Signal.OperatingState]!.Value.Text);
        Assert.Equal(Quality.Missing, snapshot[SensorKey.Parse("ctl_dhw_temp_top")]!.Value.Quality);
        Assert.Equal(source == HeatSource.Air ? Quality.Good : Quality.Implausible, snapshot[SensorKey.Parse("hp_return_temp_run")]!.Value.Quality);
        Assert.Null(snapshot[SensorKey.Parse("ctl_hc2_flow_temp")]);
        Assert.DoesNotContain(snapshot.Sensors.All, sensor => sensor.Key.Value.Contains("test", StringComparison.Ordinal));
        Assert.DoesNotContain(snapshot.Readings, reading => reading.Quality == Quality.Failed);
        Assert.Equal(0, house.Server.BusReads);
    }

    [Fact]
    public async Task PollAsync_NobodyElseReads_EverythingComesInMinutesWithinTheBudget()
    {
        await using var house = new House(HeatSource.Air, zone: TimeSpan.FromHours(2));
        await house.Site.PollAsync();
        var began = house.Clock.GetUtcNow();
        for (var poll = 0; poll < 60; poll++)
        {
            house.Clock.Advance(TimeSpan.FromSeconds(6));
            await house.Site.PollAsync();
        }

        var snapshot = await house.Site.PollAsync();

        Assert.DoesNotContain(snapshot.Readings, reading => reading.Reason?.StartsWith("not read yet", StringComparison.Ordinal) ?? false);
        AssertSignal(snapshot, Signal.RoomTemperature, house.Plant.State.Room, 0.2);
        Assert.InRange(house.Server.BusReads, 60, 3 + ((house.Clock.GetUtcNow() - began) / TimeSpan.FromSeconds(2)));
        var status = snapshot[Signal.OperatingState]!.Value;
        Assert.InRange(house.Clock.GetUtcNow() - status.At, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task WriteAsync_Settings_ActOnThePlantAndReadBack()
    {
        await using var house = new House(HeatSource.Air, isReadByOthers: true);
        await house.Site.PollAsync();

        foreach (var (key, value) in ((string, double)[])[("ctl_dhw_setpoint", 52), ("ctl_z1_day_temp", 20.5), ("ctl_hc1_heat_curve", 0.6), ("ctl_dhw_boost", 6), ("ctl_z1_night_temp", 17.5), ("ctl_dhw_mode", 0)])
        {
            Assert.Null(await house.Site.WriteAsync(key, value));
            Assert.Equal(value, (await house.Site.ReadAsync(key)).Value);
        }

        Assert.Equal((52.0, 20.5, 0.6, true, PlantMode.HeatingOnly), house.Plant.With(plant => (plant.HotWaterTarget, plant.RoomTarget, plant.CurveSlope, plant.HotWaterBoost, plant.Mode)));
    }

    [Theory]
    [InlineData(EbusdFault.NoSignal, FailureCause.DeviceOffline)]
    [InlineData(EbusdFault.Scanning, FailureCause.NoData)]
    [InlineData(EbusdFault.Garbage, FailureCause.OtherProtocol)]
    [InlineData(EbusdFault.Reset, FailureCause.Busy)]
    [InlineData(EbusdFault.TruncatedAnswer, FailureCause.Busy)]
    [InlineData(EbusdFault.Endless, FailureCause.OtherProtocol)]
    public async Task PollAsync_Fault_IsNamedAndOverWhenItEnds(EbusdFault fault, FailureCause cause)
    {
        await using var house = new House(HeatSource.Air, isReadByOthers: true);
        house.Server.Faults.Fault = fault;

        Assert.Equal(cause, (await house.Site.FailAsync()).Cause);
        house.Server.Faults.Fault = EbusdFault.None;
        await house.Site.PollAsync();
    }

    [Fact]
    public async Task WriteAsync_ForgottenWrite_ReadsBackAsItWas()
    {
        await using var house = new House(HeatSource.Air, isReadByOthers: true);
        await house.Site.PollAsync();
        house.Server.Faults.Fault = EbusdFault.ForgetsWrites;

        Assert.Null(await house.Site.WriteAsync("ctl_dhw_setpoint", 52));
        Assert.Equal(48, (await house.Site.ReadAsync("ctl_dhw_setpoint")).Value);
    }

    [Fact]
    public async Task PollAsync_WithAUser_NeedsTheSecret()
    {
        await using var house = new House(HeatSource.Air, isReadByOthers: true, user: "owner secret", login: Settings.Empty.With("user", "owner").With("secret", "secret"));

        await house.Site.PollAsync();
    }

    [Fact]
    public async Task StartForThePast_DayOfATwin_IsReadInOneGo()
    {
        var past = new ManualTime();
        var twin = new SimulatedHeatPump(new PlantParameters { Source = HeatSource.Air }, 111, past, past: TimeSpan.FromDays(2));
        await using var earlier = new House(HeatSource.Air);
        await using var server = SimulatedSite.StartForThePast(earlier.Site.Model, Settings.Empty, twin, past, TimeProvider.System);
        await using var site = new EbusdSite(server.Port, time: TimeProvider.System);
        var flows = new HashSet<double>();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 480; i++)
        {
            var (snapshot, failure) = await site.Device.PollAsync(past.GetUtcNow(), default);
            Assert.True(snapshot is not null, failure?.ToString());
            var reading = snapshot[Signal.FlowTemperature]!.Value;
            Assert.True(reading.IsGood, reading.ToString());
            Assert.InRange(past.GetUtcNow() - reading.At, TimeSpan.Zero, TimeSpan.FromSeconds(3));
            Assert.Equal(twin.State.Flow, reading.Value!.Value, 0.04);
            flows.Add(reading.Value.Value);
            past.Advance(TimeSpan.FromMinutes(3));
        }

        Assert.True(flows.Count > 20, $"{flows.Count} different values");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), watch.Elapsed.ToString());
    }

    [Fact]
    public async Task Stranger_PlainSockets_FindsWhatThePageSays()
    {
        await using var house = new House(HeatSource.Air);
        using var process = Process.Start(new ProcessStartInfo(
            "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Drivers", "Ebusd", "Fixtures", "ebusd_stranger.py"), house.Server.Port.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(said.Length > 0, await process.StandardError.ReadToEndAsync());
        var seen = JsonDocument.Parse(said).RootElement;
        var state = house.Plant.State;

        foreach (var (key, expected) in new Dictionary<string, string>
        {
            ["scan"] = "scan: finished",
            ["pressure"] = "1.6",
            ["any_case"] = "1.6",
            ["flow"] = (Math.Round(state.Flow * 16) / 16).ToString("0.00", CultureInfo.InvariantCulture),
            ["mode_word"] = "auto",
            ["mode_number"] = "1",
            ["no_sensor"] = "empty",
            ["no_register"] = "ERR: invalid position in decode",
            ["unknown"] = "ERR: element not found",
            ["forced_passive"] = "ERR: element not found",
            ["outdoor"] = (Math.Round(state.Outdoor * 256) / 256).ToString("0.000", CultureInfo.InvariantCulture),
            ["too_old"] = "usage:",
            ["write"] = "done",
            ["read_back"] = "45",
            ["comma"] = "ERR: invalid numeric argument",
            ["by_name"] = "done",
            ["not_in_list"] = "ERR: element not found",
            ["boost"] = "done",
            ["without_circuit"] = "usage:",
            ["empty_line"] = "",
        }) Assert.Equal((key, expected), (key, seen.GetProperty(key).GetString()!));
        Assert.StartsWith("version: ebusd", seen.GetProperty("version").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("signal acquired", seen.GetProperty("state").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("signal acquired", seen.GetProperty("in_pieces").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("signal acquired", seen.GetProperty("glued").GetString(), StringComparison.Ordinal);
        Assert.True(seen.GetProperty("age").GetBoolean());
        Assert.Equal([true], seen.GetProperty("columns").EnumerateArray().Select(each => each.GetBoolean()));
        Assert.Equal("08;Vaillant;HMU00;0901;5103", seen.GetProperty("devices")[0].GetString());
        Assert.Equal(5, seen.GetProperty("status").GetString()!.Count(letter => letter == ';'));
        Assert.Equal(45, house.Plant.With(plant => plant.HotWaterTarget));
    }

    private static void AssertSignal(Snapshot snapshot, Signal signal, double value, double tolerance)
    {
        var reading = snapshot[signal];
        Assert.True(reading is { IsGood: true }, $"{signal}: {reading}");
        Assert.Equal(value, reading.Value.Value!.Value, tolerance);
    }

    private sealed class House : IAsyncDisposable
    {
        public House(HeatSource source, TimeSpan zone = default, bool isReadByOthers = false, string? user = null, Settings? login = null)
        {
            Plant = new SimulatedHeatPump(new PlantParameters { Source = source }, 7, Clock, past: TimeSpan.FromDays(2));
            Server = SimulatedEbusdServer.Start(new VaillantBus(Plant), Clock, zone: zone, isReadByOthers: isReadByOthers, user: user);
            Site = new EbusdSite(Server.Port, login: login, time: Clock);
        }

        public ManualTime Clock { get; } = new(EbusdSite.At);

        public SimulatedHeatPump Plant { get; }

        public SimulatedEbusdServer Server { get; }

        public EbusdSite Site { get; }

        public void RunUntil(Func<PlantState, bool> condition)
        {
            for (var i = 0; i < 5000 && !condition(Plant.State); i++) Clock.Advance(TimeSpan.FromSeconds(30));
            Assert.True(condition(Plant.State));
        }

        public async ValueTask DisposeAsync()
        {
            await Site.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
