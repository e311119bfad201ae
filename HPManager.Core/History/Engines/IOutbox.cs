namespace HPManager.Core.History.Engines;

/// <summary>
/// What engines have not got yet. It is a place in what is kept anyway, per engine and heat pump, and no copy: a week without an engine costs nothing. Polls of a heat
/// pump come in the order of their arrival, also those of long ago that arrive late. Thread-safe; an engine's batches are taken by one reader.
/// </summary>
public interface IOutbox
{
    /// <summary>Begins to note what an engine has; one that is known goes on where it was.</summary>
    /// <param name="engine">Its name; never reused for another.</param>
    /// <param name="withPast">Whether it is to get what is kept already; otherwise only what arrives from now on.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="IOException">The store cannot be written now.</exception>
    ValueTask OpenAsync(string engine, bool withPast, CancellationToken cancellationToken);

    /// <summary>The oldest polls that the engine has not got, of whichever heat pump has waited longest; null when it has everything.</summary>
    /// <param name="engine">Its name.</param>
    /// <param name="most">At most so many polls, 1 to <see cref="HistoryBlock.MostPolls"/>.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="IOException">The store cannot be read now.</exception>
    ValueTask<OutboxBatch?> NextAsync(string engine, int most, CancellationToken cancellationToken);

    /// <summary>The engine has a batch; it is not given again, also after a restart.</summary>
    /// <exception cref="IOException">The store cannot be written now; the batch will be given again.</exception>
    ValueTask AcknowledgeAsync(string engine, OutboxBatch batch, CancellationToken cancellationToken);

    /// <summary>How far behind the engine is.</summary>
    /// <exception cref="IOException">The store cannot be read now.</exception>
    ValueTask<OutboxLag> LagAsync(string engine, CancellationToken cancellationToken);

    /// <summary>Forgets an engine that the owner removed.</summary>
    /// <exception cref="IOException">The store cannot be written now.</exception>
    ValueTask ForgetAsync(string engine, CancellationToken cancellationToken);
}

/// <summary>Polls for an engine.</summary>
/// <param name="Polls">The polls of one heat pump in the order of their arrival; no moment twice.</param>
/// <param name="Upto">Place behind the last of them.</param>
public sealed record OutboxBatch(HistoryBlock Polls, long Upto);

/// <summary>How far behind an engine is.</summary>
/// <param name="Polls">Polls that it has not got.</param>
/// <param name="Oldest">The earliest of them, UTC; null when it has everything.</param>
public sealed record OutboxLag(long Polls, DateTimeOffset? Oldest);
