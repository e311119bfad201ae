using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.Polling;

/// <summary>
/// Behind the snapshot: history, alerts, analytics. Called by the poll loops, by several at a time; must return at once and must not throw: work goes
/// into a bounded queue of its own.
/// </summary>
public interface ISnapshotObserver
{
    /// <summary>A poll succeeded.</summary>
    void Observe(HeatPump heatPump, Snapshot snapshot);
}
