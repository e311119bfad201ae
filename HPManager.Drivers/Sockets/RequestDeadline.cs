namespace HPManager.Drivers.Sockets;

/// <summary>
/// A time limit joined with the caller's cancellation, made once and used for request after request without allocating.
/// One user at a time.
/// </summary>
internal sealed class RequestDeadline(TimeProvider time) : IDisposable
{
    private CancellationTokenSource? _source;
    private CancellationTokenRegistration _caller;

    /// <summary>Starts the limit. The token is cancelled when it runs out or when the caller cancels.</summary>
    public CancellationToken Start(TimeSpan limit, CancellationToken cancellationToken)
    {
        var source = _source ??= new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        source.CancelAfter(limit);
        _caller = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
        return source.Token;
    }

    /// <summary>Ends the limit; a timer that has already gone off can no longer touch what is started next.</summary>
    public void Stop()
    {
        _caller.Dispose();
        _caller = default;
        if (_source is { } source && !source.TryReset())
        {
            source.Dispose();
            _source = null;
        }
    }

    public void Dispose()
    {
        _caller.Dispose();
        _source?.Dispose();
        _source = null;
    }
}
