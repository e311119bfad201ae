using System.Globalization;
using System.Text;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Mqtt;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Mqtt;

/// <summary>Brokers that break off, lie, dawdle and repeat themselves.</summary>
public class HostileBrokerTests
{
    private static readonly MqttClientOptions Eager = TestClients.Quick with { FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(1) };

    private static readonly MqttClientOptions Once = TestClients.Quick with { FirstPause = TimeSpan.FromMinutes(10), LongestPause = TimeSpan.FromMinutes(10) };

    [Fact]
    public async Task Take_EveryPacketCutAtEveryByte_ComesBackAndInventsNothing()
    {
        byte[][] packets =
        [
            ScriptedBroker.SubAck(1, 1), ScriptedBroker.Publish("t/x", "cut off"), ScriptedBroker.Publish("t/x", "cut off", 9), ScriptedBroker.PubAck(2),
            [0xD0, 0], [0xB0, 2, 0, 3], ScriptedBroker.Publish("t/x", new string('x', 300)),
        ];
        var cuts = packets.SelectMany(packet => Enumerable.Range(1, packet.Length - 1).Select(count => packet[..count])).Where(cut => cut.Length < 30 || cut.Length % 50 == 0).ToArray();
        var connAcks = Enumerable.Range(0, 4).ToArray();
        await using var broker = new ScriptedBroker(async peer =>
        {
            var index = peer.Number - 1;
            if (index < connAcks.Length)
            {
                await peer.ReceiveAsync();
                await peer.SendAsync(ScriptedBroker.ConnAck()[..index]);
            }
            else if (index - connAcks.Length < cuts.Length)
            {
                await peer.WelcomeAsync();
                await peer.SendAsync(cuts[index - connAcks.Length]);
            }
            else
            {
                await peer.WelcomeAsync(1);
                await peer.SendAsync(ScriptedBroker.Publish("t/x", "whole"));
                await peer.WaitForEndAsync();
            }
        });
        await using var client = TestClients.Start(broker.Port, Eager);
        await using var subscription = client.Subscribe(new TopicFilter("t/#"), MqttQos.AtLeastOnce, 1000);

        Assert.Equal("whole", await subscription.NextAsync());
        Assert.Equal(1, subscription.Received);
        Assert.Equal(connAcks.Length + cuts.Length + 1, broker.Connections);
    }

    [Fact]
    public async Task Connect_AnyBitOfTheAnswerWrong_IsNoConnection()
    {
        const int Bits = 32;
        await using var broker = new ScriptedBroker(async peer =>
        {
            var answer = ScriptedBroker.ConnAck();
            var bit = peer.Number - 1;
            if (bit < Bits) answer[bit / 8] ^= (byte)(1 << (bit % 8));
            await peer.ReceiveAsync();
            await peer.SendAsync(answer);
            if (bit >= Bits) await peer.WaitForEndAsync();
        });
        await using var client = TestClients.Start(broker.Port, Eager);
        await Eventually.IsTrue(() => client.State.IsConnected);

        Assert.Equal(Bits + 1, broker.Connections);
        Assert.Equal(1, client.State.Generation);
    }

    [Theory]
    [InlineData(1, FailureCause.OtherProtocol, "does not speak MQTT 3.1.1")]
    [InlineData(2, FailureCause.Misconfigured, "client id")]
    [InlineData(3, FailureCause.Busy, "not available")]
    [InlineData(4, FailureCause.Refused, "user name or the password")]
    [InlineData(5, FailureCause.Refused, "does not let this client in")]
    [InlineData(6, FailureCause.BadAnswer, "unknown code 6")]
    public async Task Connect_Refused_SaysWhy(int code, FailureCause cause, string words)
    {
        await using var broker = new ScriptedBroker(async peer =>
        {
            await peer.ReceiveAsync();
            await peer.SendAsync(ScriptedBroker.ConnAck(code));
            await peer.WaitForEndAsync();
        });
        await using var client = TestClients.Start(broker.Port, Once);
        await AssertFailureAsync(client, cause, words);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", FailureCause.OtherProtocol, "not in MQTT")]
    [InlineData("\u0030\u0003\0\u0001x", FailureCause.OtherProtocol, "no CONNACK")]
    [InlineData("", FailureCause.ConnectionLost, "before it answered CONNECT")]
    public async Task Connect_AnotherProtocol_SaysSo(string answer, FailureCause cause, string words)
    {
        await using var broker = new ScriptedBroker(async peer =>
        {
            await peer.ReceiveAsync();
            await peer.SendAsync(Encoding.Latin1.GetBytes(answer));
        });
        await using var client = TestClients.Start(broker.Port, Once);
        await AssertFailureAsync(client, cause, words);
    }

    // Type 3 flags, lengths, topics, ids; then packets that only clients send; then acknowledgements of nothing.
    [Theory]
    [InlineData("36 05 00 01 61 00 01", "QoS 3")]
    [InlineData("34 05 00 01 61 00 01", "QoS 2")]
    [InlineData("38 03 00 01 61", "marked as repeated with QoS 0")]
    [InlineData("32 05 00 01 61 00 00", "packet id 0")]
    [InlineData("30 03 00 05 61", "shorter than its topic")]
    [InlineData("32 04 00 01 61 00", "shorter than its topic")]
    [InlineData("30 02 00 01", "length 2")]
    [InlineData("30 00", "length 0")]
    [InlineData("30 03 00 00 61", "no proper UTF-8")]
    [InlineData("30 03 00 01 23", "wildcards")]
    [InlineData("30 03 00 01 2B", "wildcards")]
    [InlineData("30 03 00 01 00", "UTF-8")]
    [InlineData("30 04 00 02 C3 28", "UTF-8")]
    [InlineData("30 05 00 03 ED A0 80", "UTF-8")]
    [InlineData("30 04 00 02 C0 80", "UTF-8")]
    [InlineData("30 80 80 80 80 01", "more than 4 bytes")]
    [InlineData("30 FF FF FF 7F", "are allowed")]
    [InlineData("30 81 80 40", "are allowed")]
    [InlineData("20 02 00 00", "second CONNACK")]
    [InlineData("10 00", "type 1")]
    [InlineData("82 00", "type 8")]
    [InlineData("50 02 00 01", "type 5")]
    [InlineData("62 02 00 01", "type 6")]
    [InlineData("70 02 00 01", "type 7")]
    [InlineData("C0 00", "type 12")]
    [InlineData("E0 00", "type 14")]
    [InlineData("F0 00", "type 15")]
    [InlineData("00 00", "type 0")]
    [InlineData("41 02 00 01", "reserved bits")]
    [InlineData("40 02 00 01", "which was not sent")]
    [InlineData("40 02 00 00", "packet id 0")]
    [InlineData("40 03 00 01 00", "length 3")]
    [InlineData("90 03 00 63 01", "which was not asked")]
    [InlineData("90 03 00 01 02", "cannot be an answer")]
    [InlineData("90 03 00 00 01", "packet id 0")]
    [InlineData("90 04 00 01 01 01", "length 4")]
    [InlineData("B0 02 00 01", "which was not asked")]
    [InlineData("D0 00", "nobody asked for")]
    [InlineData("D0 01 00", "length 1")]
    public async Task Take_WhatNoBrokerSends_ClosesAndNamesIt(string packet, string words)
    {
        await using var broker = new ScriptedBroker(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.SendAsync([.. ScriptedBroker.Publish("t", "proper"), .. Convert.FromHexString(packet.Replace(" ", "", StringComparison.Ordinal))]);
            await peer.WaitForEndAsync();
        });
        await using var client = TestClients.Start(broker.Port, Once);
        await using var subscription = client.Subscribe(new TopicFilter("#"), MqttQos.AtLeastOnce, 10);

        await AssertFailureAsync(client, FailureCause.BadAnswer, words);
        Assert.Equal("proper", await subscription.NextAsync());
        Assert.False(subscription.TryRead(out _));
    }

    [Fact]
    public async Task Subscribe_Refused_SaysSoAndKeepsTheConnection()
    {
        await using var broker = new ScriptedBroker(async peer =>
        {
            await peer.WelcomeAsync();
            var (first, body) = await peer.ReceiveAsync();
            Assert.Equal(0x82, first);
            await peer.SendAsync(ScriptedBroker.SubAck((body[0] << 8) | body[1], 0x80));
            await peer.WaitForEndAsync();
        });
        await using var client = TestClients.Start(broker.Port, Once);
        await using var subscription = client.Subscribe(new TopicFilter("secret/#"), MqttQos.AtLeastOnce, 10);

        var refusal = (await subscription.GrantedAsync(1, TestClients.Soon()))!;
        Assert.Equal(FailureCause.Refused, refusal.Cause);
        Assert.Contains("secret/#", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, subscription.Generation);
        Assert.Null(await client.ConnectedAsync(TestClients.Soon()));
    }

    [Fact]
    public async Task Take_ARepetition_IsHandedOverOnceAsLongAsThatIsCertain()
    {
        var acknowledged = new List<int>();
        var (isRead, isOver) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var broker = new ScriptedBroker(async peer =>
        {
            await peer.WelcomeAsync(1, hasSession: peer.Number is 2 or 3);
            switch (peer.Number)
            {
                case 1:
                    await peer.SendAsync([.. ScriptedBroker.Publish("t", "one", 7), .. ScriptedBroker.Publish("t", "two", 8)]);
                    acknowledged.AddRange([await IdAsync(peer), await IdAsync(peer)]);
                    return;
                case 2:
                    // Both again: the broker did not see the acknowledgements. Then its own new message under a number it has used.
                    await peer.SendAsync([.. ScriptedBroker.Publish("t", "one", 7, isRepeated: true), .. ScriptedBroker.Publish("t", "two", 8, isRepeated: true)]);
                    acknowledged.AddRange([await IdAsync(peer), await IdAsync(peer)]);
                    await peer.SendAsync(ScriptedBroker.Publish("t", "three", 7, isRepeated: true));
                    acknowledged.Add(await IdAsync(peer));
                    return;
                case 3:
                    // Not marked as repeated: a new message with the same words.
                    await peer.SendAsync(ScriptedBroker.Publish("t", "three", 7));
                    acknowledged.Add(await IdAsync(peer));
                    return;
                default:
                    // The session is gone: numbers mean nothing any more.
                    await peer.SendAsync(ScriptedBroker.Publish("t", "three", 7, isRepeated: true));
                    acknowledged.Add(await IdAsync(peer));
                    isRead.SetResult();
                    await isOver.Task;
                    return;
            }
        });
        await using var client = TestClients.Start(broker.Port, Eager with { ClientId = "c", KeepsSession = true });
        await using var subscription = client.Subscribe(new TopicFilter("t"), MqttQos.AtLeastOnce, 10);
        await isRead.Task.WaitAsync(TestClients.Soon());
        isOver.SetResult();

        Assert.Equal(["one", "two", "three", "three", "three"], [await subscription.NextAsync(), await subscription.NextAsync(), await subscription.NextAsync(), await subscription.NextAsync(), await subscription.NextAsync()]);
        Assert.Equal([7, 8, 7, 8, 7, 7, 7], acknowledged);
        Assert.Equal(2, client.Duplicates);
    }

    [Fact]
    public async Task Publish_NotAcknowledged_IsSentAgainInOrderAndMarked()
    {
        var seen = new List<string>();
        await using var broker = new ScriptedBroker(async peer =>
        {
            await peer.WelcomeAsync();
            for (var i = 0; i < 3; i++)
            {
                var (first, body) = await peer.ReceiveAsync();
                lock (seen) seen.Add(string.Create(CultureInfo.InvariantCulture, $"{first:X2} {(body[3] << 8) | body[4]} {Encoding.UTF8.GetString(body[5..])}"));
                if (peer.Number == 2) await peer.SendAsync(ScriptedBroker.PubAck((body[3] << 8) | body[4]));
            }

            if (peer.Number == 2) await peer.WaitForEndAsync();
        });
        await using var client = TestClients.Start(broker.Port, Eager);
        Assert.Null(await client.ConnectedAsync(TestClients.Soon()));
        var publishing = Enumerable.Range(1, 3).Select(i => client.PublishAsync("t", Encoding.UTF8.GetBytes($"{i}"), MqttQos.AtLeastOnce, retain: false, TestClients.Soon()).AsTask()).ToArray();
        Assert.All(await Task.WhenAll(publishing), Assert.Null);

        Assert.Equal(["32 1 1", "32 2 2", "32 3 3", "3A 1 1", "3A 2 2", "3A 3 3"], seen);
    }

    [Fact]
    public async Task Publish_AcknowledgedJustBeforeTheEnd_IsNotSentAgain()
    {
        await using var broker = new ScriptedBroker(async peer =>
        {
            await peer.WelcomeAsync();
            var (_, body) = await peer.ReceiveAsync();
            await peer.SendAsync(ScriptedBroker.PubAck((body[3] << 8) | body[4]));

            // It goes away with bytes of the client unread: the client is told by a reset.
        });
        await using var client = TestClients.Start(broker.Port, Once);
        Assert.Null(await client.ConnectedAsync(TestClients.Soon()));
        var first = client.PublishAsync("t", "1"u8.ToArray(), MqttQos.AtLeastOnce, retain: false, TestClients.Soon()).AsTask();
        var large = client.PublishAsync("t", new byte[900_000], MqttQos.AtLeastOnce, retain: false, CancellationToken.None).AsTask();

        Assert.Null(await first);
        await client.DisposeAsync();
        Assert.NotNull(await large);
    }

    [Fact]
    public async Task KeepAlive_NoSignOfLife_ClosesInTime()
    {
        var time = new ManualTime();
        var asked = new TaskCompletionSource<byte>();
        await using var broker = new ScriptedBroker(async peer =>
        {
            await peer.WelcomeAsync();
            asked.TrySetResult((await peer.ReceiveAsync()).First);
            await peer.WaitForEndAsync();
        });
        await using var client = TestClients.Start(broker.Port, Once, time);
        Assert.Null(await client.ConnectedAsync(TestClients.Soon()));
        await Eventually.IsTrue(() => time.WaitingTimers > 0);
        time.Advance(TimeSpan.FromSeconds(44));
        Assert.False(asked.Task.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0xC0, await asked.Task.WaitAsync(TestClients.Soon()));
        await Eventually.IsTrue(() => time.WaitingTimers > 0);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(client.State.IsConnected);
        await Eventually.IsTrue(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return !client.State.IsConnected;
        });

        Assert.Equal(FailureCause.NoAnswer, client.State.Failure!.Cause);
        Assert.Contains("PINGREQ", client.State.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Connect_AnswerDripsOrNeverComes_GivesUpInTime(int bytes)
    {
        var time = new ManualTime();
        await using var broker = new ScriptedBroker(async peer =>
        {
            await peer.ReceiveAsync();
            await peer.SendAsync(ScriptedBroker.ConnAck()[..bytes]);
            await peer.WaitForEndAsync();
        });
        await using var client = TestClients.Start(broker.Port, Once, time);
        await Eventually.IsTrue(() =>
        {
            if (broker.Connections > 0) time.Advance(TimeSpan.FromSeconds(1));
            return client.State.Failure is not null;
        });

        Assert.Equal(FailureCause.NoAnswer, client.State.Failure!.Cause);
        Assert.Contains("CONNECT", client.State.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribe_NeverAnswered_IsNoConnection()
    {
        var time = new ManualTime();
        await using var broker = new ScriptedBroker(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.WaitForEndAsync();
        });
        await using var client = TestClients.Start(broker.Port, Once, time);
        await using var subscription = client.Subscribe(new TopicFilter("t"), MqttQos.AtLeastOnce, 10);
        await Eventually.IsTrue(() =>
        {
            if (broker.Connections > 0) time.Advance(TimeSpan.FromSeconds(1));
            return client.State.Failure is not null;
        });

        Assert.Equal(0, client.State.Generation);
        Assert.Equal(FailureCause.NoAnswer, client.State.Failure!.Cause);
    }

    private static async Task<int> IdAsync(ScriptedBroker.Peer peer)
    {
        var (first, body) = await peer.ReceiveAsync();
        Assert.Equal(0x40, first);
        return (body[0] << 8) | body[1];
    }

    private static async Task AssertFailureAsync(MqttClient client, FailureCause cause, string words)
    {
        await Eventually.IsTrue(() => client.State.Failure is not null);
        var failure = client.State.Failure!;
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Equal(cause, failure.Cause);
    }
}
