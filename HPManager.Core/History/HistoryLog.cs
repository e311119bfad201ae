using Microsoft.Extensions.Logging;

namespace HPManager.Core.History;

internal static partial class HistoryLog
{
    [LoggerMessage(EventId = 6000, Level = LogLevel.Error, Message = "The history cannot be written; snapshots wait in memory")]
    public static partial void Failing(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "The history is written again")]
    public static partial void WritingAgain(ILogger logger);

    [LoggerMessage(EventId = 6002, Level = LogLevel.Error, Message = "The queue of the history is full: snapshots are lost ({Dropped} since the start)")]
    public static partial void Dropping(ILogger logger, long dropped);

    [LoggerMessage(EventId = 6003, Level = LogLevel.Information, Message = "The queue of the history takes snapshots again; {Dropped} were lost since the start")]
    public static partial void KeepingAgain(ILogger logger, long dropped);

    [LoggerMessage(EventId = 6004, Level = LogLevel.Error, Message = "{Count} snapshots could not be written before the end")]
    public static partial void LostAtStop(ILogger logger, int count);
}
