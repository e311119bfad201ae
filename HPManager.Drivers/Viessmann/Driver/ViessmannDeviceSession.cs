using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Viessmann.Accounts;
using HPManager.Drivers.Viessmann.Client;
using HPManager.Drivers.Viessmann.Tables;

namespace HPManager.Drivers.Viessmann.Driver;

/// <summary>
/// One heat pump in the cloud. A poll asks its gateway once, for all devices behind it, or takes what it told last while the budget does not allow more; every
/// reading carries the moment that the cloud says. A write looks at what is allowed now, is sent once, and is proven by reading the feature again.
/// </summary>
internal sealed class ViessmannDeviceSession : IDeviceSession
{
    private const string Topic = "viessmann_features";

    // A device that has told nothing at all for so long is not behind the cloud any more, whatever the cloud still shows.
    private static readonly TimeSpan SilentAfter = TimeSpan.FromHours(2);

    // A test just before saving need not be followed by another call.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly CloudAccount _account;
    private readonly HeatPump _heatPump;
    private readonly IDeviceMemory _memory;
    private readonly TimeProvider _time;
    private readonly ViessmannFailures _failures;
    private readonly InstalledSensors _sensors;
    private readonly ViessmannPlace _place;
    private readonly bool _hasPlace;
    private bool _isFirst = true;

    public ViessmannDeviceSession(CloudAccount account, HeatPump heatPump, ViessmannModel model, IDeviceMemory memory, TimeProvider time)
    {
        _account = account;
        _heatPump = heatPump;
        _memory = memory;
        _time = time;
        _failures = new ViessmannFailures(account.Http, account.Budget);
        _sensors = new InstalledSensors(model.Table, memory.Recall(heatPump.Id, Topic));
        _hasPlace = ViessmannPlace.TryParse(heatPump.Connection.Settings[ViessmannConnections.Device], out _place);
        account.Budget.PerDay = ViessmannConnections.CallsPerDayOf(heatPump.Connection);
    }

    /// <inheritdoc/>
    public SensorSet Sensors => _sensors.Set;

    /// <inheritdoc/>
    public async ValueTask<PollResult> PollAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!_hasPlace) return new PollResult(null, NoPlace);
        var reading = await ReadGatewayAsync(cancellationToken);
        if (!reading.Result.IsSuccess) return new PollResult(null, _failures.Of(reading.Result));
        if (!reading.Devices.TryGetValue(_place.Device, out var features)) return new PollResult(null, ViessmannFailures.WithoutDevice(_place, reading.Devices.Keys));
        if (IsListedOffline(reading)) return new PollResult(null, _failures.DeviceOffline());
        if (_sensors.Learn(features)) _memory.Keep(_heatPump.Id, Topic, _sensors.Remembered);
        return new PollResult(new Snapshot(_heatPump.Id, at, Sensors, [.. ReadingsOf(features, at), .. CloudSensors.Read(_account, _heatPump.Interval, at)]), null);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadResult> ReadAsync(SensorKey sensor, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var position = PositionOf(sensor);
        if (position >= _sensors.Points.Count) return new ReadResult(CloudSensors.Read(_account, _heatPump.Interval, at)[position - _sensors.Points.Count], null);
        var point = _sensors.Points[position];
        var (feature, failure) = await ReadFeatureAsync(point, cancellationToken);
        return feature is null
            ? new ReadResult(default, failure)
            : new ReadResult(feature.Tells(point.Row.Property) ? FeatureDecoder.Decode(point.Row, feature, at) : Reading.Missing(at, "the cloud has no value"), null);
    }

    /// <inheritdoc/>
    public async ValueTask<Failure?> WriteAsync(SensorKey sensor, double value, CancellationToken cancellationToken)
    {
        var position = PositionOf(sensor);
        if (position >= _sensors.Points.Count || _sensors.Points[position] is not { Row.Write: not null } point) throw new ArgumentException($"{sensor} is not written", nameof(sensor));
        var (feature, failure) = await ReadFeatureAsync(point, cancellationToken);
        if (feature is null) return failure! with { Message = $"{failure!.Message} Nothing was sent." };
        var plan = WritePlan.Of(point, feature, value);
        if (plan.IsThere) return null;
        if (plan.Refusal is { } refusal) return refusal;
        var address = _account.Http.Trusted(plan.Address) ?? _account.Http.AddressOf(_place.PathOf(feature.Name, plan.Command));
        var result = await _account.CallAsync(address, plan.Body, CallPurpose.Asked, cancellationToken);
        if (!result.IsSuccess) return _failures.OfWrite(result);

        // How an accepted command is answered differs between levels of the API: only a plain no counts as one. Reading it back is the proof.
        return result.Body.Member("data").Member("success").Flag() == false
            ? new Failure(FailureCause.Refused, "Viessmann's cloud did not carry out the command. Nothing was changed.", null)
            : null;
    }

    private static Failure NoPlace { get; } = new(FailureCause.Misconfigured, "It is not said which heat pump of the account is meant.", "Choose the heat pump in its settings.");

    private int PositionOf(SensorKey sensor) =>
        Sensors.PositionOf(sensor) is >= 0 and var position ? position : throw new ArgumentException($"{_heatPump.Id} has no sensor {sensor}", nameof(sensor));

    private IEnumerable<Reading> ReadingsOf(IReadOnlyDictionary<string, Feature> features, DateTimeOffset at)
    {
        var newest = features.Values.Max(feature => feature.At);
        var silence = newest is { } last && at - last > SilentAfter
            ? string.Create(CultureInfo.InvariantCulture, $"the cloud has had nothing from the heat pump since {last.UtcDateTime:yyyy-MM-dd HH:mm} UTC")
            : null;
        foreach (var point in _sensors.Points)
        {
            var reading = point.Find(features) is { } feature ? FeatureDecoder.Decode(point.Row, feature, at) : Reading.Missing(at, "the installation does not tell it now");
            yield return silence is not null && reading.IsGood ? reading with { Quality = Quality.Stale, Reason = silence } : reading;
        }
    }

    private async ValueTask<GatewayReading> ReadGatewayAsync(CancellationToken cancellationToken)
    {
        var key = _place.GatewayKey;
        if (_account.Gateways.Of(key) is { Reading: { } known } entry && IsEnough(entry.Asked, known)) return known;
        _account.Gateways.Asking(key);
        var purpose = _isFirst ? CallPurpose.Asked : CallPurpose.Poll;
        var result = await _account.CallAsync(_account.Http.AddressOf(_place.AllFeaturesPath), null, purpose, cancellationToken);
        _isFirst = false;
        var devices = result.IsSuccess ? FeatureReader.ReadAll(result.Body) : null;
        if (result.IsSuccess && devices is null) result = CloudResult.Failed(CloudFault.BadJson, "it has no list of features");
        var reading = new GatewayReading(result with { Body = default }, devices ?? []);
        _account.Gateways.Told(key, reading);
        return reading;
    }

    // The plan is the average over the day: a poll that is due a little early is let through.
    private bool IsEnough(DateTimeOffset asked, GatewayReading reading)
    {
        var now = _time.GetUtcNow();
        if (_isFirst) return reading.Result.IsSuccess && now - asked < Fresh;
        if (!reading.Result.IsSuccess && reading.Result.IsBeforeSending) return false;
        var pause = _account.Budget.NextPoll(asked, _account.Gateways.Count) - asked;
        return now - asked < (pause * 0.95) - TimeSpan.FromSeconds(1);
    }

    private bool IsListedOffline(GatewayReading reading) =>
        reading.Devices.TryGetValue("", out var gateway)
        && gateway.TryGetValue("gateway.devices", out var devices)
        && devices.Property("devices").Member("value").Items().Any(device =>
            device.Member("id").Text() == _place.Device && string.Equals(device.Member("status").Text(), "offline", StringComparison.OrdinalIgnoreCase));

    private async ValueTask<(Feature? Feature, Failure? Failure)> ReadFeatureAsync(FeaturePoint point, CancellationToken cancellationToken)
    {
        if (!_hasPlace) return (null, NoPlace);
        var known = _account.Gateways.Of(_place.GatewayKey)?.Reading;
        var name = known is not null && known.Devices.TryGetValue(_place.Device, out var features) && point.Find(features) is { } found ? found.Name : point.Feature;
        var result = await _account.CallAsync(_account.Http.AddressOf(_place.PathOf(name)), null, CallPurpose.Asked, cancellationToken);
        if (!result.IsSuccess) return (null, _failures.Of(result));
        if (FeatureReader.ReadOne(result.Body) is not { } feature || feature.Name != name)
            return (null, _failures.Of(CloudResult.Failed(CloudFault.BadJson, "it is not the feature that was asked for")));
        _account.Gateways.Renew(_place.GatewayKey, _place.Device, feature);
        return (feature, null);
    }
}
