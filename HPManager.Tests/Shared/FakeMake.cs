using System.Collections.Concurrent;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Tests.Shared;

/// <summary>A manufacturer whose heat pumps are <see cref="FakeDevice"/>s in memory: the boundary of Core, faked.</summary>
internal sealed class FakeMake : IManufacturerSource, IHeatPumpDriver
{
    public static readonly SensorDefinition Outdoor = new()
    {
        Key = SensorKey.Parse("outdoor_temperature"),
        Label = "Outdoor temperature",
        Category = SensorCategory.Temperature,
        Kind = ValueKind.Number,
        Unit = Unit.Celsius,
        Signal = Signal.OutdoorTemperature,
        Address = "holding 1",
    };

    public static readonly SensorDefinition Target = new()
    {
        Key = SensorKey.Parse("hot_water_target"),
        Label = "Hot water target",
        Category = SensorCategory.Setpoint,
        Kind = ValueKind.Number,
        Unit = Unit.Celsius,
        Access = SensorAccess.ReadWrite,
        WriteClass = WriteClass.Eeprom,
        Range = new ValueRange(35, 65, 1),
        Signal = Signal.HotWaterTarget,
        Address = "holding 2",
    };

    public static readonly SensorDefinition Mode = new()
    {
        Key = SensorKey.Parse("operating_mode"),
        Label = "Operating mode",
        Category = SensorCategory.Mode,
        Kind = ValueKind.Code,
        Access = SensorAccess.ReadWrite,
        WriteClass = WriteClass.Setting,
        Codes = new CodeTable([new(0, "standby"), new(1, "automatic"), new(4, "hot water only")]),
        Signal = Signal.OperatingMode,
        Address = "holding 3",
    };

    public static readonly SensorDefinition Surplus = new()
    {
        Key = SensorKey.Parse("pv_surplus"),
        Label = "PV surplus",
        Category = SensorCategory.Power,
        Kind = ValueKind.Number,
        Unit = Unit.Kilowatt,
        Access = SensorAccess.Write,
        WriteClass = WriteClass.Cyclic,
        RefreshEvery = TimeSpan.FromMinutes(5),
        Range = new ValueRange(0, null, null),
        Address = "holding 4",
    };

    private readonly ConcurrentDictionary<string, FakeDevice> _devices = new();
    private readonly SensorSet _sensors = new([Outdoor, Target, Mode, Surplus]);

    public FakeMake() => Model = new HeatPumpModel
    {
        Manufacturer = "fake",
        Key = "one",
        Name = "One",
        Driver = this,
        Connections =
        [
            new ConnectionKind(
                "fake_tcp",
                "Fake TCP",
                [
                    new ParameterDefinition { Key = "host", Label = "Host", Kind = ParameterKind.Host, IsRequired = true },
                    new ParameterDefinition { Key = "port", Label = "Port", Kind = ParameterKind.Integer, Default = "502", Min = 1, Max = 65535 },
                    new ParameterDefinition { Key = "unit_id", Label = "Unit id", Kind = ParameterKind.Integer, Default = "1", Min = 0, Max = 255 },
                ]),
        ],
        Options =
        [
            new ParameterDefinition
            {
                Key = "circuits", Label = "Heating circuits", Kind = ParameterKind.Choices, Default = "a", Choices = [new("a", "A"), new("b", "B")],
            },
        ],
        WriteRules = new WriteRules(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1)),
        Guide = new SetupGuide(["Switch Modbus on."], ["One connection only."], ["Nothing was tried on hardware."]),
        Dashboard = [new DashboardTile("House", [Outdoor.Key, Target.Key], IsChart: false), new DashboardTile("Weather", [Outdoor.Key], IsChart: true)],
    };

    public HeatPumpModel Model { get; }

    /// <summary>As <see cref="Model"/>, behind a password; add it to <see cref="Others"/>.</summary>
    public HeatPumpModel Locked => Model with
    {
        Key = "locked",
        Connections =
        [
            Model.Connections[0] with
            {
                Parameters = [.. Model.Connections[0].Parameters, new ParameterDefinition { Key = "password", Label = "Password", Kind = ParameterKind.Secret }],
            },
        ],
    };

    /// <summary>Models beside <see cref="Model"/>; a test may change them and load anew.</summary>
    public IReadOnlyList<HeatPumpModel> Others { get; set; } = [];

    /// <summary>The device at an address; made when it is first asked for.</summary>
    public FakeDevice Device(string host, int unit = 1) => _devices.GetOrAdd($"{host}#{unit}", _ => new FakeDevice());

    /// <summary>A configuration that leads to <see cref="Device"/>.</summary>
    public static HeatPump HeatPump(string id, string host, int unit = 1, int seconds = 30) => new()
    {
        Id = HeatPumpId.TryParse(id, out var parsed) ? parsed : default,
        Name = "Pump " + id,
        Manufacturer = "fake",
        Model = "one",
        Connection = new ConnectionConfig(
            "fake_tcp",
            new Settings([new("host", host), new("port", "502"), new("unit_id", unit.ToString(System.Globalization.CultureInfo.InvariantCulture))])),
        Options = new Settings([new("circuits", "a")]),
        Interval = TimeSpan.FromSeconds(seconds),
    };

    /// <summary>A configuration of <see cref="Locked"/>.</summary>
    public static HeatPump LockedHeatPump(string id, string host, string password)
    {
        var heatPump = HeatPump(id, host);
        return heatPump with
        {
            Model = "locked",
            Connection = heatPump.Connection with { Settings = heatPump.Connection.Settings.With("password", password) },
        };
    }

    public IEnumerable<Manufacturer> Load() => [new Manufacturer("fake", "Fake", [Model, .. Others])];

    public SensorSet DescribeSensors(HeatPumpModel model, Settings options) => _sensors;

    public EndpointKey EndpointOf(ConnectionConfig connection) => new($"fake://{connection.Settings["host"]}:{connection.Settings["port"]}");

    public string PartOf(ConnectionConfig connection) => connection.Settings["unit_id"] ?? "1";

    public IEndpointSession Open(ConnectionConfig connection) => new EndpointSession(this);

    private sealed class EndpointSession(FakeMake make) : IEndpointSession
    {
        public IDeviceSession Attach(HeatPump heatPump, HeatPumpModel model, IDeviceMemory memory)
        {
            var settings = heatPump.Connection.Settings;
            return new DeviceSession(heatPump.Id, make._sensors, make.Device(settings["host"]!, settings.Integer("unit_id") ?? 1));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class DeviceSession(HeatPumpId id, SensorSet sensors, FakeDevice device) : IDeviceSession
    {
        public SensorSet Sensors => sensors;

        public async ValueTask<PollResult> PollAsync(DateTimeOffset at, CancellationToken cancellationToken)
        {
            device.CountPoll();
            if (device.Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            if (device.Throws) throw new InvalidOperationException("a bug in the driver");
            if (device.Failure is { } failure) return new PollResult(null, failure);
            return new PollResult(new Snapshot(id, at, sensors, [.. sensors.All.Select(sensor => device.Read(sensor, at))]), null);
        }

        public ValueTask<ReadResult> ReadAsync(SensorKey sensor, DateTimeOffset at, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new ReadResult(device.Read(sensors[sensors.PositionOf(sensor)], at), device.Failure));

        public ValueTask<Failure?> WriteAsync(SensorKey sensor, double value, CancellationToken cancellationToken) =>
            ValueTask.FromResult(device.Failure ?? device.WriteFailure ?? device.Take(sensor, value));

        public ValueTask DisposeAsync()
        {
            device.CountRelease();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A heat pump in memory. Thread-safe.</summary>
internal sealed class FakeDevice
{
    private readonly ConcurrentDictionary<SensorKey, double> _values = new()
    {
        [FakeMake.Outdoor.Key] = 5.7,
        [FakeMake.Target.Key] = 48,
        [FakeMake.Mode.Key] = 1,
    };

    private int _polls;
    private int _releases;

    /// <summary>Makes polls, reads and writes fail.</summary>
    public Failure? Failure { get; set; }

    /// <summary>Makes writes alone fail.</summary>
    public Failure? WriteFailure { get; set; }

    /// <summary>Makes it take writes and forget them.</summary>
    public bool ForgetsWrites { get; set; }

    /// <summary>Makes polls never end.</summary>
    public bool Hangs { get; set; }

    /// <summary>Makes polls throw.</summary>
    public bool Throws { get; set; }

    /// <summary>Sessions that have let go of it.</summary>
    public int Releases => Volatile.Read(ref _releases);

    public int Polls => Volatile.Read(ref _polls);

    public ConcurrentQueue<(SensorKey Sensor, double Value)> Written { get; } = new();

    public void Set(SensorKey sensor, double value) => _values[sensor] = value;

    public void Clear(SensorKey sensor) => _values.TryRemove(sensor, out _);

    public void CountPoll() => Interlocked.Increment(ref _polls);

    public void CountRelease() => Interlocked.Increment(ref _releases);

    public Reading Read(SensorDefinition sensor, DateTimeOffset at)
    {
        if (!sensor.IsReadable) return Reading.Missing(at, "write only");
        return _values.TryGetValue(sensor.Key, out var value)
            ? new Reading(value, sensor.Codes?.WordFor((int)value), Quality.Good, at)
            : Reading.Missing(at, "not fitted");
    }

    public Failure? Take(SensorKey sensor, double value)
    {
        Written.Enqueue((sensor, value));
        if (!ForgetsWrites) _values[sensor] = value;
        return null;
    }
}
