using HPManager.Core.Sensors;
using HPManager.Web.Components.Display;

namespace HPManager.Web.Components.Charts;

/// <summary>Something that can be chosen to be drawn.</summary>
/// <param name="Key">What stands in the URL.</param>
/// <param name="Label">What a person reads.</param>
/// <param name="Unit">Its unit's symbol; empty for none.</param>
/// <param name="Group">Heading it stands under; null for none.</param>
/// <param name="Words">What a search finds it by too.</param>
public sealed record SensorOffer(string Key, string Label, string Unit, string? Group, string Words)
{
    /// <summary>A sensor by its key.</summary>
    public static SensorOffer Of(SensorDefinition sensor, string key, string? group = null) => new(
        key, ValueFormat.LabelOf(sensor), ChartGroups.IsState(sensor) ? "state" : sensor.Unit.Symbol, group, $"{sensor.Key} {sensor.Circuit}");

    /// <summary>Whether a word of a search finds it.</summary>
    public bool Matches(string word) => $"{Label} {Words} {Group}".Contains(word, StringComparison.CurrentCultureIgnoreCase);
}
