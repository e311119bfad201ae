using HPManager.Core;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Drivers;
using HPManager.Drivers.Modbus.Profiles.Owner;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HPManager.Tests.Drivers.Modbus.Serial;

/// <summary>The whole way: an owner's devices on one wire, configured, polled and shown by Core.</summary>
public sealed class SerialPollingTests : IAsyncLifetime
{
    private readonly DataFolder _data = new();
    private IHost _host = null!;
    private SerialBus _bus = null!;

    private HeatPumpDirectory Directory => _host.Services.GetRequiredService<HeatPumpDirectory>();

    public async Task InitializeAsync()
    {
        var draft = new ProfileDraft
        {
            Manufacturer = "acme",
            ManufacturerName = "Acme",
            Model = "wired",
            ModelName = "Wired",
            Rows =
            [
                new Dictionary<string, string> { ["key"] = "five", ["table"] = "holding", ["address"] = "5", ["type"] = "uint16", ["label"] = "Five" },
                new Dictionary<string, string> { ["key"] = "nine", ["table"] = "holding", ["address"] = "9", ["type"] = "uint16", ["label"] = "Nine" },
            ],
        };
        Assert.Empty(new OwnerProfiles(Path.Combine(_data.Path, "profiles")).Save(draft.Name, draft.ToFiles()));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Storage:DataFolder", _data.Path), new("History:BatchSeconds", "0")]);
        builder.Services.AddHPManagerCore();
        builder.Services.AddSingleton<ISecretProtector, ReversingProtector>();
        builder.Services.AddHPManagerDrivers();
        _host = builder.Build();
        _bus = await SerialBus.StartAsync();
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _bus.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Poll_TwoUnitsOnOneWire_AreReadGoneWithTheAdapterAndBackWithIt()
    {
        var one = await AddAsync("One", unit: 1);
        var seven = await AddAsync("Seven", unit: 7);
        await Eventually.IsTrue(() => Values(one) == (1005, 1009) && Values(seven) == (10050, 10090));

        await _bus.PullOutAsync();
        await Eventually.IsTrue(() => new[] { one, seven }.All(id => State(id) is { Connection: ConnectionState.Offline, LastError.Hint: { } hint }
            && hint.Contains("adapter", StringComparison.Ordinal)));

        await _bus.PlugInAsync();
        await Eventually.IsTrue(() => new[] { one, seven }.All(id => State(id).Connection == ConnectionState.Online), TimeSpan.FromSeconds(90));
        Assert.Equal((1005, 1009), Values(one));
        Assert.Equal((10050, 10090), Values(seven));
    }

    [Fact]
    public async Task Add_OtherSpeedOnTheSameWire_IsRefusedUntilTheFirstIsSwitchedOff()
    {
        var one = await AddAsync("One", unit: 1);

        var refused = await Directory.AddAsync(Pump("Seven", _bus.Connection(unit: 7, baudRate: 19_200)), default);
        var twin = await Directory.AddAsync(Pump("Twin", _bus.Connection(unit: 1)), default);

        var error = Assert.Single(refused.Errors);
        Assert.Equal("connection", error.Field);
        Assert.Contains("One (hp-001) reads this serial line with 9600 8N1", error.Message, StringComparison.Ordinal);
        Assert.Contains("at this address already", Assert.Single(twin.Errors).Message, StringComparison.Ordinal);

        Assert.True((await Directory.UpdateAsync(State(one).HeatPump with { Enabled = false }, default)).IsSaved);
        Assert.True((await Directory.AddAsync(Pump("Seven", _bus.Connection(unit: 7, baudRate: 19_200)), default)).IsSaved);
        Assert.False((await Directory.UpdateAsync(State(one).HeatPump with { Enabled = true }, default)).IsSaved);
    }

    [Fact]
    public async Task Update_OtherSpeed_OpensTheLineAnew()
    {
        var one = await AddAsync("One", unit: 1);
        await Eventually.IsTrue(() => Values(one) == (1005, 1009));

        Assert.True((await Directory.UpdateAsync(State(one).HeatPump with { Connection = _bus.Connection(unit: 7, baudRate: 19_200) }, default)).IsSaved);

        // The line was given back before it was opened again, or this would say that it is in use.
        await Eventually.IsTrue(() => State(one) is { LastError: not null } or { Snapshot: not null, Connection: ConnectionState.Online });
        Assert.Null(State(one).LastError);
        await Eventually.IsTrue(() => Values(one) == (10050, 10090));
    }

    private static HeatPump Pump(string name, ConnectionConfig connection) => new()
    {
        Id = default,
        Name = name,
        Manufacturer = "acme",
        Model = "wired",
        Connection = connection,
        Interval = HeatPump.MinInterval,
    };

    private async Task<HeatPumpId> AddAsync(string name, int unit)
    {
        var saved = await Directory.AddAsync(Pump(name, _bus.Connection(unit)), default);
        Assert.True(saved.IsSaved, string.Join('\n', saved.Errors));
        return saved.HeatPump!.Id;
    }

    private HeatPumpState State(HeatPumpId id) => _host.Services.GetRequiredService<LiveValues>().Get(id)!;

    private (double? Five, double? Nine) Values(HeatPumpId id) =>
        State(id).Snapshot is { } snapshot ? (snapshot[SensorKey.Parse("five")]?.Value, snapshot[SensorKey.Parse("nine")]?.Value) : default;
}
