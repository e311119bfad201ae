namespace HPManager.Core.History.Engines;

/// <summary>Ends what an engine is asked for within its time, so that one that never answers is a fault and not a wait.</summary>
internal static class EngineCall
{
    /// <summary>Longest that asking for its name takes.</summary>
    public static readonly TimeSpan TestLimit = TimeSpan.FromSeconds(15);

    /// <summary>Longest that writing a batch takes.</summary>
    public static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(60);

    /// <summary>Longest that a question takes.</summary>
    public static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(60);

    /// <summary>Makes a call, which stops when its token says so.</summary>
    /// <exception cref="EngineException">It took too long.</exception>
    public static async ValueTask<T> WithinAsync<T>(
        TimeSpan limit, string product, TimeProvider time, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var due = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, cancellationToken);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EngineException(EngineFault.Slow, $"{product} did not answer within {limit.TotalSeconds:0.#} s.");
        }
    }
}
