using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Mqtt;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Mqtt;

/// <summary>The client against a real broker.</summary>
public class MosquittoTests
{
    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    public async Task Publish_ToASubscription_Arrives(MqttQos qos)
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var client = await broker.ConnectAsync();
        await using var subscription = await client.SubscribedAsync("house/+/temperature", qos);

        await client.SendAsync("house/attic/temperature", "21.5", qos);
        var message = await subscription.ReadAsync(TestClients.Soon());

        Assert.Equal("house/attic/temperature", message.Topic);
        Assert.Equal("21.5", TestClients.Text(message));
        Assert.Equal(qos, message.Qos);
        Assert.False(message.Retain);
        Assert.False(message.Duplicate);
        Assert.True(client.State.IsConnected);
        Assert.NotNull(client.State.ConnectedSince);
    }

    [Fact]
    public async Task Publish_ToMosquittoSub_IsWhatItReads()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var client = await broker.ConnectAsync();
        var start = new ProcessStartInfo("mosquitto_sub", ["-h", "127.0.0.1", "-p", broker.Port.ToString(CultureInfo.InvariantCulture), "-t", "a/#", "-q", "1", "-C", "1", "-W", "20", "-v"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        await client.SendAsync("a/ü", "Wärme", retain: true);

        using var peer = Process.Start(start)!;

        Assert.Equal("a/ü Wärme", await peer.StandardOutput.ReadLineAsync(TestClients.Soon()));
        await peer.WaitForExitAsync(TestClients.Soon());
    }

    [Fact]
    public async Task Publish_OfEverySize_ArrivesWhole()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var client = await broker.ConnectAsync();
        await using var subscription = await client.SubscribedAsync("size/#");
        int[] sizes = [0, 1, 110, 117, 118, 119, 127, 128, 16_000, 16_370, 16_383, 16_384, 65_535, 65_536, 70_000, 1_000_000];
        foreach (var size in sizes)
        {
            var payload = new byte[size];
            new Random(size).NextBytes(payload);
            Assert.Null(await client.PublishAsync("size/x", payload, MqttQos.AtLeastOnce, retain: false, TestClients.Soon()));
            var message = await subscription.ReadAsync(TestClients.Soon());
            Assert.True(message.Payload.Span.SequenceEqual(payload), $"{size} bytes");
        }
    }

    [Fact]
    public async Task Subscribe_ToARetainedTopic_BringsIt()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var client = await broker.ConnectAsync();
        await client.SendAsync("kept/a", "1", retain: true);
        await client.SendAsync("kept/a", "2", retain: true);
        await client.SendAsync("kept/b", "3");

        await using var first = await client.SubscribedAsync("kept/#");
        var message = await first.ReadAsync(TestClients.Soon());
        Assert.Equal("2", TestClients.Text(message));
        Assert.True(message.Retain);

        await using var second = await client.SubscribedAsync("kept/#");
        Assert.Equal("2", await second.NextAsync());
        await client.SendAsync("kept/a", "", retain: true);
        Assert.Equal("", await second.NextAsync());
    }

    [Fact]
    public async Task Subscribe_TwiceWithOneFilter_BothGetEachMessageOnce()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var client = await broker.ConnectAsync();
        var first = await client.SubscribedAsync("x/#");
        await using var second = await client.SubscribedAsync("x/#", MqttQos.AtMostOnce);
        await client.SendAsync("x/1", "1");
        await client.SendAsync("x/1", "2");

        Assert.Equal(["1", "2"], [await first.NextAsync(), await first.NextAsync()]);
        Assert.Equal(["1", "2"], [await second.NextAsync(), await second.NextAsync()]);
        await first.DisposeAsync();
        await client.SendAsync("x/1", "3");
        Assert.Equal("3", await second.NextAsync());
        Assert.Equal(2, first.Received);
        Assert.False(await first.WaitToReadAsync(TestClients.Soon()));
    }

    [Fact]
    public async Task Dispose_OfTheLastSubscription_Unsubscribes()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var client = await broker.ConnectAsync();
        var gone = await client.SubscribedAsync("x/1");
        await using var stays = await client.SubscribedAsync("x/2");
        await gone.DisposeAsync();
        await client.SendAsync("x/1", "1");
        await client.SendAsync("x/2", "2");

        Assert.Equal("2", await stays.NextAsync());
        Assert.Equal(0, client.Unmatched);
    }

    [Fact]
    public async Task Vanish_WithAWill_BrokerPublishesIt()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var witness = await broker.ConnectAsync();
        await using var subscription = await witness.SubscribedAsync("status/#");
        var will = new MqttWill("status/a", "offline"u8.ToArray(), MqttQos.AtLeastOnce, Retain: true);
        await using (await broker.ConnectAsync(TestClients.Quick with { Will = will with { Topic = "status/polite" } }))
        {
            // Says goodbye: no will.
        }

        // Its name is taken over by a second client: the broker ends the first one, and publishes its will.
        await using var first = await broker.ConnectAsync(TestClients.Quick with { Will = will, ClientId = "twin", LongestPause = TimeSpan.FromMinutes(1), FirstPause = TimeSpan.FromMinutes(1) });
        await using var second = await broker.ConnectAsync(TestClients.Quick with { ClientId = "twin" });

        var message = await subscription.ReadAsync(TestClients.Soon());
        Assert.Equal(("status/a", "offline"), (message.Topic, TestClients.Text(message)));
        // The will may arrive before the first client has seen its own end.
        await Eventually.IsTrue(() => !first.State.IsConnected);
        Assert.Equal(FailureCause.ConnectionLost, (await first.ConnectedAsync(TestClients.Soon()))!.Cause);
    }

    [Fact]
    public async Task Connect_WithUsers_LetsInWhoKnowsThePassword()
    {
        await using var broker = await MosquittoProcess.StartAsync(new MosquittoSettings { Users = new Dictionary<string, string> { ["pump"] = "säcret" } });
        var endpoint = new MqttEndpoint("127.0.0.1", broker.Port);
        await using var right = TestClients.Start(endpoint with { User = "pump", Password = "säcret" });
        await using var wrong = TestClients.Start(endpoint with { User = "pump", Password = "secret" });
        await using var nobody = TestClients.Start(endpoint);

        Assert.Null(await right.ConnectedAsync(TestClients.Soon()));
        Assert.Equal(FailureCause.AccessDenied, (await wrong.ConnectedAsync(TestClients.Soon()))!.Cause);
        var refusal = (await nobody.ConnectedAsync(TestClients.Soon()))!;
        Assert.Equal((FailureCause.AccessDenied, "The broker does not let this client in."), (refusal.Cause, refusal.Message));
        await Eventually.IsTrue(() => wrong.State.FailedAttempts > 1);
        Assert.False(wrong.State.IsConnected);
        Assert.DoesNotContain("säcret", $"{right.Endpoint}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_WithTls_TrustsThePinnedCertificateOnly()
    {
        await using var broker = await MosquittoProcess.StartAsync(new MosquittoSettings { UsesTls = true });
        var endpoint = new MqttEndpoint("127.0.0.1", broker.Port) { UsesTls = true };
        var colons = string.Join(':', broker.Fingerprint.Chunk(2).Select(pair => new string(pair).ToLowerInvariant()));
        await using var pinned = TestClients.Start(endpoint with { CertificateFingerprint = colons });
        await using var trusting = TestClients.Start(endpoint);
        await using var other = TestClients.Start(endpoint with { CertificateFingerprint = new string('0', 64) });
        await using var plain = TestClients.Start(endpoint with { UsesTls = false }, TestClients.Quick with { AnswerTimeout = TimeSpan.FromSeconds(1) });

        Assert.Null(await pinned.ConnectedAsync(TestClients.Soon()));
        await using var subscription = await pinned.SubscribedAsync("a");
        await pinned.SendAsync("a", new string('x', 100_000));
        Assert.Equal(100_000, (await subscription.NextAsync()).Length);

        var refusal = (await trusting.ConnectedAsync(TestClients.Soon()))!;
        Assert.Equal(FailureCause.NotTrusted, refusal.Cause);
        Assert.Contains("its issuer is not known to this system", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(broker.Fingerprint, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(broker.Fingerprint, (await other.ConnectedAsync(TestClients.Soon()))!.Message, StringComparison.Ordinal);
        Assert.NotNull(await plain.ConnectedAsync(TestClients.Soon()));
    }

    [Fact]
    public async Task Connect_WithTlsToAPlainPort_SaysThatThereIsNone()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var client = TestClients.Start(
            new MqttEndpoint("127.0.0.1", broker.Port) { UsesTls = true }, TestClients.Quick with { ConnectTimeout = TimeSpan.FromSeconds(2) });

        var failure = (await client.ConnectedAsync(TestClients.Soon()))!;

        Assert.Equal(FailureCause.OtherProtocol, failure.Cause);
        Assert.Contains("TLS", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribe_WhatTheAccessListForbids_BringsNothingAndHurtsNobody()
    {
        await using var broker = await MosquittoProcess.StartAsync(new MosquittoSettings { Access = "topic readwrite open/#\n" });
        await using var client = await broker.ConnectAsync();
        var forbidden = client.Subscribe(new TopicFilter("closed/#"), MqttQos.AtLeastOnce, 10);
        await using var open = await client.SubscribedAsync("open/#");

        var refusal = await forbidden.GrantedAsync(1, TestClients.Soon());
        await client.SendAsync("closed/1", "1");
        await client.SendAsync("open/1", "2");

        Assert.Equal("2", await open.NextAsync());
        Assert.Equal(0, forbidden.Received);
        if (refusal is not null) Assert.Contains("closed/#", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_OfTheBroker_RestoresSubscriptionsAndTellsOfTheGap()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var client = await broker.ConnectAsync();
        await using var other = await broker.ConnectAsync();
        await using var subscription = await client.SubscribedAsync("+/HP/#");
        var before = client.State;

        await broker.StopAsync();
        await Eventually.IsTrue(() => !client.State.IsConnected && client.State.FailedAttempts > 1);
        Assert.Equal(FailureCause.PortClosed, client.State.Failure!.Cause);
        Assert.NotNull(await client.PublishAsync("x", default, MqttQos.AtMostOnce, retain: false, TestClients.Soon()));
        await broker.StartAgainAsync();
        Assert.Null(await subscription.GrantedAsync(2, TestClients.Soon()));
        await Eventually.IsTrue(() => client.State.IsConnected && other.State.IsConnected);

        Assert.Equal(before.Generation + 1, client.State.Generation);
        await other.SendAsync("mac/HP/0001", "31.2");
        Assert.Equal("31.2", await subscription.NextAsync());
    }

    [Fact]
    public async Task Publish_WhileTheBrokerIsAway_ArrivesAfterwards_UnlessItWasGivenUp()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var client = await broker.ConnectAsync();
        await using var subscription = await client.SubscribedAsync("w/#");
        await broker.StopAsync();
        await Eventually.IsTrue(() => !client.State.IsConnected);
        using var impatient = new CancellationTokenSource();
        var given = client.PublishAsync("w/old", "old"u8.ToArray(), MqttQos.AtLeastOnce, retain: false, impatient.Token).AsTask();
        var kept = client.PublishAsync("w/new", "new"u8.ToArray(), MqttQos.AtLeastOnce, retain: false, TestClients.Soon()).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        await broker.StartAgainAsync();

        Assert.Null(await kept);
        Assert.Equal("new", await subscription.NextAsync());
    }

    [Fact]
    public async Task Flood_OfOneTopic_CostsTheOthersNothing()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var client = await broker.ConnectAsync();
        await using var flooder = await broker.ConnectAsync();
        await using var flooded = await client.SubscribedAsync("flood", MqttQos.AtMostOnce, capacity: 10);
        await using var other = await client.SubscribedAsync("other");
        for (var i = 0; i < 2000; i++) await flooder.SendAsync("flood", i.ToString(CultureInfo.InvariantCulture));
        await flooder.SendAsync("other", "here");

        Assert.Equal("here", await other.NextAsync());
        await Eventually.IsTrue(() => flooded.Received == 2000);
        Assert.Equal(1990, flooded.Dropped);
        Assert.Equal("1990", await flooded.NextAsync());
    }

    [Fact]
    public async Task Backlog_AtQosOne_IsHeldBackAndLosesNothing()
    {
        const int Messages = 500;
        await using var broker = await MosquittoProcess.StartAsync();
        await using var client = await broker.ConnectAsync();
        await using var sender = await broker.ConnectAsync();
        await using var slow = await client.SubscribedAsync("slow", capacity: 5);
        await using var other = await client.SubscribedAsync("other", MqttQos.AtMostOnce);
        for (var i = 0; i < Messages; i++) await sender.SendAsync("slow", i.ToString(CultureInfo.InvariantCulture));
        await sender.SendAsync("other", "here", MqttQos.AtMostOnce);
        Assert.Equal("here", await other.NextAsync());

        Assert.True(slow.Waiting < Messages / 2, $"{slow.Waiting} wait here instead of at the broker");
        for (var i = 0; i < Messages; i++) Assert.Equal(i.ToString(CultureInfo.InvariantCulture), await slow.NextAsync());
        Assert.Equal(0, slow.Dropped);
        Assert.Equal(1, client.State.Generation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Backlog_AboveTheLimitOfBytes_IsCountedOrComesAgain(bool keepsSession)
    {
        const int Messages = 400;
        await using var broker = await MosquittoProcess.StartAsync(new MosquittoSettings { Lines = "max_inflight_messages 0" });
        await using var client = await broker.ConnectAsync(TestClients.Quick with { ClientId = "slow", KeepsSession = keepsSession });
        await using var sender = await broker.ConnectAsync();
        await using var slow = client.Subscribe(new TopicFilter("slow"), MqttQos.AtLeastOnce, 5, maxBytes: 10_000);
        Assert.Null(await slow.GrantedAsync(1, TestClients.Soon()));
        for (var i = 0; i < Messages; i++) await sender.SendAsync("slow", i.ToString(CultureInfo.InvariantCulture));
        await Eventually.IsTrue(() => keepsSession ? client.State.FailedAttempts + client.State.Generation > 1 : slow.Dropped > 0);

        if (keepsSession)
        {
            for (var i = 0; i < Messages; i++) Assert.Equal(i.ToString(CultureInfo.InvariantCulture), await slow.NextAsync());
        }

        Assert.Equal(keepsSession, slow.Dropped == 0);
        Assert.True(slow.Waiting <= 105, $"{slow.Waiting} wait");
    }

    [Fact]
    public async Task KeepAlive_OnAnIdleLine_KeepsTheConnection()
    {
        await using var broker = await MosquittoProcess.StartAsync();

        // Four seconds leave two for a ping that a busy machine sends late.
        await using var client = await broker.ConnectAsync(TestClients.Quick with { KeepAlive = TimeSpan.FromSeconds(4) });

        // A second line with the same keep-alive, on which nothing is said after CONNECT: when the broker has ended it, ours has outlived the limit.
        using var silent = new TcpClient();
        await silent.ConnectAsync(IPAddress.Loopback, broker.Port);
        await silent.GetStream().WriteAsync("\u0010\u0010\0\u0004MQTT\u0004\u0002\0\u0004\0\u0004idle"u8.ToArray());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var answer = new byte[16];
        while (await silent.GetStream().ReadAsync(answer, limit.Token) > 0) Assert.Equal(0x20, answer[0]);

        Assert.Equal(1, client.State.Generation);
        Assert.True(client.State.IsConnected);
    }

    [Fact]
    public async Task Lease_OfOneBroker_IsSharedAndEndsWithTheLast()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var brokers = new MqttBrokers(TestClients.Quick, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<MqttClient>.Instance);
        var first = brokers.Lease(new MqttEndpoint("LOCALHOST", broker.Port));
        var second = brokers.Lease(new MqttEndpoint("localhost", broker.Port));
        await using var stranger = brokers.Lease(new MqttEndpoint("localhost", broker.Port) { User = "x" });
        Assert.Same(first.Client, second.Client);
        Assert.NotSame(first.Client, stranger.Client);
        Assert.Equal(2, brokers.Count);

        await first.DisposeAsync();
        await first.DisposeAsync();
        Assert.Null(await second.Client.ConnectedAsync(TestClients.Soon()));
        await second.DisposeAsync();
        Assert.Equal(1, brokers.Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await second.Client.ConnectedAsync(TestClients.Soon()));
    }
}
