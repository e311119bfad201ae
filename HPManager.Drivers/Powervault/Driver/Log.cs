using HPManager.Core.HeatPumps;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Powervault.Driver;

internal static partial class Log
{
    [LoggerMessage(EventId = 7300, Level = LogLevel.Warning, Message = "{HeatPump}: a message on {Topic} cannot be used: {Reason}. Further ones on this topic are not mentioned")]
    public static partial void Unusable(ILogger logger, HeatPumpId heatPump, string topic, string reason);

    [LoggerMessage(EventId = 7301, Level = LogLevel.Information, Message = "{HeatPump}: its battery calls itself {DeviceId}")]
    public static partial void Found(ILogger logger, HeatPumpId heatPump, string deviceId);
}
