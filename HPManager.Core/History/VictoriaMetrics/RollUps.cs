using System.Globalization;
using System.Text.Json;
using HPManager.Core.History.Engines;

namespace HPManager.Core.History.VictoriaMetrics;

/// <summary>Lays together what a question gave in six series for each: one a function, told by a label.</summary>
internal sealed class RollUps(long first, long width, int count, long back)
{
    private const string Label = "rollup";
    private readonly Dictionary<string, (JsonElement Labels, Dictionary<string, double[]> Values)> _series = [];

    /// <summary>Adds a series of the answer, whose document lives on until it is read.</summary>
    public void Add(JsonElement series)
    {
        var labels = series.GetProperty("metric");
        var function = labels.GetProperty(Label).GetString()!;
        var key = string.Join('\n', labels.EnumerateObject().Where(label => label.Name != Label).Select(label => $"{label.Name}={label.Value.GetString()}").Order(StringComparer.Ordinal));
        if (!_series.TryGetValue(key, out var known)) _series[key] = known = (labels, []);
        var values = known.Values[function] = new double[count];
        Array.Fill(values, double.NaN);
        foreach (var point in series.GetProperty("values").EnumerateArray())
        {
            var moment = (long)Math.Round(point[0].GetDouble() * 1000) + back;
            var (window, rest) = Math.DivRem(moment - first - width + 1, width);
            if (rest != 0 || window < 0 || window >= count) throw new FormatException("a moment that was not asked for");
            values[window] = double.Parse(point[1].GetString()!, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Tells each window that has values.</summary>
    public void Read(Action<JsonElement, long, BucketPart> read)
    {
        foreach (var (labels, values) in _series.Values)
        {
            var (min, mean, max) = (values["min_over_time"], values["avg_over_time"], values["max_over_time"]);
            var (last, lastAt, counts) = (values["last_over_time"], values["tlast_over_time"], values["count_over_time"]);
            for (var window = 0; window < count; window++)
            {
                if (!(counts[window] > 0)) continue;
                var part = new BucketPart(min[window], mean[window], max[window], last[window], lastAt[window], (int)counts[window]);
                read(labels, first + (window * width), part);
            }
        }
    }
}
