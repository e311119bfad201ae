using System.Collections.Concurrent;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Core.Polling;

/// <summary>The real poll loops over fake devices, under a clock that the test moves.</summary>
internal sealed class PollingRig : IAsyncDisposable, ISnapshotObserver
{
    public PollingRig(params HeatPump[] heatPumps)
    {
        Store = new MemoryHeatPumpStore(heatPumps);
        Live = new LiveValues(Time, NullLogger<LiveValues>.Instance);
        Registry = new ManufacturerRegistry([Make]);
        Manager = new HeatpumpManager(Store, Registry, Live, [this], new MemoryDeviceMemory(), Time, NullLogger<HeatpumpManager>.Instance);
    }

    public ManualTime Time { get; } = new(new DateTimeOffset(2026, 1, 15, 12, 0, 7, TimeSpan.Zero));

    public FakeMake Make { get; } = new();

    public MemoryHeatPumpStore Store { get; }

    public LiveValues Live { get; }

    public ManufacturerRegistry Registry { get; }

    public HeatpumpManager Manager { get; }

    public ConcurrentQueue<Snapshot> Observed { get; } = new();

    public void Observe(HeatPump heatPump, Snapshot snapshot) => Observed.Enqueue(snapshot);

    public HeatPumpState State(string id) => Live.Get(HeatPumpId.Parse(id))!;

    /// <summary>Moves the clock in small steps until the condition holds, giving the loops their turn between the steps.</summary>
    public Task AdvanceUntil(Func<bool> condition, TimeSpan step) => Eventually.IsTrue(
        () =>
        {
            if (condition()) return true;
            Time.Advance(step);
            return condition();
        });

    public async ValueTask DisposeAsync() => await Manager.DisposeAsync();
}
