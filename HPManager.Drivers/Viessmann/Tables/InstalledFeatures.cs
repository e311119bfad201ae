using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Viessmann.Client;

namespace HPManager.Drivers.Viessmann.Tables;

/// <summary>Which lines of the table one installation has, and what may be written now.</summary>
internal static class InstalledFeatures
{
    /// <summary>The points that the features tell, in the table's order.</summary>
    public static IEnumerable<FeaturePoint> Of(FeatureTable table, IReadOnlyDictionary<string, Feature> features)
    {
        var circuits = Enabled(features, "heating.circuits");
        var compressors = Enabled(features, "heating.compressors");
        return table.Points.Where(point => IsThere(point) && point.Find(features) is not null);

        bool IsThere(FeaturePoint point) => point.Index is not { } index || (Listed(point.Row) is not { } listed || listed.Contains(index));

        HashSet<int>? Listed(FeatureRow row) =>
            row.Feature.StartsWith(FeatureTable.CircuitPrefix, StringComparison.Ordinal) ? circuits
            : row.Feature.StartsWith(FeatureTable.CompressorPrefix, StringComparison.Ordinal) ? compressors : null;
    }

    /// <summary>A sensor as it is now.</summary>
    /// <param name="point">What it is.</param>
    /// <param name="feature">What tells it; null when it is remembered, or promised, only.</param>
    /// <param name="carriesSignal">Whether it carries its signal: an installation has most of them once.</param>
    /// <param name="isWritable">Whether it counts as writable while nothing newer is known.</param>
    public static SensorDefinition Describe(FeaturePoint point, Feature? feature, bool carriesSignal, bool isWritable)
    {
        var row = point.Row;
        var writes = feature is null ? null : WritesNow(row, feature);
        var canWrite = feature is null ? isWritable && row.Write is not null : writes is not null;
        var isMeasured = row.Write is null && row.Type is FeatureType.Number or FeatureType.Counter;
        var plausible = isMeasured ? FeatureDecoder.PlausibleOf(row) : default;
        return new SensorDefinition
        {
            Key = point.Key,
            Label = LabelOf(point),
            Category = row.Category,
            Kind = KindOf(row.Type),
            Unit = row.Unit,
            Access = canWrite ? SensorAccess.ReadWrite : SensorAccess.Read,
            WriteClass = canWrite ? row.WriteClass : WriteClass.None,
            Range = canWrite ? writes?.Range ?? row.Range : plausible,
            IsRangePlausibility = isMeasured && plausible != default,
            Codes = CodesOf(row, feature, writes),
            Signal = carriesSignal ? row.Signal : null,
            Circuit = row.IsPerCircuit ? string.Create(CultureInfo.InvariantCulture, $"Circuit {point.Index + 1}") : null,
            Address = $"{feature?.Name ?? point.Feature}, {row.Property}",
            Notes = row.Notes,
            Source = row.Source,
        };
    }

    /// <summary>What may be written now; null when nothing may.</summary>
    public static CommandConstraints? WritesNow(FeatureRow row, Feature feature)
    {
        if (row.Write is not { } write) return null;
        if (write.OffCommand is null) return CommandConstraints.Of(row, feature, write.Command);

        // Of the two ways of a switch the cloud offers the one that changes something.
        return CommandConstraints.Of(row, feature, write.Command) ?? CommandConstraints.Of(row, feature, write.OffCommand);
    }

    // The controller's own list of what is there; null when it does not have one, and names have to tell.
    private static HashSet<int>? Enabled(IReadOnlyDictionary<string, Feature> features, string name)
    {
        if (!features.TryGetValue(name, out var feature)) return null;
        var list = feature.Property("enabled").Member("value");
        if (list.ValueKind != System.Text.Json.JsonValueKind.Array) return null;
        return [.. list.Items().Select(item => int.TryParse(item.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : -1).Where(index => index >= 0)];
    }

    private static string LabelOf(FeaturePoint point) => point.Index is > 0 && !point.Row.IsPerCircuit
        ? string.Create(CultureInfo.InvariantCulture, $"{point.Row.Label} {point.Index + 1}")
        : point.Row.Label;

    private static ValueKind KindOf(FeatureType type) => type switch
    {
        FeatureType.Number or FeatureType.NewestOf or FeatureType.FaultCode => ValueKind.Number,
        FeatureType.Counter => ValueKind.Counter,
        FeatureType.Switch or FeatureType.OnOff or FeatureType.FaultActive => ValueKind.Switch,
        FeatureType.Code => ValueKind.Code,
        _ => ValueKind.Text,
    };

    private static CodeTable? CodesOf(FeatureRow row, Feature? feature, CommandConstraints? writes)
    {
        if (row.Type is FeatureType.Switch or FeatureType.OnOff or FeatureType.FaultActive) return Switches;
        if (row.Type != FeatureType.Code) return null;
        var present = feature?.Property(row.Property).Member("value").Text() is { Length: > 0 and <= 60 } now ? new[] { now } : [];

        // Where the installation says what it offers, nothing else is.
        var offered = writes?.Words ?? [.. row.Words.Select(word => word.Api)];
        return FeatureWords.Table(row, offered.Concat(present));
    }

    private static CodeTable Switches { get; } = new([KeyValuePair.Create(0, "Off"), KeyValuePair.Create(1, "On")]);
}
