using HPManager.Core.HeatPumps;
using HPManager.Drivers.Ebusd.Inventory;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Ebusd.Driver;

internal static partial class Log
{
    [LoggerMessage(EventId = 7300, Level = LogLevel.Information, Message = "{HeatPump} is behind {Version}: {Messages} messages, {Sensors} of them known")]
    public static partial void Found(ILogger logger, HeatPumpId heatPump, string version, int messages, int sensors);

    [LoggerMessage(EventId = 7301, Level = LogLevel.Information, Message = "{HeatPump}: {Message} is written, {Old} becomes {New}, {Used} writes today")]
    public static partial void Writing(ILogger logger, HeatPumpId heatPump, MessageId message, double? old, double @new, int used);

    [LoggerMessage(EventId = 7302, Level = LogLevel.Warning, Message = "{HeatPump} was written to {Used} times today; nothing is published about how many writes its controller bears")]
    public static partial void ManyWrites(ILogger logger, HeatPumpId heatPump, int used);
}
