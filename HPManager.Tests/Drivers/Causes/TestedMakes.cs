using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Drivers.Husdata.Driver;
using HPManager.Drivers.Ebusd.Driver;
using HPManager.Drivers.Luxtronik.Driver;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Mqtt;
using HPManager.Drivers.Sockets;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Causes;

/// <summary>The connection test as the setup runs it, over every shipped model, with real drivers and real sockets.</summary>
internal sealed class TestedMakes : IAsyncDisposable
{
    // Reading all profiles takes a while; drivers and models hold no state.
    private static readonly Lazy<ManufacturerRegistry> OnRealTime = new(() => Load(TimeProvider.System));
    private static readonly Lazy<IReadOnlyList<HeatPumpModel>> Shipped = new(() => [.. OnRealTime.Value.All.SelectMany(make => make.Models)]);

    private readonly ManufacturerRegistry _registry;

    public TestedMakes(TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        _registry = clock == TimeProvider.System ? OnRealTime.Value : Load(clock);
        Manager = new HeatpumpManager(
            new MemoryHeatPumpStore(), _registry, new LiveValues(clock, NullLogger<LiveValues>.Instance), [], new MemoryDeviceMemory(), clock,
            NullLogger<HeatpumpManager>.Instance);
        Test = new ConnectionTest(Manager, _registry, clock);
    }

    /// <summary>Every shipped model, as <c>make/model</c>.</summary>
    public static IEnumerable<string> All => Shipped.Value.Select(Name);

    /// <summary>Those that are read over Modbus.</summary>
    public static IEnumerable<string> OverModbus => Shipped.Value.OfType<ModbusModel>().Select(Name);

    /// <summary>Those with the Luxtronik protocol.</summary>
    public static IEnumerable<string> OverLuxtronik => Shipped.Value.OfType<LuxtronikModel>().Select(Name);

    /// <summary>One of each profile, for what takes its time.</summary>
    public static IEnumerable<string> Families => OverModbus.DistinctBy(name => ((ModbusModel)ModelOf(name)).Profile.Name).Append("luxtronik/luxtronik_2_1").Append("vaillant/ebus");

    public HeatpumpManager Manager { get; }

    public ConnectionTest Test { get; }

    public static HeatPumpModel ModelOf(string name) => Shipped.Value.Single(model => Name(model) == name);

    /// <summary>For waits that must run out: the limits of the other drivers are fixed, so that its clock is hurried instead.</summary>
    public static TestedMakes InFrontOfSilence(string name) => new(ModelOf(name) is ModbusModel ? TimeProvider.System : new HurriedTime(4));

    /// <summary>A heat pump of the shipped model, as the setup would have it; over Modbus with short limits where these are given, in milliseconds.</summary>
    public HeatPump HeatPump(
        string name, int port, string host = "127.0.0.1", int? unit = null, string? kind = null, int? connectWithin = null, int? answerWithin = null)
    {
        Assert.True(_registry.TryGetModel(name.Split('/')[0], name.Split('/')[1], out var model));
        var settings = Settings.Empty.With("host", host).With("port", port.ToString(CultureInfo.InvariantCulture));
        if (unit is { } id) settings = settings.With("unit_id", id.ToString(CultureInfo.InvariantCulture));
        if (connectWithin is { } connect) settings = settings.With("connect_timeout_ms", connect.ToString(CultureInfo.InvariantCulture));
        if (answerWithin is { } answer) settings = settings.With("request_timeout_ms", answer.ToString(CultureInfo.InvariantCulture));
        return model.Complete(new HeatPump
        {
            Id = HeatPumpId.FromNumber(1),
            Name = "Candidate",
            Manufacturer = model.Manufacturer,
            Model = model.Key,
            Connection = new ConnectionConfig(kind ?? model.Connections[0].Kind, settings),
        });
    }

    /// <summary>Runs a test that must fail.</summary>
    public async Task<Failure> FailAsync(HeatPump candidate)
    {
        var (failure, snapshot) = await Test.RunAsync(candidate, CancellationToken.None);
        Assert.Null(snapshot);
        return failure!;
    }

    public ValueTask DisposeAsync() => Manager.DisposeAsync();

    private static string Name(HeatPumpModel model) => $"{model.Manufacturer}/{model.Key}";

    private static ManufacturerRegistry Load(TimeProvider time)
    {
        var gate = new HostGate(time);
        return new ManufacturerRegistry(
        [
            new EbusdManufacturerSource(new EbusdDriver(time, NullLoggerFactory.Instance)),
            new LuxtronikManufacturerSource(new LuxtronikDriver(time, gate, NullLoggerFactory.Instance)),
            new HusdataManufacturerSource(new HusdataDriver(time, new MqttBrokers(new MqttClientOptions(), time, NullLogger<MqttClient>.Instance), NullLoggerFactory.Instance)),
            new ModbusManufacturerSource(new ModbusDriver(time, gate, NullLoggerFactory.Instance), null, NullLogger<ModbusManufacturerSource>.Instance),
        ]);
    }
}
