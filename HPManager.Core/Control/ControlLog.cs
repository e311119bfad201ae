using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.Control;

internal static partial class ControlLog
{
    [LoggerMessage(
        EventId = 4000,
        Level = LogLevel.Information,
        Message = "Write of {Sensor} of {HeatPump} to {Value}, asked by {RequestedBy}: {Status}. {Outcome}")]
    public static partial void Attempt(
        ILogger logger, HeatPumpId heatPump, SensorKey sensor, string value, string requestedBy, WriteStatus status, string outcome);
}
