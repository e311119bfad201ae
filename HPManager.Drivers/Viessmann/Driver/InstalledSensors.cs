using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Viessmann.Client;
using HPManager.Drivers.Viessmann.Tables;

namespace HPManager.Drivers.Viessmann.Driver;

/// <summary>
/// The sensors of one installation: those it has shown so far, with what may be written as of its newest answer, and behind them the driver's own. Used by one
/// session.
/// </summary>
internal sealed class InstalledSensors
{
    private const char WritableMark = '+';

    private readonly FeatureTable _table;
    private readonly SortedDictionary<int, bool> _known = [];
    private readonly Dictionary<FeaturePoint, int> _positions;
    private string _signature = "";

    /// <summary>Begins with what was remembered; what is not in the table any more is left out.</summary>
    public InstalledSensors(FeatureTable table, string? remembered)
    {
        _table = table;
        _positions = table.Points.Select((point, position) => (point, position)).ToDictionary(pair => pair.point, pair => pair.position);
        foreach (var word in (remembered ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (SensorKey.TryParse(word.TrimEnd(WritableMark), out var key) && table.ByKey.TryGetValue(key, out var point)) _known[_positions[point]] = word.EndsWith(WritableMark);
        }

        Points = [];
        Set = SensorSet.Empty;
        Build(new Dictionary<string, Feature>());
    }

    /// <summary>The sensors as they are now.</summary>
    public SensorSet Set { get; private set; }

    /// <summary>What tells each of them, at the same positions; the driver's own come behind.</summary>
    public IReadOnlyList<FeaturePoint> Points { get; private set; }

    /// <summary>What to remember.</summary>
    public string Remembered => string.Join(' ', _known.Select(known => $"{_table.Points[known.Key].Key}{(known.Value ? WritableMark : "")}"));

    /// <summary>What a heat pump may have, before anything is known of it: one circuit, one compressor.</summary>
    public static SensorSet Promised(FeatureTable table) => new(
    [
        .. Describe([.. table.Points.Where(point => point.Index is null or 0).Select(point => (point, (Feature?)null, true))]), .. CloudSensors.All,
    ]);

    /// <summary>Takes in what the installation tells now.</summary>
    /// <returns>Whether it told something that is to be remembered.</returns>
    public bool Learn(IReadOnlyDictionary<string, Feature> features)
    {
        var isNew = false;
        foreach (var point in InstalledFeatures.Of(_table, features))
        {
            var position = _positions[point];
            var isWritable = InstalledFeatures.WritesNow(point.Row, point.Find(features)!) is not null;
            if (_known.TryGetValue(position, out var before) && (before || !isWritable)) continue;
            _known[position] = isWritable;
            isNew = true;
        }

        Build(features);
        return isNew;
    }

    // The set is another one only when something in it is.
    private void Build(IReadOnlyDictionary<string, Feature> features)
    {
        var points = _known.Select(known => (Point: _table.Points[known.Key], Feature: _table.Points[known.Key].Find(features), IsWritable: known.Value)).ToList();
        var definitions = Describe(points).ToList();
        var signature = string.Join('\n', definitions.Select(SignatureOf));
        if (signature == _signature && Set.Count > 0) return;
        _signature = signature;
        Points = [.. points.Select(point => point.Point)];
        Set = new SensorSet([.. definitions, .. CloudSensors.All]);
    }

    private static IEnumerable<SensorDefinition> Describe(IReadOnlyList<(FeaturePoint Point, Feature? Feature, bool IsWritable)> points)
    {
        // Two lines of the table may mean the same; the first one that is there carries the signal.
        var taken = new HashSet<(Signal, int?)>();
        foreach (var (point, feature, isWritable) in points)
        {
            var carries = point.Row.Signal is { } signal && taken.Add((signal, signal.IsPerCircuit() && point.Row.IsPerCircuit ? point.Index : null));
            yield return InstalledFeatures.Describe(point, feature, carries, isWritable);
        }
    }

    private static string SignatureOf(SensorDefinition sensor) => string.Create(
        CultureInfo.InvariantCulture,
        $"{sensor.Key} {sensor.Access} {sensor.Range} {sensor.Address} {(sensor.Codes is { } codes ? string.Join(',', codes.Entries.Select(entry => entry.Key)) : "")}");
}
