using Microsoft.Extensions.Logging;

namespace HPManager.Core.History.Engines;

/// <summary>Where charts and REST read from.</summary>
/// <param name="Chosen">Key of the engine that was chosen; null for the embedded store.</param>
/// <param name="Instead">Why the embedded store answers instead of it; null when the engine answers.</param>
/// <param name="Since">Since when, UTC; null when it answers, or never was asked.</param>
public sealed record HistorySourceStatus(string? Chosen, string? Instead, DateTimeOffset? Since);

/// <summary>
/// Whether the engine that was chosen to be read from can be. While it cannot, it is asked again every half minute only, so that pages do not wait for it each time. Thread-safe.
/// </summary>
internal sealed partial class ChosenSource(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private HistorySourceStatus _status = new(null, null, null);
    private DateTimeOffset _restsFrom;

    /// <summary>How it is.</summary>
    public HistorySourceStatus Status
    {
        get
        {
            lock (_gate) return _status;
        }
    }

    /// <summary>The engine to be asked now; null for the embedded store.</summary>
    public string? ToAsk
    {
        get
        {
            lock (_gate) return _status.Since is null || (time.GetUtcNow() - _restsFrom).Duration() >= Rest ? _status.Chosen : null;
        }
    }

    /// <summary>The owner chose.</summary>
    /// <param name="engine">Key of an engine; null for the embedded store.</param>
    /// <param name="isFed">Whether it is set up and switched on.</param>
    public void Choose(string? engine, bool isFed)
    {
        lock (_gate) _status = new HistorySourceStatus(engine, engine is null || isFed ? null : "The engine is switched off", null);
    }

    /// <summary>It answered.</summary>
    public void Answered(string engine)
    {
        lock (_gate)
        {
            if (_status.Chosen != engine || _status.Since is null) return;
            _status = new HistorySourceStatus(engine, null, null);
        }

        Log.ReadAgain(logger, engine);
    }

    /// <summary>It did not answer.</summary>
    public void Failed(string engine, string reason)
    {
        lock (_gate)
        {
            if (_status.Chosen != engine) return;
            _restsFrom = time.GetUtcNow();
            var isFirst = _status.Since is null;
            _status = new HistorySourceStatus(engine, reason, _status.Since ?? _restsFrom);
            if (!isFirst) return;
        }

        Log.ReadInstead(logger, engine, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 6026, Level = LogLevel.Warning, Message = "The history engine {Engine} cannot be read: {Reason}; charts and REST read from the embedded store meanwhile")]
        public static partial void ReadInstead(ILogger logger, string engine, string reason);

        [LoggerMessage(EventId = 6027, Level = LogLevel.Information, Message = "Charts and REST read from the history engine {Engine} again")]
        public static partial void ReadAgain(ILogger logger, string engine);
    }
}
