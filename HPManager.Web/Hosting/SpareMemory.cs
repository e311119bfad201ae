using System.Runtime.InteropServices;

namespace HPManager.Web.Hosting;

/// <summary>
/// Gives memory back to the machine, which others share: what the start took soon after it, and every hour what has gathered since. By itself the runtime does so
/// only when the machine runs short, and the C library only at the end of its heap.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="giveBack">What is done; <see cref="GiveBack"/> unless a test says otherwise.</param>
internal sealed class SpareMemory(TimeProvider time, Action giveBack) : IHostedService, IDisposable
{
    /// <summary>By then pages, drivers and history have been set up.</summary>
    public static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(30);

    /// <summary>It stops the process for some hundredths of a second, on a small machine for some tenths.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private ITimer? _timer;

    /// <summary>Collects all garbage, and returns what is free then. Thread-safe.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            if (OperatingSystem.IsLinux()) _ = TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Only the GNU C library has it; the others keep less.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => giveBack(), null, AfterStart, Every);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int TrimHeap(nuint left);
}
