using System.Globalization;
using HPManager.Benchmarks.Harness;
using HPManager.Drivers.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Benchmarks.MqttReceive;

/// <summary>
/// Numbered messages at QoS 1 from one client of ours to another, whose session the broker keeps, while the broker is ended and started again. The broker
/// is ended as a service manager does it, so that it writes its sessions down; one that is killed loses what it has acknowledged and not written.
/// </summary>
internal static class RestartRun
{
    private const int Publishers = 16;
    private const int MessagesBetween = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(Report report, Broker broker, int restarts, CancellationToken cancellationToken)
    {
        await using var publisher = Start(broker, "publisher");
        await using var subscriber = Start(broker, "subscriber");
        await using var subscription = subscriber.Subscribe(new TopicFilter("count"), MqttQos.AtLeastOnce, 256);
        if (await subscription.GrantedAsync(1, cancellationToken) is { } failure) throw new InvalidOperationException(failure.Message);
        var sent = 0;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var times = new Dictionary<int, int>();
        var receiving = ReceiveAsync(subscription, times, cancellationToken);
        var publishing = Task.WhenAll(Enumerable.Range(0, Publishers).Select(_ => PublishAsync()));
        for (var restart = 0; restart < restarts; restart++)
        {
            var before = Volatile.Read(ref sent);
            await UntilAsync(() => Volatile.Read(ref sent) - before >= MessagesBetween, cancellationToken);
            var generations = (publisher.State.Generation, subscriber.State.Generation);
            await broker.StopAsync(cancellationToken);
            await broker.StartAsync(cancellationToken);
            await UntilAsync(() => publisher.State.Generation > generations.Item1 && subscriber.State.Generation > generations.Item2, cancellationToken);
        }

        await enough.CancelAsync();
        await publishing;
        await UntilAsync(() => Count(times) >= sent, cancellationToken);
        await subscription.DisposeAsync();
        await receiving;
        var lost = Enumerable.Range(1, sent).Count(number => !times.ContainsKey(number));
        var doubled = times.Values.Count(count => count > 1);
        Report.Remark(FormattableString.Invariant(
            $"{sent} messages at QoS 1 over {restarts} restarts; {publisher.State.Generation - 1} and {subscriber.State.Generation - 1} reconnects; {subscriber.Duplicates} repetitions by the broker left out"));
        report.AtMost("messages lost at QoS 1", lost, 0);
        report.AtMost("messages doubled at QoS 1", doubled, 0);

        async Task PublishAsync()
        {
            while (!enough.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref sent);
                if (await publisher.PublishAsync("count", NumberedMessages.Payload(number), MqttQos.AtLeastOnce, retain: false, cancellationToken) is { } refused)
                    throw new InvalidOperationException(refused.Message);
            }
        }
    }

    private static MqttClient Start(Broker broker, string name) => MqttClient.Start(
        new MqttEndpoint("127.0.0.1", broker.Port),
        new MqttClientOptions { ClientId = name, KeepsSession = true, FirstPause = TimeSpan.FromMilliseconds(20), LongestPause = TimeSpan.FromMilliseconds(200) },
        TimeProvider.System,
        NullLogger.Instance);

    private static async Task ReceiveAsync(MqttSubscription subscription, Dictionary<int, int> times, CancellationToken cancellationToken)
    {
        while (await subscription.WaitToReadAsync(cancellationToken))
        {
            while (subscription.TryRead(out var message))
            {
                var number = NumberedMessages.NumberOf(message.Payload.Span);
                lock (times) times[number] = times.GetValueOrDefault(number) + 1;
            }
        }
    }

    private static int Count(Dictionary<int, int> times)
    {
        lock (times) return times.Count;
    }

    /// <summary>Waits for what must come; a message that never does ends the wait and is counted as lost.</summary>
    private static async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition() && TimeProvider.System.GetElapsedTime(started) < Patience) await Task.Delay(5, cancellationToken);
    }
}
