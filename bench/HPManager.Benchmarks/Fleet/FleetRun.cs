using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using HPManager.Benchmarks.Harness;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Core.Sensors;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Benchmarks.Fleet;

/// <summary>What a fleet's polling cost and how punctual it was.</summary>
/// <param name="LatenessMs">Of every poll that succeeded, after the warm-up.</param>
/// <param name="Missed">Polls left out.</param>
/// <param name="Failed">Polls without a snapshot.</param>
/// <param name="CpuShare">Of one core.</param>
/// <param name="PeakMegabytes">Largest resident memory.</param>
/// <param name="WrongValues">Readings that are not what the server must have said.</param>
internal sealed record FleetFigures(
    IReadOnlyList<double> LatenessMs, long Missed, long Failed, double CpuShare, double PeakMegabytes, long WrongValues);

/// <summary>
/// Polls a fleet with the product's loops and driver, live values included, history not; the servers are a process of their own.
/// </summary>
internal sealed class FleetRun : ISnapshotObserver
{
    private readonly ConcurrentQueue<double> _lateness = new();
    private long _missed;
    private long _failed;
    private long _wrong;
    private volatile bool _measuring;

    public static async Task<FleetFigures> MeasureAsync(
        int endpoints, int registers, TimeSpan interval, int delayMs, string? faults, TimeSpan warmUp, TimeSpan measured, CancellationToken cancellationToken)
    {
        string[] arguments = ["serve-fleet", $"{endpoints}", $"{delayMs}"];
        await using var servers = ChildProcess.StartSelf(faults is null ? arguments : [.. arguments, faults]);
        var firstPort = int.Parse(await servers.ReadLineAsync(cancellationToken), CultureInfo.InvariantCulture);
        using var make = new BenchMake(registers);
        var heatPumps = Enumerable.Range(0, endpoints).Select(index => BenchMake.HeatPump(index + 1, firstPort + index, interval)).ToList();
        return await new FleetRun().RunAsync(heatPumps, make, warmUp, measured, cancellationToken);
    }

    public void Observe(HeatPump heatPump, Snapshot snapshot)
    {
        if (!_measuring) return;

        // The server's registers are its second + the address: within one snapshot each is one tenth more than the one before.
        for (var position = 1; position < snapshot.Readings.Count; position++)
        {
            if (Math.Abs(snapshot.Readings[position].Value!.Value - snapshot.Readings[position - 1].Value!.Value - 0.1) > 1e-6) Interlocked.Increment(ref _wrong);
        }
    }

    private async Task<FleetFigures> RunAsync(
        List<HeatPump> heatPumps, BenchMake make, TimeSpan warmUp, TimeSpan measured, CancellationToken cancellationToken)
    {
        using var listener = Listen();
        var live = new LiveValues(TimeProvider.System, NullLogger<LiveValues>.Instance);
        await using var manager = new HeatpumpManager(
            new FixedStore(heatPumps), new ManufacturerRegistry([make]), live, [this], new NoMemory(), TimeProvider.System, NullLogger<HeatpumpManager>.Instance);
        await manager.StartAsync(cancellationToken);
        await Task.Delay(warmUp, cancellationToken);

        var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        double peak = 0;
        _measuring = true;
        while (clock.Elapsed < measured)
        {
            await Task.Delay(500, cancellationToken);
            process.Refresh();
            peak = Math.Max(peak, process.WorkingSet64 / 1e6);
        }

        _measuring = false;
        var share = (process.TotalProcessorTime - cpu) / clock.Elapsed;
        return new FleetFigures([.. _lateness], _missed, _failed, share, peak, _wrong);
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == PollingMetrics.MeterName) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (_measuring && instrument.Name == PollingMetrics.LatenessName && tags[0].Value is false) _lateness.Enqueue(value * 1000);
        });
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            if (!_measuring) return;
            if (instrument.Name == PollingMetrics.MissedName) Interlocked.Add(ref _missed, value);
            if (instrument.Name == PollingMetrics.FailuresName) Interlocked.Add(ref _failed, value);
        });
        listener.Start();
        return listener;
    }

    private sealed class FixedStore(IReadOnlyList<HeatPump> heatPumps) : IHeatPumpStore
    {
        public Task<IReadOnlyList<HeatPump>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(heatPumps);

        public Task<HeatPump?> FindAsync(HeatPumpId id, CancellationToken cancellationToken) =>
            Task.FromResult(heatPumps.FirstOrDefault(heatPump => heatPump.Id == id));

        public Task<HeatPump> AddAsync(HeatPump heatPump, CancellationToken cancellationToken) => throw new NotSupportedException("A fleet is fixed.");

        public Task<bool> UpdateAsync(HeatPump heatPump, CancellationToken cancellationToken) => throw new NotSupportedException("A fleet is fixed.");

        public Task<bool> RemoveAsync(HeatPumpId id, CancellationToken cancellationToken) => throw new NotSupportedException("A fleet is fixed.");
    }

    private sealed class NoMemory : IDeviceMemory
    {
        public string? Recall(HeatPumpId heatPump, string topic) => null;

        public void Keep(HeatPumpId heatPump, string topic, string content)
        {
            // Nothing here is worth keeping.
        }
    }
}
