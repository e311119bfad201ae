using HPManager.Benchmarks.Decode;
using HPManager.Benchmarks.Fleet;
using HPManager.Benchmarks.H66Decode;
using HPManager.Benchmarks.Harness;
using HPManager.Benchmarks.LuxtronikRead;
using HPManager.Benchmarks.ModbusReads;
using HPManager.Benchmarks.MqttReceive;
using HPManager.Benchmarks.Push;
using HPManager.Benchmarks.ReadPlan;
using HPManager.Benchmarks.Store;
using HPManager.Benchmarks.Store.Parts;

BenchmarkCommand[] commands =
[
    new("modbus-reads", "registers read and decoded over one connection, against other Modbus clients", ModbusReadsBenchmark.RunAsync),
    new("read-plan", "requests per poll for the shipped profiles, against greedy joining and the optimum", ReadPlanBenchmark.RunAsync),
    new("decode", "registers turned into readings on one core", DecodeBenchmark.RunAsync),
    new("luxtronik-read", "all blocks of a Luxtronik controller, against three round trips and 5 ms", LuxtronikReadBenchmark.RunAsync),
    new("h66-decode", "an answer of a Husdata gateway turned into readings, against python's json", H66DecodeBenchmark.RunAsync),
    new("mqtt-receive", "messages from a Mosquitto beside mosquitto_sub; losses and doubles over 100 restarts, or the number given", MqttReceiveBenchmark.RunAsync),
    new("fleet", "1,000 endpoints for three minutes, or the seconds given: lateness, processor, memory", FleetBenchmark.RunAsync),
    new("one-dead", "what 47 endpoints notice of three dead ones beside them", OneDeadBenchmark.RunAsync),
    new("push", "from a changed value on the wire to 50 clients of the hub", PushBenchmark.RunAsync),
    new("store", "the history beside VictoriaMetrics, InfluxDB and Home Assistant's table: ingest, size, query, writes, memory or all", StoreBenchmark.RunAsync),
    new(WritesPart.Command, "the process of store that writes: ours or table, FOLDER, whether lively", WritesPart.WriteAsync),
    new("serve-fleet", "the servers that fleet and one-dead read from", (args, _) => FleetServer.RunAsync(args)),
    new("serve-mqtt-feed", "the publisher of mqtt-receive: PORT", NumberedMessages.PublishAsync),
    new("serve-modbus", "the server that modbus-reads reads from: [PORT], 0 for a free one", ReadsServer.RunAsync),
];

if (args.Length == 0 || Array.Find(commands, command => command.Name == args[0]) is not { } chosen)
{
    await Console.Error.WriteLineAsync("usage: HPManager.Benchmarks NAME [arguments]");
    foreach (var command in commands) await Console.Error.WriteLineAsync($"  {command.Name,-14} {command.Summary}");
    return 2;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};
return await chosen.RunAsync(args[1..], interrupted.Token);
