using HPManager.Core.HeatPumps;

namespace HPManager.Core.History;

/// <summary>What an owner has chosen about history, in the browser or by REST.</summary>
/// <param name="Source">Key of the engine that charts and REST read from; null for the embedded store.</param>
/// <param name="Engines">The engines that are fed beside the embedded store, at most one of a type.</param>
/// <param name="Keeping">How long readings are kept at full resolution where nothing else is said.</param>
/// <param name="KeepingOf">Likewise, of single heat pumps, by id.</param>
public sealed record HistorySettings(
    string? Source, IReadOnlyList<EngineSettings> Engines, HistoryKeeping Keeping, IReadOnlyDictionary<string, HistoryKeeping> KeepingOf)
{
    /// <summary>The embedded store alone, everything kept for ever.</summary>
    public static HistorySettings Default { get; } = new(null, [], HistoryKeeping.ForEver, new Dictionary<string, HistoryKeeping>());

    /// <summary>Likewise without an engine; who read from it reads from the embedded store.</summary>
    public HistorySettings Without(string engine) => this with { Engines = [.. Engines.Where(one => one.Type != engine)], Source = Source == engine ? null : Source };
}

/// <summary>An engine that an owner has added.</summary>
/// <param name="Type">Key of its type.</param>
/// <param name="Settings">What was given of the type's parameters; secrets in plain text.</param>
/// <param name="IsOn">Whether it is fed.</param>
/// <param name="WithPast">Whether it gets what was kept before it was added.</param>
public sealed record EngineSettings(string Type, Settings Settings, bool IsOn, bool WithPast);

/// <summary>How long readings are kept at full resolution. The aggregates of each hour are kept for ever.</summary>
/// <param name="Days">At most so many days, 1 to 36,500; null without a limit.</param>
/// <param name="Megabytes">At most so much on disk for one heat pump, 1 to 1,000,000; null without a limit.</param>
public sealed record HistoryKeeping(int? Days, int? Megabytes)
{
    /// <summary>Longest time that can be chosen.</summary>
    public const int MostDays = 36_500;

    /// <summary>Largest size that can be chosen.</summary>
    public const int MostMegabytes = 1_000_000;

    /// <summary>Everything, always.</summary>
    public static HistoryKeeping ForEver { get; } = new(null, null);

    /// <summary>What is wrong with it; fields are named <c>prefix.days</c> and <c>prefix.megabytes</c>.</summary>
    public IEnumerable<FieldError> Check(string prefix)
    {
        if (Days is < 1 or > MostDays) yield return new FieldError($"{prefix}.days", $"Days must be a whole number from 1 to {MostDays}, or empty for no limit.");
        if (Megabytes is < 1 or > MostMegabytes) yield return new FieldError($"{prefix}.megabytes", $"Megabytes must be a whole number from 1 to {MostMegabytes}, or empty for no limit.");
    }
}
