using System.Globalization;
using System.Text;
using HPManager.Drivers.Mqtt;

namespace HPManager.Drivers.Simulation.Husdata;

/// <summary>
/// The publishing side of a Husdata gateway: publishes what has changed to a broker, everything when it is told GETALL, and takes what is set. Written apart
/// from what reads it, topics and form included. Thread-safe.
/// </summary>
public sealed class SimulatedGatewayPublisher : IAsyncDisposable
{
    private const string PlainTypes = "1AC";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly IGatewayBank _bank;
    private readonly string _gateway;
    private readonly bool _isRaw;
    private readonly TimeProvider _time;
    private readonly MqttLease _lease;
    private readonly MqttSubscription _commands;
    private readonly MqttSubscription _settings;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, long> _published = [];
    private readonly Task _running;

    private SimulatedGatewayPublisher(IGatewayBank bank, MqttBrokers brokers, MqttEndpoint broker, string gateway, bool isRaw, TimeProvider time)
    {
        _bank = bank;
        _gateway = gateway;
        _isRaw = isRaw;
        _time = time;
        _lease = brokers.Lease(broker);
        _commands = _lease.Client.Subscribe(new TopicFilter($"{gateway}/HP/CMD"), MqttQos.AtMostOnce, 100);
        _settings = _lease.Client.Subscribe(new TopicFilter($"{gateway}/HP/SET/+"), MqttQos.AtMostOnce, 100);
        _running = Task.WhenAll(ObeyAsync(), TakeAsync(), PublishChangesAsync());
    }

    /// <summary>Starts to publish.</summary>
    /// <param name="bank">What it publishes.</param>
    /// <param name="brokers">Connections to brokers; another one than that of whoever reads, so that both have a connection of their own.</param>
    /// <param name="broker">Where to.</param>
    /// <param name="gateway">The gateway's number, 12 hexadecimal characters.</param>
    /// <param name="isRaw">Whether it publishes as over HTTP (312) instead of in units (31.2).</param>
    /// <param name="time">Clock of the changes.</param>
    public static SimulatedGatewayPublisher Start(IGatewayBank bank, MqttBrokers brokers, MqttEndpoint broker, string gateway, bool isRaw, TimeProvider time) =>
        new(bank, brokers, broker, gateway, isRaw, time);

    /// <summary>Waits until it hears commands.</summary>
    public async Task ListeningAsync(CancellationToken cancellationToken)
    {
        await _commands.GrantedAsync(1, cancellationToken);
        await _settings.GrantedAsync(1, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _commands.DisposeAsync();
        await _settings.DisposeAsync();
        await _lease.DisposeAsync();
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task ObeyAsync()
    {
        await foreach (var message in _commands.ReadAllAsync(_stop.Token))
        {
            if (Encoding.ASCII.GetString(message.Payload.Span) == "GETALL") await PublishAsync(onlyChanges: false);
        }
    }

    private async Task TakeAsync()
    {
        await foreach (var message in _settings.ReadAllAsync(_stop.Token))
        {
            var index = message.Topic[(message.Topic.LastIndexOf('/') + 1)..];
            if (!double.TryParse(Encoding.ASCII.GetString(message.Payload.Span), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) continue;
            _bank.Write(index, (short)Math.Round(_isRaw || PlainTypes.Contains(index[0], StringComparison.Ordinal) ? value : value * 10));
            await PublishAsync(onlyChanges: true);
        }
    }

    private async Task PublishChangesAsync()
    {
        while (true)
        {
            await PublishAsync(onlyChanges: true);
            await Task.Delay(Every, _time, _stop.Token);
        }
    }

    private async Task PublishAsync(bool onlyChanges)
    {
        await _turn.WaitAsync(_stop.Token);
        try
        {
            foreach (var (index, number) in _bank.Read())
            {
                if (onlyChanges && _published.TryGetValue(index, out var before) && before == number) continue;
                var text = _isRaw || PlainTypes.Contains(index[0], StringComparison.Ordinal)
                    ? number.ToString(CultureInfo.InvariantCulture)
                    : (number / 10.0).ToString(index[0] == '2' ? "0.#" : "0.0", CultureInfo.InvariantCulture);
                if (await _lease.Client.PublishAsync($"{_gateway}/HP/{index}", Encoding.ASCII.GetBytes(text), MqttQos.AtMostOnce, retain: false, _stop.Token) is null)
                    _published[index] = number;
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}
