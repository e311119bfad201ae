using System.Globalization;
using HPManager.Drivers.Mqtt;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Mqtt;

/// <summary>QoS 1 while the broker is restarted again and again: nothing is lost, nothing comes twice.</summary>
public class RestartTests
{
    private const int Restarts = 20;

    [Fact]
    public async Task Publish_WhileTheBrokerRestarts_ArrivesOnce()
    {
        await using var broker = await MosquittoProcess.StartAsync(new MosquittoSettings { Lines = "log_type all\nlog_dest file /tmp/mq.log" });
        var options = TestClients.Quick with { KeepsSession = true };
        await using var publisher = await broker.ConnectAsync(options with { ClientId = "publisher" });
        await using var subscriber = await broker.ConnectAsync(options with { ClientId = "subscriber" });
        await using var subscription = await subscriber.SubscribedAsync("count", capacity: 64);
        var sent = 0;
        using var enough = new CancellationTokenSource();
        var publishing = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PublishAsync()));
        var received = new List<int>();
        var receiving = ReceiveAsync(subscription, received);

        for (var i = 0; i < Restarts; i++)
        {
            var generation = subscriber.State.Generation;
            var before = Volatile.Read(ref sent);
            await Eventually.IsTrue(() => Volatile.Read(ref sent) > before + 200);
            await broker.RestartAsync();
            await Eventually.IsTrue(() => subscriber.State.Generation > generation && subscriber.State.IsConnected && publisher.State.IsConnected);
            Assert.True(subscriber.State.IsSessionKept);
        }

        await enough.CancelAsync();
        await publishing;
        await Eventually.IsTrue(() => received.Count >= sent);
        await subscription.DisposeAsync();
        await receiving;

        Assert.Equal(Enumerable.Range(1, sent), received.Order());
        Assert.Equal(0, subscription.Dropped);

        async Task PublishAsync()
        {
            while (!enough.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref sent);
                await publisher.SendAsync("count", number.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private static async Task ReceiveAsync(MqttSubscription subscription, List<int> received)
    {
        while (await subscription.WaitToReadAsync(CancellationToken.None))
        {
            while (subscription.TryRead(out var message)) received.Add(int.Parse(TestClients.Text(message), CultureInfo.InvariantCulture));
        }
    }
}
