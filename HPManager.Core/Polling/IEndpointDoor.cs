using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Core.Polling;

/// <summary>
/// The way to a configured heat pump's session for everything that is no poll: writes go before reads in the endpoint's loop.
/// Thread-safe. Only Control uses it.
/// </summary>
public interface IEndpointDoor
{
    /// <summary>Sends a value through the endpoint's loop. A failure when the heat pump is unknown, disabled, or did not take it.</summary>
    Task<Failure?> WriteAsync(HeatPumpId heatPump, SensorKey sensor, double value, CancellationToken cancellationToken);

    /// <summary>Reads one sensor alone through the endpoint's loop.</summary>
    Task<ReadResult> ReadAsync(HeatPumpId heatPump, SensorKey sensor, CancellationToken cancellationToken);

    /// <summary>Polls as soon as the loop is free, without waiting for the grid; the snapshot's timestamp is the present moment.</summary>
    void PollSoon(HeatPumpId heatPump);
}
