using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Modbus.Driver;

/// <summary>
/// The driver, a profile of a few registers, and a heat pump on a loopback port. The clock stands still until a test moves it, so that no timeout
/// ever comes by accident.
/// </summary>
internal sealed class DriverSite : IAsyncDisposable, IDeviceMemory
{
    public static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 30, TimeSpan.Zero);

    private const string Columns =
        "key,table,address,type,scale,unit,access,value,category,label,codes,min,max,model_ranges,step,write_class,signal,signal_models,circuit,"
        + "repeat,stride,when,sentinels,optional,read_alone,models,notes,source,length,bits,plus,offset,order,limits,refresh_s";

    private readonly IEndpointSession _endpoint;

    private DriverSite(
        ModbusModel model, TimeProvider time, Settings options, IReadOnlyList<ConnectionConfig> connections, DriverSite? earlier = null)
    {
        Memory = earlier?.Memory ?? [];
        var driver = new ModbusDriver(time, NullLoggerFactory.Instance);
        var pumps = connections.Select((connection, index) => Pump(model, options, index + 1, connection)).ToList();
        _endpoint = driver.Open(pumps[0].Connection);
        Devices = [.. pumps.Select(pump => _endpoint.Attach(pump, model, this))];
    }

    public IReadOnlyList<IDeviceSession> Devices { get; }

    public IDeviceSession Device => Devices[0];

    public ConcurrentDictionary<(HeatPumpId, string), string> Memory { get; }

    /// <summary>A site with registers of its own; a row is <c>key address type</c> and then <c>column=value</c> pairs.</summary>
    /// <param name="port">Where the device listens.</param>
    /// <param name="rows">The registers.</param>
    /// <param name="time">The clock; null for one that stands still.</param>
    /// <param name="blocks">Block rules.</param>
    /// <param name="extra">More lines for the profile.</param>
    /// <param name="earlier">A site whose memory this one finds, as after a restart.</param>
    public static DriverSite Open(
        int port, IEnumerable<string> rows, TimeProvider? time = null,
        string blocks = "max_words: 20, max_hole: 0", string extra = "",
        DriverSite? earlier = null, string writeRules = "") =>
        new(Model(rows, blocks, extra, writeRules), time ?? new ManualTime(At), Settings.Empty, [Connection(port, 1)], earlier);

    /// <summary>A site with a shipped profile.</summary>
    public static DriverSite Open(int port, ModbusModel model, Settings options, params IReadOnlyList<byte> units) =>
        new(model, TimeProvider.System, options, [.. units.Select(unit => Connection(port, unit))]);

    /// <summary>A site with a shipped profile, reached in any way.</summary>
    public static DriverSite Open(ModbusModel model, Settings options, params IReadOnlyList<ConnectionConfig> connections) =>
        Open(model, options, TimeProvider.System, connections);

    public static DriverSite Open(ModbusModel model, Settings options, TimeProvider time, params IReadOnlyList<ConnectionConfig> connections) =>
        new(model, time, options, connections);

    public Task<Snapshot> PollAsync(int device = 0) => PollAsync(At, device);

    public async Task<Snapshot> PollAsync(DateTimeOffset at, int device = 0)
    {
        var (snapshot, failure) = await Devices[device].PollAsync(at, default);
        Assert.True(snapshot is not null, failure?.ToString());
        return snapshot;
    }

    public async Task<Failure> FailAsync()
    {
        var (snapshot, failure) = await Device.PollAsync(At, default);
        Assert.Null(snapshot);
        return failure!;
    }

    public async Task<string> StateAsync(string key) => Describe((await PollAsync())[SensorKey.Parse(key)]!.Value);

    public Task<Failure?> WriteAsync(string key, double value) => Device.WriteAsync(SensorKey.Parse(key), value, default).AsTask();

    public string? Recall(HeatPumpId heatPump, string topic) => Memory.GetValueOrDefault((heatPump, topic));

    public void Keep(HeatPumpId heatPump, string topic, string content) => Memory[(heatPump, topic)] = content;

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();

    public static string Describe(Reading reading) =>
        string.Create(CultureInfo.InvariantCulture, $"{reading.Quality} {reading.Value} {reading.Text} {reading.Reason}").Trim();

    /// <summary>A connection over TCP, in the frames of Modbus TCP or in serial ones.</summary>
    public static ConnectionConfig Connection(int port, byte unit, string kind = "modbus_tcp") => new(kind, new Settings(new Dictionary<string, string>
    {
        ["host"] = "127.0.0.1",
        ["port"] = port.ToString(CultureInfo.InvariantCulture),
        ["unit_id"] = unit.ToString(CultureInfo.InvariantCulture),
        ["connect_timeout_ms"] = "5000",
        ["request_timeout_ms"] = "5000",
    }));

    private static HeatPump Pump(ModbusModel model, Settings options, int number, ConnectionConfig connection) => new()
    {
        Id = HeatPumpId.FromNumber(number),
        Name = $"Pump {number}",
        Manufacturer = model.Manufacturer,
        Model = model.Key,
        Options = options,
        Connection = connection,
    };

    private static ModbusModel Model(IEnumerable<string> rows, string blocks, string extra, string writeRules)
    {
        var header = $$"""
            manufacturer: { key: acme, name: Acme }
            protocol: modbus
            models:
              - { key: one, name: Acme One, tags: [one] }
            connection: { kinds: [modbus_tcp], port: 502, unit_id: 1, connect_timeout_ms: 5000, request_timeout_ms: 5000 }
            default_interval_s: 30
            blocks:
              holding: { {{blocks}}, new_request_at: [] }
              input: { {{blocks}}, new_request_at: [] }
              coil: { max_words: 100, max_hole: 10 }
              discrete: { max_words: 100, max_hole: 10 }
            word_order: { read: low_first, write: high_first }
            sentinels:
              int16: [{ raw: -32768, meaning: not connected }]
              uint32: [{ raw: 4294967295, meaning: lacks it, absent: true }]
            write_rules: { read_back_within_ms: 1000, min_eeprom_interval_s: 60{{writeRules}} }
            setup_guide: { switch_on: Switch Modbus on in menu 7., steps: [Look into the manual.] }
            dashboard: []
            {{extra}}
            """;
        var table = string.Join('\n', rows.Select(Row).Prepend(Columns)) + '\n';
        var result = ProfileReader.Read("acme/one", file => new MemoryStream(Encoding.UTF8.GetBytes(file == ProfileReader.HeaderFile ? header : table)));
        Assert.True(result.Profile is not null, string.Join('\n', result.Errors));
        return result.Profile.CreateModels(new ModbusDriver(TimeProvider.System, NullLoggerFactory.Instance))[0];
    }

    private static string Row(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var fields = new Dictionary<string, string>
        {
            ["key"] = parts[0],
            ["address"] = parts[1],
            ["type"] = parts[2],
            ["label"] = parts[0],
            ["table"] = "holding",
            ["access"] = "r",
            ["value"] = parts[2] is "bool" ? "switch" : parts[2] is "text" or "fault_code" ? "text" : "number",
            ["category"] = "other",
        };
        foreach (var pair in parts.Skip(3).Select(part => part.Split('=', 2))) fields[pair[0]] = pair[1];
        return string.Join(',', Columns.Split(',').Select(column => fields.GetValueOrDefault(column)));
    }
}
