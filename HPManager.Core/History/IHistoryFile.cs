using HPManager.Core.HeatPumps;

namespace HPManager.Core.History;

/// <summary>The embedded store's file, for those who look after it. Thread-safe; nothing here keeps polls from being written.</summary>
public interface IHistoryFile
{
    /// <summary>What there is, and what it takes.</summary>
    /// <exception cref="IOException">The file cannot be read now.</exception>
    ValueTask<HistoryFileStatus> StatusAsync(CancellationToken cancellationToken);

    /// <summary>Reads and decodes everything, and compares the aggregates with what they are made of.</summary>
    /// <param name="progress">Told how far it is, 0 to 1; null for nobody.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="IOException">The file cannot be read now.</exception>
    ValueTask<HistoryCheckReport> CheckAsync(IProgress<double>? progress, CancellationToken cancellationToken);

    /// <summary>Writes a whole copy into a new file while everything goes on.</summary>
    /// <exception cref="IOException">The file exists, or cannot be written.</exception>
    ValueTask BackUpAsync(string file, CancellationToken cancellationToken);
}

/// <summary>What the history's file holds.</summary>
/// <param name="File">Its path.</param>
/// <param name="Bytes">What it takes on disk, its write-ahead log included.</param>
/// <param name="HeatPumps">What there is of each heat pump, by id.</param>
/// <param name="Unsealed">Polls among them that are not sealed yet.</param>
/// <param name="Damage">What is known to be damaged.</param>
public sealed record HistoryFileStatus(string File, long Bytes, IReadOnlyList<HeatPumpHistory> HeatPumps, int Unsealed, IReadOnlyList<HistoryDamage> Damage);

/// <summary>What there is of a heat pump.</summary>
/// <param name="HeatPump">Whose.</param>
/// <param name="First">From when on, UTC.</param>
/// <param name="Last">Until when, UTC.</param>
/// <param name="Polls">Polls at full resolution.</param>
/// <param name="Bytes">What those that are sealed take.</param>
public sealed record HeatPumpHistory(HeatPumpId HeatPump, DateTimeOffset First, DateTimeOffset Last, long Polls, long Bytes);

/// <summary>What checking everything has found.</summary>
/// <param name="Segments">Sealed stretches read.</param>
/// <param name="Polls">Polls read.</param>
/// <param name="Readings">Readings decoded.</param>
/// <param name="Damage">What is damaged, here and since the start.</param>
/// <param name="Database">What SQLite says of the file; null when it is intact.</param>
public sealed record HistoryCheckReport(int Segments, long Polls, long Readings, IReadOnlyList<HistoryDamage> Damage, string? Database)
{
    /// <summary>Whether all is as it was written.</summary>
    public bool IsIntact => Damage.Count == 0 && Database is null;
}

/// <summary>A stretch of history that cannot be read any more; everything else is served.</summary>
/// <param name="HeatPump">Whose; null when the whole file was damaged.</param>
/// <param name="First">Its first moment, UTC.</param>
/// <param name="Last">Its last moment, UTC.</param>
/// <param name="What">What is lost there, and why.</param>
public sealed record HistoryDamage(HeatPumpId? HeatPump, DateTimeOffset First, DateTimeOffset Last, string What);
