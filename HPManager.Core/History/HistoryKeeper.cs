using HPManager.Core.History.Embedded;
using HPManager.Core.HeatPumps;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.History;

/// <summary>
/// Every hour, lets readings go that the owner does not want to keep any longer (without such a wish nothing is ever let go), and gives what the file does not need back to the disk.
/// </summary>
internal sealed partial class HistoryKeeper(
    EmbeddedTimeSeriesStore store, HistorySettingsStore settings, IHeatPumpStore heatPumps, TimeProvider time, ILogger<HistoryKeeper> logger) : BackgroundService
{
    // About what the pages of a full head take: they are needed again soon, and giving them back and taking them anew would only write more.
    private const long FreeBytesKept = 4 << 20;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

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
        catch (IOException fault)
        {
            Log.NotDone(logger, fault.Message);
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var chosen = await settings.ReadAsync(cancellationToken);
        foreach (var heatPump in await heatPumps.ListAsync(cancellationToken))
        {
            var keeping = chosen.KeepingOf.GetValueOrDefault(heatPump.Id.Value) ?? chosen.Keeping;
            if (keeping == HistoryKeeping.ForEver) continue;
            var gone = await store.KeepAsync(heatPump.Id, keeping, cancellationToken);
            if (gone > 0) Log.Gone(logger, gone, heatPump.Id);
        }

        await store.GiveBackAsync(FreeBytesKept, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 6040, Level = LogLevel.Information, Message = "{Polls} polls of {HeatPump} are no longer kept at full resolution; the aggregates of their hours are")]
        public static partial void Gone(ILogger logger, long polls, HeatPumpId heatPump);

        [LoggerMessage(EventId = 6041, Level = LogLevel.Warning, Message = "Old readings could not be let go: {Reason}")]
        public static partial void NotDone(ILogger logger, string reason);
    }
}
