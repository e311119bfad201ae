using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Modbus.Driver;

internal static partial class Log
{
    [LoggerMessage(
        EventId = 7000,
        Level = LogLevel.Information,
        Message = "{HeatPump} gives {InBlock} for {Sensor} in a block and {Alone} alone: it is read alone from now on")]
    public static partial void ReadAloneFromNowOn(ILogger logger, HeatPumpId heatPump, SensorKey sensor, double? inBlock, double? alone);

    [LoggerMessage(
        EventId = 7001,
        Level = LogLevel.Information,
        Message = "{HeatPump} is read in {Requests} requests from now on; it does not have {Absent} points of its model")]
    public static partial void Planned(ILogger logger, HeatPumpId heatPump, int requests, int absent);

    [LoggerMessage(EventId = 7002, Level = LogLevel.Information, Message = "{HeatPump} has {Sensor} now, which it refused before")]
    public static partial void AnswersAgain(ILogger logger, HeatPumpId heatPump, SensorKey sensor);
}
