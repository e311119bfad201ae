using HPManager.Core.HeatPumps;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Luxtronik.Driver;

internal static partial class Log
{
    [LoggerMessage(
        EventId = 7100,
        Level = LogLevel.Information,
        Message = "{HeatPump} runs firmware {Firmware}: {Parameters} parameters, {Calculations} calculations, {Visibilities} visibilities")]
    public static partial void Found(ILogger logger, HeatPumpId heatPump, string firmware, int parameters, int calculations, int visibilities);

    [LoggerMessage(EventId = 7101, Level = LogLevel.Information, Message = "{HeatPump}: parameter {Index} is written, {Used} of {Limit} writes today")]
    public static partial void Writing(ILogger logger, HeatPumpId heatPump, int index, int used, int limit);
}
