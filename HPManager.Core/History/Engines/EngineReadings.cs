namespace HPManager.Core.History.Engines;

/// <summary>What of a batch goes to an engine: finite good values at moments that engines can keep. The rest is a gap there, and told when it is not meant to be one.</summary>
internal sealed class EngineReadings
{
    private readonly HistoryBlock _polls;
    private readonly bool[] _isKept;
    private readonly HashSet<(int? Series, int Poll)> _isThere = [];

    /// <summary>Looks through a batch.</summary>
    public EngineReadings(EngineBatch batch, EngineRefusals refusals)
    {
        _polls = batch.Polls;
        _isKept = new bool[_polls.Times.Count];
        for (var poll = 0; poll < _isKept.Length; poll++)
        {
            _isKept[poll] = EngineRange.CanKeep(_polls.Times[poll].ToUnixTimeMilliseconds());
            if (!_isKept[poll]) refusals.Add(poll, "engines keep moments from 1971 to 2068 only");
            foreach (var series in _polls.Series)
            {
                var reading = series.Readings[poll];
                if (!reading.IsGood) continue;
                if (!double.IsFinite(reading.Value!.Value)) refusals.Add(series.Sensor, poll, "is no finite number");
                else if (_isKept[poll]) Count++;
            }
        }
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Leaves out a value, or without a sensor a poll's mark, that the engine has already and would keep twice.</summary>
    public void LeaveOut(int? series, int poll) => _isThere.Add((series, poll));

    /// <summary>Whether a poll goes there at all.</summary>
    public bool IsKept(int poll) => _isKept[poll];

    /// <summary>Whether a poll's mark goes there.</summary>
    public bool HasMark(int poll) => _isKept[poll] && !_isThere.Contains((null, poll));

    /// <summary>The value of a sensor in a poll; null for a gap, and for what is there.</summary>
    public double? Value(int series, int poll) => _isKept[poll] && GoodAt(series, poll) is { } value && !_isThere.Contains((series, poll)) ? value : null;

    /// <summary>How many values a poll has, there or not.</summary>
    public int CountOf(int poll)
    {
        var count = 0;
        for (var series = 0; series < _polls.Series.Count; series++) count += GoodAt(series, poll) is null ? 0 : 1;
        return count;
    }

    private double? GoodAt(int series, int poll)
    {
        var reading = _polls.Series[series].Readings[poll];
        return reading.IsGood && double.IsFinite(reading.Value!.Value) ? reading.Value : null;
    }
}
