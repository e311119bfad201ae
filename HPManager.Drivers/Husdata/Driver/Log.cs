using HPManager.Core.HeatPumps;
using HPManager.Drivers.Husdata.Tables;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Husdata.Driver;

internal static partial class Log
{
    [LoggerMessage(EventId = 7600, Level = LogLevel.Information, Message = "{HeatPump}: the gateway's scaling is {Scaling}")]
    public static partial void ScalingFound(ILogger logger, HeatPumpId heatPump, string scaling);

    [LoggerMessage(EventId = 7601, Level = LogLevel.Information, Message = "{HeatPump}: {Count} indices that nobody knows were found, {LeftOut} beyond the limit are left out")]
    public static partial void UnknownFound(ILogger logger, HeatPumpId heatPump, int count, int leftOut);

    [LoggerMessage(EventId = 7602, Level = LogLevel.Information, Message = "{HeatPump}: index {Index} is set to {Raw}")]
    public static partial void Writing(ILogger logger, HeatPumpId heatPump, HusdataIndex index, int raw);

    [LoggerMessage(EventId = 7603, Level = LogLevel.Warning, Message = "{HeatPump}: index {Index} read back {Raw} after {Sent} was sent; the next value is multiplied by {Factor}")]
    public static partial void FactorFound(ILogger logger, HeatPumpId heatPump, HusdataIndex index, double raw, int sent, double factor);
}
