using HPManager.Core.HeatPumps;
using HPManager.Core.Live;

namespace HPManager.Web.Components.Charts;

/// <summary>What a mark is about, which decides how it looks.</summary>
public enum ChartMarkKind
{
    /// <summary>A fault is there.</summary>
    Fault,

    /// <summary>A fault is gone.</summary>
    Resolved,

    /// <summary>No readings.</summary>
    Gap,
}

/// <summary>Something that happened to a heat pump.</summary>
/// <param name="HeatPumpId">Which.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Until">When it was over, UTC; null for a moment.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">In a few words, without the heat pump's name.</param>
public sealed record ChartMark(HeatPumpId HeatPumpId, DateTimeOffset At, DateTimeOffset? Until, ChartMarkKind Kind, string Text);

/// <summary>Tells what is to be marked in charts. Thread-safe.</summary>
public interface IChartMarks
{
    /// <summary>Most marks of one answer.</summary>
    const int Most = 60;

    /// <summary>What happened in a range, in ascending time; the newest when there is more than <see cref="Most"/>.</summary>
    /// <exception cref="IOException">It cannot be told now.</exception>
    Task<IReadOnlyList<ChartMark>> ReadAsync(HeatPumpState heatPump, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);
}
