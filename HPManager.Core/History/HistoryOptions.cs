using Microsoft.Extensions.Options;

namespace HPManager.Core.History;

/// <summary>How snapshots wait for the store: section <c>History</c> of the settings.</summary>
public sealed class HistoryOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "History";

    /// <summary>Most snapshots that wait while the store cannot take them, 100 to 100,000; further ones are dropped and counted. Default 5,000.</summary>
    public int QueueLimit { get; set; } = 5_000;

    /// <summary>Longest that a snapshot waits before it is written, 0 to 60 seconds. Default 1.</summary>
    public double BatchSeconds { get; set; } = 1;

    /// <summary>Most readings a second that an engine which was away is sent of its backlog, 100 to 10,000,000. Default 100,000.</summary>
    public int BackfillReadingsPerSecond { get; set; } = 100_000;
}

internal sealed class ValidateHistoryOptions : IValidateOptions<HistoryOptions>
{
    public ValidateOptionsResult Validate(string? name, HistoryOptions options)
    {
        var errors = new List<string>();
        if (options.QueueLimit is < 100 or > 100_000)
            errors.Add($"{HistoryOptions.Section}:{nameof(options.QueueLimit)} is {options.QueueLimit}; allowed are 100 to 100000.");
        if (options.BatchSeconds is not (>= 0 and <= 60))
            errors.Add($"{HistoryOptions.Section}:{nameof(options.BatchSeconds)} is {options.BatchSeconds}; allowed are 0 to 60.");
        if (options.BackfillReadingsPerSecond is < 100 or > 10_000_000)
            errors.Add($"{HistoryOptions.Section}:{nameof(options.BackfillReadingsPerSecond)} is {options.BackfillReadingsPerSecond}; allowed are 100 to 10000000.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
