using System.Diagnostics.Metrics;

namespace HPManager.Core.Polling;

/// <summary>
/// The poller measures itself, under the meter <c>HPManager.Polling</c>. Thread-safe.
/// </summary>
internal sealed class PollingMetrics : IDisposable
{
    public const string MeterName = "HPManager.Polling";
    public const string LatenessName = "hpmanager.poll.lateness";
    public const string DurationName = "hpmanager.poll.duration";
    public const string FailuresName = "hpmanager.poll.failures";
    public const string MissedName = "hpmanager.poll.missed";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _lateness;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _missed;

    public PollingMetrics()
    {
        _lateness = _meter.CreateHistogram<double>(LatenessName, "s", "How long after its planned moment a poll began");
        _duration = _meter.CreateHistogram<double>(DurationName, "s", "How long a poll took");
        _failures = _meter.CreateCounter<long>(FailuresName, "{poll}", "Polls that gave no snapshot");
        _missed = _meter.CreateCounter<long>(MissedName, "{poll}", "Polls left out because the one before took too long");
    }

    public void Polled(TimeSpan lateness, TimeSpan duration, bool failed)
    {
        var tag = new KeyValuePair<string, object?>("failed", failed);
        _lateness.Record(lateness.TotalSeconds, tag);
        _duration.Record(duration.TotalSeconds, tag);
        if (failed) _failures.Add(1);
    }

    public void Missed(long polls)
    {
        if (polls > 0) _missed.Add(polls);
    }

    public void Dispose() => _meter.Dispose();
}
