using System.Text;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.Import;

/// <summary>Guesses which sensor a series is: by key, label, meaning and unit. A guess is shown and corrected, never taken by itself.</summary>
public static class SeriesProposals
{
    private const double Least = 0.65;

    // What other programs call what we call otherwise; each is read as the second.
    private static readonly (string Theirs, string Ours)[] Synonyms =
    [
        ("außentemperatur", "outdoor temperature"), ("aussentemperatur", "outdoor temperature"), ("vorlauftemperatur", "flow temperature"), ("rücklauftemperatur", "return temperature"),
        ("ruecklauftemperatur", "return temperature"), ("warmwassertemperatur", "hot water temperature"), ("betriebsart", "operating mode"),
        ("outside", "outdoor"), ("ambient", "outdoor"), ("exterior", "outdoor"), ("aussen", "outdoor"), ("außen", "outdoor"), ("supply", "flow"), ("vorlauf", "flow"),
        ("rücklauf", "return"), ("ruecklauf", "return"), ("dhw", "hot water"), ("warmwasser", "hot water"), ("hotwater", "hot water"), ("tap water", "hot water"), ("temp", "temperature"),
        ("temperatur", "temperature"), ("setpoint", "target"), ("soll", "target"), ("freq", "frequency"), ("consumption", "energy"), ("brine in", "source in"), ("brine out", "source out"),
    ];

    /// <summary>The sensor of each series by its id, where one is likely enough; a sensor is proposed once.</summary>
    public static IReadOnlyDictionary<string, SensorKey> Of(IReadOnlyList<FoundSeries> series, SensorSet sensors)
    {
        var readable = sensors.All.Where(sensor => sensor.IsReadable).Select(sensor => (Sensor: sensor, Words: WordsOfSensor(sensor))).ToList();
        var scored = from found in series
                     let names = NamesOf(found)
                     from candidate in readable
                     let score = Score(found, names, candidate.Sensor, candidate.Words)
                     where score >= Least
                     orderby score descending
                     select (found.Id, candidate.Sensor.Key);
        var proposals = new Dictionary<string, SensorKey>();
        var taken = new HashSet<SensorKey>();
        foreach (var (id, key) in scored)
        {
            if (proposals.ContainsKey(id) || !taken.Add(key)) continue;
            proposals.Add(id, key);
        }

        return proposals;
    }

    /// <summary>Whether values of the unit can become values of the sensor.</summary>
    public static bool Fits(string? unit, SensorDefinition sensor) =>
        sensor.Kind is not (ValueKind.Number or ValueKind.Counter) || ImportUnits.Conversion(unit, sensor.Unit.Symbol) is not null;

    private static double Score(FoundSeries found, IReadOnlyList<string> names, SensorDefinition sensor, IReadOnlyList<HashSet<string>> words)
    {
        if (!Fits(found.Unit, sensor)) return 0;
        var key = sensor.Key.Value;
        if (found.Name == key || found.Id == key) return 2;
        var best = 0.0;
        foreach (var name in names)
        {
            var ownWords = WordsOf(name);
            if (ownWords.Count == 0) continue;
            var joined = string.Join('_', name.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            if (joined == key) best = Math.Max(best, 1.9);
            else if (key.Contains('_', StringComparison.Ordinal) && joined.EndsWith("_" + key, StringComparison.Ordinal)) best = Math.Max(best, 1.5 + (key.Length * 0.001));
            foreach (var own in words) best = Math.Max(best, Likeness(ownWords, own));
        }

        var isSameUnit = found.Unit is not null && ImportUnits.Normal(found.Unit) == sensor.Unit.Symbol;
        return best + (best > 0 && isSameUnit ? 0.05 : 0) + (best > 0 && sensor.Signal is not null ? 0.02 : 0);
    }

    // Words of a series that a sensor lacks count less than the other way round: names begin with that of the device. One word alone, such as power, says nothing about whose it is.
    private static double Likeness(HashSet<string> series, HashSet<string> sensor)
    {
        var common = sensor.Count(series.Contains);
        if (common == 0 || (sensor.Count == 1 && series.Count > 1)) return 0;
        return common / (sensor.Count + (0.35 * (series.Count - common)));
    }

    private static List<string> NamesOf(FoundSeries found)
    {
        var names = new List<string> { Plain(found.Name), Plain(found.Id) };
        if (found.Alias is { } alias) names.Add(Plain(alias));
        return [.. names.Where(name => name.Length > 0).Distinct()];
    }

    private static List<HashSet<string>> WordsOfSensor(SensorDefinition sensor)
    {
        var circuit = sensor.Circuit is { } name ? " " + name : "";
        var words = new List<HashSet<string>> { WordsOf(Plain(sensor.Key.Value)), WordsOf(Plain(sensor.Label + circuit)) };
        if (sensor.Signal is { } signal) words.Add(WordsOf(Plain(signal.Key() + circuit)));
        return [.. words.Where(set => set.Count > 0)];
    }

    private static HashSet<string> WordsOf(string plain)
    {
        var text = $" {plain} ";
        foreach (var (theirs, ours) in Synonyms) text = text.Replace($" {theirs} ", $" {ours} ", StringComparison.Ordinal);
        return [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static string Plain(string name)
    {
        var text = new StringBuilder(name.Length);
        var wasLower = false;
        foreach (var c in name)
        {
            if (wasLower && char.IsUpper(c)) text.Append(' ');
            wasLower = char.IsLower(c);
            text.Append(char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ');
        }

        return string.Join(' ', text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}

/// <summary>Units that an owner can name.</summary>
public static class ImportUnitNames
{
    /// <summary>Their symbols.</summary>
    public static IReadOnlyCollection<string> Known => ImportUnits.Known;
}
