using System.Collections.Concurrent;
using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Mqtt;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Powervault.Driver;

/// <summary>
/// Listens to one battery from its first poll on; a poll takes what is newest then. Its own messages say who it is, unless the owner did.
/// </summary>
internal sealed class PowervaultDeviceSession : IDeviceSession
{
    private const string Topic = "powervault";
    private const string Root = "pv/PV3/";
    private static readonly TimeSpan FirstChargeWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FlowsWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(60);

    private readonly Func<MqttClient> _connect;
    private readonly HeatPump _heatPump;
    private readonly IDeviceMemory _memory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string? _configuredId;
    private readonly PowervaultState _state;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _heard = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _unusable = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _charge = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _flows = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _id;
    private MqttFeed? _feed;
    private int _modulesKept;

    public PowervaultDeviceSession(
        Func<MqttClient> connect, HeatPump heatPump, PowervaultModel model, IDeviceMemory memory, TimeProvider time, ILogger logger)
    {
        _connect = connect;
        _heatPump = heatPump;
        _memory = memory;
        _time = time;
        _logger = logger;
        _configuredId = heatPump.Connection.Settings[PowervaultConnections.DeviceId];
        _id = _configuredId;
        var modules = ModulesOf(memory.Recall(heatPump.Id, Topic));
        _modulesKept = modules.Count;
        _state = new PowervaultState(model.Table, heatPump.Options, modules);
    }

    public SensorSet Sensors => _state.Sensors;

    public async ValueTask<PollResult> PollAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var client = _connect();
        if (await client.ConnectedAsync(cancellationToken) is { } notConnected) return new PollResult(null, notConnected);
        var isNew = _feed is null;
        _feed ??= new MqttFeed(client, new TopicFilter($"{Root}{_configuredId ?? "+"}/#"), MqttQos.AtMostOnce, Take);
        if (await _feed.Subscription.GrantedAsync(1, cancellationToken) is { } refused) return new PollResult(null, refused);
        if (isNew) await SpokenAsync(cancellationToken);
        if (DoubtOf(client.Endpoint) is { } doubt) return new PollResult(null, doubt);
        Keep();

        // What came while this poll waited is younger than its planned moment.
        var now = _time.GetUtcNow();
        var (sensors, readings) = _state.ReadingsAt(now > at ? now : at);
        return new PollResult(new Snapshot(_heatPump.Id, at, sensors, readings), null);
    }

    public ValueTask<ReadResult> ReadAsync(SensorKey sensor, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (sensors, readings) = _state.ReadingsAt(at);
        var position = sensors.PositionOf(sensor);
        if (position < 0) throw new ArgumentException($"{_heatPump.Id} has no sensor {sensor}", nameof(sensor));
        return ValueTask.FromResult(new ReadResult(readings[position], null));
    }

    public ValueTask<Failure?> WriteAsync(SensorKey sensor, double value, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Failure?>(PowervaultFailures.ReadOnly);

    public ValueTask DisposeAsync() => _feed?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Take(MqttMessage message)
    {
        var rest = message.Topic.AsSpan(Root.Length);
        var slash = rest.IndexOf('/');
        if (slash <= 0) return;
        var id = rest[..slash].ToString();
        var topic = rest[(slash + 1)..].ToString();
        if (_id is null)
        {
            _id = id;
            Log.Found(_logger, _heatPump.Id, id);
        }

        // A broker of the house may carry anything: ids are counted only as far as an owner can read them.
        if (_heard.Count < 16) _heard[id] = message.ReceivedAt;
        if (id != _id) return;
        if (_state.Take(topic, message.Payload, message.ReceivedAt, message.Retain) is { } problem)
        {
            if (_unusable.Count < 64 && _unusable.TryAdd(topic, 0)) Log.Unusable(_logger, _heatPump.Id, message.Topic, problem);
            return;
        }

        if (message.Retain) return;
        if (_state.HasCharge) _charge.TrySetResult();
        if (_state.HasFlows) _flows.TrySetResult();
    }

    private async ValueTask SpokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The topics come one after the other; whoever looks for the first time shall see more than the first of them.
            await _charge.Task.WaitAsync(FirstChargeWithin, _time, cancellationToken);
            await _flows.Task.WaitAsync(FlowsWithin, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // What has come by now is told; that nothing has is said below.
        }
    }

    private Failure? DoubtOf(MqttEndpoint broker)
    {
        if (_configuredId is null && _heard.Count > 1) return PowervaultFailures.SeveralBatteries(_heard.Keys.Order(StringComparer.Ordinal));
        if (_state.LastAt is not { } last) return PowervaultFailures.NothingYet(broker, _configuredId);
        var silence = _time.GetUtcNow() - last;
        return silence > SilentAfter ? PowervaultFailures.Silent(_id!, silence) : null;
    }

    private void Keep()
    {
        var modules = _state.Modules;
        if (modules.Count == _modulesKept) return;
        _modulesKept = modules.Count;
        _memory.Keep(_heatPump.Id, Topic, string.Join(',', modules.Select(module => module.ToString(CultureInfo.InvariantCulture))));
    }

    private static List<int> ModulesOf(string? kept) =>
        [.. (kept ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var module) ? module : -1).Where(module => module >= 0).Distinct()];
}
