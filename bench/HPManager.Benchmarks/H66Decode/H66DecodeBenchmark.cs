using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HPManager.Benchmarks.Harness;
using HPManager.Core.Sensors;
using HPManager.Drivers.Husdata.Driver;
using HPManager.Drivers.Husdata.Tables;

namespace HPManager.Benchmarks.H66Decode;

/// <summary>
/// One answer of a Husdata gateway, a hundred indices of which some are unknown, from its bytes to readings; against python's json and a dict of
/// definitions. Turns are interleaved, and what both made of the answer is compared after every turn.
/// </summary>
internal static class H66DecodeBenchmark
{
    private const int Indices = 100;
    private const int Rounds = 15;
    private const double Goal = 3;
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(500);
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments.Length > 0)
        {
            await Console.Error.WriteLineAsync("h66-decode takes no arguments");
            return 2;
        }

        var report = new Report("h66-decode");
        Report.Remark(Machine.Describe(TimeProvider.System));
        var table = HusdataTable.Load("ivt-rego1000", []);
        var unknown = Enumerable.Range(0x7100, Indices - table.Entries.Count(IsSent)).Select(number => new HusdataIndex((ushort)number).ToString());
        var values = new GatewayValues(table, allowsUnverifiedWrites: false, Scaling.Normalised, new HusdataFindings { Unknown = [.. unknown] });
        var (answer, expected) = Sample(values.Registers);
        Report.Remark($"{Indices} indices, {answer.Length} bytes");
        await using var peer = ChildProcess.Start(Python, Checkout.PathOf("bench", "peers", "husdata"), ["decode.py"]);
        await peer.WriteLineAsync(Definitions(values.Registers), cancellationToken);
        await peer.WriteLineAsync(Encoding.UTF8.GetString(answer), cancellationToken);
        Run(values, answer, expected, TimeSpan.FromSeconds(2));
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(Run(values, answer, expected, Turn));
            await peer.WriteLineAsync(Turn.TotalSeconds.ToString(CultureInfo.InvariantCulture), cancellationToken);
            theirs.Add(double.Parse(await peer.ReadLineAsync(cancellationToken), CultureInfo.InvariantCulture));
            await peer.WriteLineAsync("VALUES", cancellationToken);
            CheckPeer(await peer.ReadLineAsync(cancellationToken), expected);
        }

        report.AtLeast("answers decoded per second", Statistics.Median(ours), "python3 json", Statistics.Median(theirs), Goal);
        return report.ExitCode;
    }

    private static double Run(GatewayValues values, byte[] answer, Dictionary<string, double?> expected, TimeSpan time)
    {
        var readings = Array.Empty<Reading>();
        var started = Stopwatch.GetTimestamp();
        long count = 0;
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            for (var i = 0; i < 100; i++)
            {
                values.Clear(At);
                if (values.Read(answer, At).Indices != Indices) throw new InvalidOperationException("An index was lost.");
                values.Settle(At);
                readings = new Reading[values.Registers.Sensors.Count];
                values.ReadAll(readings);
            }

            count += 100;
        }

        var rate = count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        foreach (var (key, value) in expected)
        {
            var reading = readings[values.Registers.Sensors.PositionOf(SensorKey.Parse(key))];
            if (reading.Value != value || reading.IsGood != value is not null) throw new InvalidOperationException($"{key}: {reading}, not {value}");
        }

        return rate;
    }

    private static bool IsSent(HusdataEntry entry) => entry.IsAtGateway && entry.Sensor.IsReadable;

    // Numbers of every kind: positive, negative both ways, missing, counters beyond 16 bits, switches.
    private static (byte[] Answer, Dictionary<string, double?> Expected) Sample(HusdataRegisters registers)
    {
        var expected = new Dictionary<string, double?>();
        var members = new List<string>();
        foreach (var (place, entry) in registers.Entries.Where(IsSent).Index())
        {
            long number = entry.Type switch
            {
                EntryType.Int16 => (place % 5) switch { 0 => 65536 - (10 * place) - 3, 1 => -20 - place, 2 => 32768, _ => 200 + place },
                EntryType.Uint32 => 71_260 + place,
                EntryType.Bool or EntryType.Any => place % 2,
                _ => entry.Sensor.Codes is { } codes ? codes.Entries[^1].Key : 10 * place,
            };
            members.Add(string.Create(CultureInfo.InvariantCulture, $"\"{entry.Index}\":{number}"));
            double? value = entry.Type == EntryType.Int16 && number == 32768 ? null : (number > 32768 && entry.Type == EntryType.Int16 ? number - 65536 : number) / entry.Divisor;
            expected[entry.Sensor.Key.Value] = value;
        }

        return (Encoding.ASCII.GetBytes($"{{{string.Join(',', members)}}}"), expected);
    }

    private static string Definitions(HusdataRegisters registers) => JsonSerializer.Serialize(registers.Entries
        .Where(IsSent)
        .Select(entry => new object[] { entry.Index.ToString(), entry.Sensor.Key.Value, 1 / entry.Divisor, entry.Type == EntryType.Int16 }));

    private static void CheckPeer(string line, Dictionary<string, double?> expected)
    {
        var decoded = JsonSerializer.Deserialize<Dictionary<string, double?>>(line)!;
        foreach (var (key, value) in expected)
        {
            if (decoded[key] is { } number ? value is null || Math.Abs(number - value.Value) > 1e-6 : value is not null)
                throw new InvalidOperationException($"The peer's {key} is {decoded[key]}, not {value}.");
        }
    }
}
