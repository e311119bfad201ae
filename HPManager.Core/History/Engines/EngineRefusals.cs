using HPManager.Core.Sensors;

namespace HPManager.Core.History.Engines;

/// <summary>Gathers what an engine will never take. Not thread-safe: of one batch.</summary>
internal sealed class EngineRefusals(EngineBatch batch)
{
    private readonly List<string> _refused = [];

    /// <summary>Notes something refused, in words that end without a full stop.</summary>
    public void Add(string what)
    {
        if (_refused.Count < EngineReceipt.MostRefused && !_refused.Contains(what)) _refused.Add(what);
    }

    /// <summary>Notes a reading that was refused.</summary>
    public void Add(SensorKey sensor, int poll, string why) => Add($"{sensor} of {batch.HeatPump.Id} at {Moment(poll)}: {why}");

    /// <summary>Notes a poll that was refused.</summary>
    public void Add(int poll, string why) => Add($"{batch.HeatPump.Id} at {Moment(poll)}: {why}");

    /// <summary>The receipt.</summary>
    public EngineReceipt ToReceipt(int readings) => new(readings, _refused);

    private string Moment(int poll) => batch.Polls.Times[poll].UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
