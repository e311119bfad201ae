using System.Collections.Concurrent;
using System.Threading.Channels;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.Storage;

/// <summary>
/// Findings in memory, written to the configuration's file behind the caller's back, the newest of each topic. Losing one costs a driver
/// a few requests to find it again, so a full queue drops the oldest.
/// </summary>
internal sealed partial class DeviceMemory(IDbContextFactory<HPManagerContext> contexts, ILogger<DeviceMemory> logger) : IDeviceMemory, IHostedService
{
    private readonly ConcurrentDictionary<(HeatPumpId HeatPump, string Topic), string> _contents = new();
    private readonly Channel<(HeatPumpId HeatPump, string Topic)> _changed = Channel.CreateBounded<(HeatPumpId, string)>(
        new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private Task _writing = Task.CompletedTask;

    public string? Recall(HeatPumpId heatPump, string topic) => _contents.GetValueOrDefault((heatPump, topic));

    public void Keep(HeatPumpId heatPump, string topic, string content)
    {
        _contents[(heatPump, topic)] = content;
        _changed.Writer.TryWrite((heatPump, topic));
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var finding in await context.Findings.AsNoTracking().ToListAsync(cancellationToken))
            _contents.TryAdd((finding.HeatPumpId, finding.Topic), finding.Content);
        _writing = WriteAllAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _changed.Writer.TryComplete();
        await _writing.WaitAsync(cancellationToken);
    }

    private async Task WriteAllAsync()
    {
        await foreach (var (heatPump, topic) in _changed.Reader.ReadAllAsync())
        {
            try
            {
                await WriteAsync(heatPump, topic);
            }
            catch (Exception fault) when (fault is DbUpdateException or Microsoft.Data.Sqlite.SqliteException)
            {
                // The heat pump may have been removed meanwhile, or the disk is full.
                Log.NotKept(logger, heatPump, topic, fault);
            }
        }
    }

    private async Task WriteAsync(HeatPumpId heatPump, string topic)
    {
        if (Recall(heatPump, topic) is not { } content) return;
        await using var context = await contexts.CreateDbContextAsync();
        var finding = await context.Findings.FirstOrDefaultAsync(known => known.HeatPumpId == heatPump && known.Topic == topic);
        if (finding is null) context.Findings.Add(new DeviceFinding { HeatPumpId = heatPump, Topic = topic, Content = content });
        else finding.Content = content;
        await context.SaveChangesAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 5020, Level = LogLevel.Warning, Message = "What was found out about {HeatPump} ({Topic}) could not be kept")]
        public static partial void NotKept(ILogger logger, HeatPumpId heatPump, string topic, Exception exception);
    }
}
