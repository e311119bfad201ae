using System.Data.Common;
using HPManager.Core.History.Embedded;
using HPManager.Core.HeatPumps;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.History;

/// <summary>
/// Every hour, lets readings go that the owner does not want to keep any longer, and gives what the file does not need back to the disk. Without such a wish
/// nothing is ever let go. By age only while the clock can be believed: a machine without a battery may think itself years ahead until it has asked the network,
/// and everything would be old.
/// </summary>
internal sealed partial class HistoryKeeper(
    EmbeddedTimeSeriesStore store, HistorySettingsStore settings, IHeatPumpStore heatPumps, TimeProvider time, ILogger<HistoryKeeper> logger) : BackgroundService
{
    // About what the pages of a full head take: they are needed again soon, and giving them back and taking them anew would only write more.
    private const long FreeBytesKept = 4 << 20;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private bool _isWaiting;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do await TryKeepAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends, or could not start.
        }
    }

    private async Task TryKeepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or DbException)
        {
            Log.NotDone(logger, fault.Message);
        }
    }

    /// <summary>Lets go what is to go now.</summary>
    /// <exception cref="IOException">The store cannot be used now.</exception>
    internal async Task KeepAsync(CancellationToken cancellationToken)
    {
        var chosen = await settings.ReadAsync(cancellationToken);
        var known = await heatPumps.ListAsync(cancellationToken);
        bool? isBelieved = null;
        foreach (var heatPump in known)
        {
            var keeping = chosen.KeepingOf.GetValueOrDefault(heatPump.Id.Value) ?? chosen.Keeping;
            if (keeping.Days is not null && !(isBelieved ??= await IsClockBelievedAsync(known, cancellationToken))) keeping = keeping with { Days = null };
            if (keeping == HistoryKeeping.ForEver) continue;
            var gone = await store.KeepAsync(heatPump.Id, keeping, cancellationToken);
            if (gone > 0) Log.Gone(logger, gone, heatPump.Id);
        }

        await store.GiveBackAsync(FreeBytesKept, cancellationToken);
    }

    // What was polled a day ago was polled under this clock, or under one that is a day off at most.
    private async Task<bool> IsClockBelievedAsync(IReadOnlyList<HeatPump> known, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var heatPump in known)
        {
            await foreach (var _ in store.ReadAsync(heatPump.Id, [], now - (2 * Day), now - Day, cancellationToken))
            {
                _isWaiting = false;
                return true;
            }
        }

        if (!_isWaiting) Log.Waiting(logger, now);
        _isWaiting = true;
        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 6040, Level = LogLevel.Information, Message = "{Polls} polls of {HeatPump} are no longer kept at full resolution; the aggregates of their hours are")]
        public static partial void Gone(ILogger logger, long polls, HeatPumpId heatPump);

        [LoggerMessage(EventId = 6041, Level = LogLevel.Warning, Message = "Old readings could not be let go: {Reason}")]
        public static partial void NotDone(ILogger logger, string reason);

        [LoggerMessage(
            EventId = 6042, Level = LogLevel.Information,
            Message = "No reading is let go for its age: nothing was polled a day before {Now}, so that the clock may have been put forward. It goes on once it has been right for a day")]
        public static partial void Waiting(ILogger logger, DateTimeOffset now);
    }
}
