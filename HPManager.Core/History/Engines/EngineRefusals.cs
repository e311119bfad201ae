using HPManager.Core.Sensors;

namespace HPManager.Core.History.Engines;

/// <summary>Gathers what an engine will never take. Not thread-safe: of one batch.</summary>
internal sealed class EngineRefusals(EngineBatch batch)
{
    private readonly HashSet<string> _known = [];
    private readonly List<string> _refused = [];
    private int _readings;

    /// <summary>Notes something refused, once.</summary>
    /// <param name="what">Words that end without a full stop.</param>
    /// <param name="readings">How many readings that are, at least.</param>
    public void Add(string what, int readings = 1)
    {
        if (!_known.Add(what)) return;
        _readings += readings;
        if (_refused.Count < EngineReceipt.MostRefused) _refused.Add(what);
    }

    /// <summary>Notes that a sensor is refused altogether, in words that begin with its name.</summary>
    public void AddSeries(int series, string what) => Add(what, batch.Polls.Series[series].Readings.Count(reading => reading.IsGood));

    /// <summary>Notes a reading that was refused.</summary>
    public void Add(SensorKey sensor, int poll, string why) => Add($"{sensor} of {batch.HeatPump.Id} at {Moment(poll)}: {why}");

    /// <summary>Notes a poll that was refused.</summary>
    public void Add(int poll, string why) => Add($"{batch.HeatPump.Id} at {Moment(poll)}: {why}", Math.Max(1, batch.Polls.Series.Count(series => series.Readings[poll].IsGood)));

    /// <summary>The receipt.</summary>
    public EngineReceipt ToReceipt(int readings) => new(readings, _readings, _refused);

    private string Moment(int poll) => batch.Polls.Times[poll].UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
