using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Viessmann.Client;

namespace HPManager.Drivers.Viessmann.Tables;

/// <summary>A line of the table for one circuit or compressor, or for the heat pump itself. Immutable.</summary>
internal sealed class FeaturePoint
{
    private readonly string? _index;

    public FeaturePoint(FeatureRow row, int? index)
    {
        Row = row;
        Index = index;
        _index = index?.ToString(CultureInfo.InvariantCulture);
        var key = row.Key.EndsWith("_n", StringComparison.Ordinal) ? row.Key[..^2] : row.Key;
        Key = SensorKey.Parse(_index is null ? row.Key : $"{key}_{_index}");
        Feature = Named(row.Feature);
        Fallback = row.Fallback is null ? null : Named(row.Fallback);
    }

    public FeatureRow Row { get; }

    /// <summary>The cloud's index, from 0; null for the heat pump itself.</summary>
    public int? Index { get; }

    public SensorKey Key { get; }

    /// <summary>Name of the feature.</summary>
    public string Feature { get; }

    /// <summary>Older name of the feature; null for none.</summary>
    public string? Fallback { get; }

    /// <summary>The feature that tells it, by its newer name if that one tells it; null when the installation does not have it.</summary>
    public Feature? Find(IReadOnlyDictionary<string, Feature> features)
    {
        if (features.TryGetValue(Feature, out var newer) && newer.Tells(Row.Property)) return newer;
        return Fallback is not null && features.TryGetValue(Fallback, out var older) && older.Tells(Row.Property) ? older : null;
    }

    private string Named(string feature) => _index is null ? feature : feature.Replace(FeatureTable.Placeholder, _index, StringComparison.Ordinal);
}
