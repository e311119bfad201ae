using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace HPManager.Core.History;

/// <summary>
/// How much this program writes to disk, as the kernel counts it (<c>write_bytes</c> of <c>/proc/self/io</c>): what wears out an SD card. Thread-safe.
/// </summary>
public sealed class DeviceWrites(TimeProvider time) : BackgroundService
{
    private const string Counters = "/proc/self/io";
    private const string Field = "write_bytes: ";
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Queue<(DateTimeOffset At, long Bytes)> _samples = new();

    /// <summary>Bytes written within the last hour, or since the start, and how long that is; null where the kernel does not tell.</summary>
    public (long Bytes, TimeSpan Within)? LastHour()
    {
        if (Read() is not { } now) return null;
        lock (_gate) return _samples.TryPeek(out var oldest) ? (now - oldest.Bytes, time.GetUtcNow() - oldest.At) : null;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do Sample();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends, or could not start.
        }
    }

    private void Sample()
    {
        if (Read() is not { } bytes) return;
        var now = time.GetUtcNow();
        lock (_gate)
        {
            _samples.Enqueue((now, bytes));
            while (_samples.TryPeek(out var oldest) && now - oldest.At > Window) _samples.Dequeue();
        }
    }

    private static long? Read()
    {
        try
        {
            var line = File.ReadLines(Counters).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
            return line is null ? null : long.Parse(line[Field.Length..], CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }
}
