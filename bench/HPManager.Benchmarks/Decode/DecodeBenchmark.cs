using System.Diagnostics;
using HPManager.Benchmarks.Harness;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Benchmarks.Decode;

/// <summary>
/// Registers turned into readings on one core: all points of every shipped model, over and over, each from words that stand for an ordinary value. A value
/// counts once, however many registers it takes. Every reading is checked against the value that the words were made from.
/// </summary>
internal static class DecodeBenchmark
{
    private const double Goal = 5_000_000;
    private const int Rounds = 11;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(500);
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public static Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments.Length > 0)
        {
            Console.Error.WriteLine("decode takes no arguments");
            return Task.FromResult(2);
        }

        var report = new Report("decode");
        Report.Remark(Machine.Describe(TimeProvider.System));
        var samples = Samples();
        Report.Remark($"{samples.Length} values of {samples.Select(sample => sample.Model).Distinct().Count()} models");
        var speeds = new List<double>();
        long allocated = 0;
        long decoded = 0;
        Run(samples, TimeSpan.FromSeconds(1));
        for (var round = 0; round < Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            var count = Run(samples, Turn);
            speeds.Add(count / Stopwatch.GetElapsedTime(started).TotalSeconds);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            decoded += count;
        }

        var speed = Statistics.Median(speeds);
        report.Line(
            "values decoded per second", FormattableString.Invariant($"{speed:0}"), "-", "-", FormattableString.Invariant($">= {Goal:0}"), speed >= Goal);
        report.AtMost("bytes allocated per value", Math.Round((double)allocated / decoded, 3), 0);
        return Task.FromResult(report.ExitCode);
    }

    private static long Run(Sample[] samples, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        long count = 0;
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            foreach (var sample in samples)
            {
                var reading = RegisterDecoder.Decode(sample.Point, sample.Words, At);
                if (!Nullable.Equals(reading.Value, sample.Value)) throw new InvalidOperationException($"{sample.Model} {sample.Point.Sensor.Key}: {reading.Value}, not {sample.Value}");
            }

            count += samples.Length;
        }

        return count;
    }

    private static Sample[] Samples()
    {
        var driver = new ModbusDriver(TimeProvider.System, NullLoggerFactory.Instance);
        return [.. ModbusManufacturerSource.ReadShipped().SelectMany(result => result.Profile!.CreateModels(driver)).SelectMany(SamplesOf)];
    }

    // Flags and texts make words of their own; what an owner looks at every poll are numbers and codes.
    private static IEnumerable<Sample> SamplesOf(ModbusModel model) => model.Profile.Points(model.Key, model.Options.WithDefaults(Settings.Empty))
        .Where(point => point.Sensor.Kind is ValueKind.Number or ValueKind.Counter or ValueKind.Code or ValueKind.Switch)
        .Where(point => point.Sensor.IsReadable && point.Bits is null && point.Plus.Count == 0)
        .Select(point => SampleOf(model, point));

    private static Sample SampleOf(ModbusModel model, ModbusPoint point)
    {
        var sensor = point.Sensor;
        var value = sensor.Codes is { } codes ? codes.Entries[^1].Key : sensor.Range.Min ?? point.Scale * 7;
        var words = new ushort[point.Words];
        if (!RegisterEncoder.TryEncode(point with { WriteOrder = point.ReadOrder, Sentinels = [] }, value, words, out var error))
            throw new InvalidOperationException($"{model.Key} {sensor.Key} = {value}: {error}");
        return new Sample($"{model.Manufacturer}/{model.Key}", point, words, RegisterDecoder.Decode(point, words, At).Value);
    }

    private sealed record Sample(string Model, ModbusPoint Point, ushort[] Words, double? Value);
}
