using System.Globalization;
using HPManager.Benchmarks.Harness;
using HPManager.Drivers.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Benchmarks.MqttReceive;

/// <summary>
/// How fast messages are received, beside mosquitto_sub, from one broker and one publisher, in turns; each message is checked by both. Then whether
/// messages at QoS 1 get lost or doubled while the broker is restarted.
/// </summary>
internal static class MqttReceiveBenchmark
{
    private const int Rounds = 7;
    private const int Messages = 200_000;
    private const int UsualRestarts = 100;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var restarts = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : UsualRestarts;
        var report = new Report("mqtt-receive");
        Report.Remark(Machine.Describe(TimeProvider.System));
        await using var broker = new Broker();
        await broker.StartAsync(cancellationToken);
        await ReceiveAsync(report, broker, cancellationToken);
        await RestartRun.RunAsync(report, broker, restarts, cancellationToken);
        return report.ExitCode;
    }

    private static async Task ReceiveAsync(Report report, Broker broker, CancellationToken cancellationToken)
    {
        var port = broker.Port.ToString(CultureInfo.InvariantCulture);
        await using var publisher = ChildProcess.StartSelf("serve-mqtt-feed", port);
        await publisher.ReadLineAsync(cancellationToken);
        var ours = new List<double>();
        var theirs = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            var our = await OursAsync(broker, publisher, round, cancellationToken);
            var their = await TheirsAsync(broker, publisher, round, cancellationToken);

            // The first round is for the compiler.
            if (round == 0) continue;
            ours.Add(our);
            theirs.Add(their);
        }

        Report.Remark(FormattableString.Invariant($"{Messages} messages of {NumberedMessages.Size} bytes a turn, {Rounds} turns each, in turns; from the first byte published to the last message received"));
        report.AtLeast("messages received a second, QoS 0", Statistics.Median(ours), "mosquitto_sub", Statistics.Median(theirs), 0.5);
    }

    private static async Task<double> OursAsync(Broker broker, ChildProcess publisher, int round, CancellationToken cancellationToken)
    {
        var options = new MqttClientOptions { ClientId = string.Create(CultureInfo.InvariantCulture, $"ours{round}") };
        await using var client = MqttClient.Start(new MqttEndpoint("127.0.0.1", broker.Port), options, TimeProvider.System, NullLogger.Instance);
        await using var subscription = client.Subscribe(new TopicFilter("bench/#"), MqttQos.AtMostOnce, Messages, maxBytes: 100_000_000);
        await broker.SubscribedAsync(options.ClientId, cancellationToken);
        if (await subscription.GrantedAsync(1, cancellationToken) is { } failure) throw new InvalidOperationException(failure.Message);
        var started = TimeProvider.System.GetTimestamp();
        await publisher.WriteLineAsync(Messages.ToString(CultureInfo.InvariantCulture), cancellationToken);
        for (var number = 0; number < Messages; number++)
        {
            if (!subscription.TryRead(out var message)) message = await subscription.ReadAsync(cancellationToken);
            if (NumberedMessages.NumberOf(message.Payload.Span) != number || message.Topic != NumberedMessages.Topic)
                throw new InvalidOperationException(FormattableString.Invariant($"Message {number} is another one; {subscription.Dropped} were dropped."));
        }

        var elapsed = TimeProvider.System.GetElapsedTime(started);
        await publisher.ReadLineAsync(cancellationToken);
        return Messages / elapsed.TotalSeconds;
    }

    private static async Task<double> TheirsAsync(Broker broker, ChildProcess publisher, int round, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"theirs{round}");
        var file = broker.PathOf(name);
        var command = string.Create(CultureInfo.InvariantCulture, $"exec mosquitto_sub -h 127.0.0.1 -p {broker.Port} -i {name} -t bench/# -C {Messages} > {file}");
        var peer = ChildProcess.RunAsync("/bin/sh", "/", ["-c", command], cancellationToken);
        await broker.SubscribedAsync(name, cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        await publisher.WriteLineAsync(Messages.ToString(CultureInfo.InvariantCulture), cancellationToken);
        await peer;
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        await publisher.ReadLineAsync(cancellationToken);
        Check(await File.ReadAllBytesAsync(file, cancellationToken));
        File.Delete(file);
        return Messages / elapsed.TotalSeconds;
    }

    private static void Check(ReadOnlySpan<byte> lines)
    {
        const int Line = NumberedMessages.Size + 1;
        if (lines.Length != Messages * Line) throw new InvalidOperationException(FormattableString.Invariant($"mosquitto_sub wrote {lines.Length} bytes."));
        for (var number = 0; number < Messages; number++)
        {
            if (NumberedMessages.NumberOf(lines.Slice(number * Line, NumberedMessages.Size)) != number)
                throw new InvalidOperationException(FormattableString.Invariant($"mosquitto_sub received another message as number {number}."));
        }
    }
}
