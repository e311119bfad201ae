using HPManager.Core.Sensors;

namespace HPManager.Core.History.Import;

/// <summary>Counts what becomes of a series. Used by one caller at a time.</summary>
internal sealed class ImportTally
{
    private readonly SeriesOutcome _begin;
    private readonly Dictionary<string, long> _reasons;
    private long _kept;
    private long _here;
    private long _missing;
    private long _statistics;
    private long _refused;
    private DateTimeOffset? _first;
    private DateTimeOffset? _last;

    public ImportTally(SeriesOutcome begin)
    {
        _begin = begin;
        _reasons = begin.Reasons.ToDictionary();
        (_first, _last) = (begin.First, begin.Last);
    }

    /// <summary>As it stands.</summary>
    public SeriesOutcome Outcome => _begin with
    {
        Kept = _begin.Kept + _kept,
        Here = _begin.Here + _here,
        Missing = _begin.Missing + _missing,
        Statistics = _begin.Statistics + _statistics,
        Refused = _begin.Refused + _refused,
        Reasons = _reasons.ToDictionary(),
        First = _first,
        Last = _last,
    };

    public void Keep(Reading reading, bool isStatistic)
    {
        _kept++;
        if (reading is { Value: null, Text: null }) _missing++;
        if (isStatistic) _statistics++;
        if (_first is null || reading.At < _first) _first = reading.At;
        if (_last is null || reading.At > _last) _last = reading.At;
    }

    public void WasHere() => _here++;

    public void Refuse(string reason)
    {
        _refused++;
        if (!_reasons.ContainsKey(reason) && _reasons.Count >= SeriesOutcome.MostReasons) reason = "other reasons";
        _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
    }
}
