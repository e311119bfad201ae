using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.Polling;

internal static partial class PollingLog
{
    [LoggerMessage(EventId = 2000, Level = LogLevel.Information, Message = "{HeatPump} answers at {Endpoint}")]
    public static partial void Online(ILogger logger, HeatPumpId heatPump, EndpointKey endpoint);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "{HeatPump} does not answer at {Endpoint}: {Cause}, {Reason}")]
    public static partial void Offline(ILogger logger, HeatPumpId heatPump, EndpointKey endpoint, FailureCause cause, string reason);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Error, Message = "The driver of {HeatPump} at {Endpoint} failed; its session is opened anew")]
    public static partial void DriverFault(ILogger logger, HeatPumpId heatPump, EndpointKey endpoint, Exception exception);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "Closing the session with {Endpoint} failed")]
    public static partial void CloseFault(ILogger logger, EndpointKey endpoint, Exception exception);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Information, Message = "{Count} heat pumps are configured")]
    public static partial void Started(ILogger logger, int count);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Error, Message = "{HeatPump} cannot be polled: {Reason}")]
    public static partial void CannotStart(ILogger logger, HeatPumpId heatPump, string reason);
}
