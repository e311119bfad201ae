using System.Runtime.CompilerServices;

namespace HPManager.Drivers.Modbus.Client;

/// <summary>Keeps the line silent until a moment has come, without allocating per wait. One user at a time.</summary>
internal sealed class LineSilence(TimeProvider time) : IDisposable
{
    // A timer counts whole milliseconds, and may go off a little early by the clock: waits are rounded up and checked again.
    private static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(1);

    private readonly PeriodicTimer _timer = new(Timeout.InfiniteTimeSpan, time);
    private long _since;
    private TimeSpan _length;

    private TimeSpan Remaining => _length == TimeSpan.Zero ? TimeSpan.Zero : _length - time.GetElapsedTime(_since);

    /// <summary>From now on the line is silent for this long; zero ends the silence.</summary>
    public void Begin(TimeSpan length)
    {
        _length = length;
        if (length > TimeSpan.Zero) _since = time.GetTimestamp();
    }

    /// <summary>Returns when the silence has lasted; at once, and without a wait, when it has already.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken) =>
        Remaining <= TimeSpan.Zero ? ValueTask.CompletedTask : WaitForTimerAsync(cancellationToken);

    public void Dispose() => _timer.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitForTimerAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (Remaining is var remaining && remaining > TimeSpan.Zero)
            {
                _timer.Period = TimeSpan.FromMilliseconds(Math.Ceiling(remaining / Resolution));
                await _timer.WaitForNextTickAsync(cancellationToken);
            }
        }
        finally
        {
            _timer.Period = Timeout.InfiniteTimeSpan;
        }
    }
}
