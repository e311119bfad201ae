using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>
/// Polls as they come from a heat pump over some hours, made by chance: outages, a change of the interval, values that are missing, failed or implausible, a sensor that is away for
/// a while, one that tells texts, and sizes from 1e-9 to 1e12 with either sign.
/// </summary>
internal sealed class RandomPolls
{
    private readonly Random _random;

    public RandomPolls(int seed, HeatPumpId heatPump, DateTimeOffset start)
    {
        _random = new Random(seed);
        HeatPump = heatPump;
        Times = MakeTimes(start);
        Series = [.. Scales.Select((scale, index) => new HistorySeries(KeyOf(index), MakeReadings(scale, isAway: index == 2))), Words()];
    }

    /// <summary>What the sensors' values are multiples of.</summary>
    public static IReadOnlyList<double> Scales { get; } = [0.1, 1e-9, 1e12, 0.01, 1, 1e3, 0.5, 1e-3];

    public HeatPumpId HeatPump { get; }

    public IReadOnlyList<DateTimeOffset> Times { get; }

    public IReadOnlyList<HistorySeries> Series { get; }

    public static SensorKey KeyOf(int index) => SensorKey.Parse($"sensor_{index}");

    /// <summary>Polls from one to another, as a batch; in another order when wanted.</summary>
    public EngineBatch Batch(int from, int to, string model, string? location = "Cellar, left = \"south\"", bool mayBeThere = false, bool isShuffled = false)
    {
        var polls = Enumerable.Range(from, to - from).ToArray();
        if (isShuffled) _random.Shuffle(polls);
        var block = new HistoryBlock(
            HeatPump,
            [.. polls.Select(poll => Times[poll])],
            [.. Series.Select(series => series with { Readings = [.. polls.Select(poll => series.Readings[poll])] })]);
        var sensors = new SensorSet([.. Series.Take(Series.Count - 2).Select(series => Sensor.Number(series.Sensor.Value, "°C"))]);
        return new EngineBatch(new EngineHeatPump(HeatPump, "Haus, Nr. 5 \\", location, "nibe", model, sensors), block, mayBeThere);
    }

    private List<DateTimeOffset> MakeTimes(DateTimeOffset start)
    {
        var times = new List<DateTimeOffset>();
        var at = start;
        for (var poll = 0; poll < 700; poll++)
        {
            times.Add(at);
            at += TimeSpan.FromSeconds(poll < 400 ? 10 : 30);
            if (_random.Next(60) == 0) at += TimeSpan.FromSeconds(_random.Next(1, 400) * 10);
            if (poll == 300) at += TimeSpan.FromMilliseconds(123);
        }

        return times;
    }

    private StoredReading[] MakeReadings(double scale, bool isAway) => [.. Times.Select((_, poll) => isAway && poll is > 100 and < 250 ? default : MakeReading(scale, poll))];

    private StoredReading MakeReading(double scale, int poll)
    {
        // Whole minutes in which nothing answers.
        if (poll % 97 is > 3 and < 9) return new StoredReading(null, null, Quality.Failed);
        return _random.Next(12) switch
        {
            0 => new StoredReading(null, null, Quality.Missing),
            1 => new StoredReading(_random.Next() * scale, null, Quality.Implausible),
            2 => default,
            _ => new StoredReading(_random.Next(-5_000, 5_000) * scale, null, Quality.Good),
        };
    }

    private HistorySeries Words() =>
        new(SensorKey.Parse("words"), [.. Times.Select(_ => new StoredReading(null, "Heizen, \"leise\" = ja", Quality.Good))]);
}
