using HPManager.Core.Sensors;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>
/// A reading as a person reads it: number and unit or word; a dash with the reason where there is no value; dimmed with its age when it is
/// stale; marked when it is not to be believed. The reason shows on hover and on focus.
/// </summary>
public partial class ValueText
{
    private int _changes;
    private string? _shown;

    /// <summary>What the reading is of.</summary>
    [Parameter, EditorRequired]
    public required SensorDefinition Sensor { get; set; }

    /// <summary>The reading.</summary>
    [Parameter, EditorRequired]
    public required Reading Reading { get; set; }

    /// <summary>For the age of a stale value.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private string Text { get; set; } = ValueFormat.Dash;

    private string UnitText { get; set; } = "";

    private string Spoken => Text == ValueFormat.Dash ? "No value" : $"{Text} {UnitText}".TrimEnd();

    private string QualityClass => Reading.Quality switch
    {
        Quality.Missing or Quality.Failed => "absent",
        Quality.Stale => "stale",
        Quality.Implausible => "implausible",
        _ => "",
    };

    private string? Hint => Reading.Quality switch
    {
        Quality.Good => null,
        Quality.Stale => $"Read {ValueFormat.Age(Viewer.AgeOf(Reading.At))}, {Reading.Reason ?? "no newer value"}",
        Quality.Implausible => $"Implausible: {Reading.Reason ?? "outside of what is possible"}",
        Quality.Failed => $"Could not be read: {Reading.Reason ?? "no reason given"}",
        _ => $"No value: {Reading.Reason ?? "the device gives none"}",
    };

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        Text = ValueFormat.MomentOf(Sensor, Reading) is { } moment ? Viewer.Time(moment) : ValueFormat.Reading(Sensor, Reading);
        UnitText = ValueFormat.UnitOf(Sensor, Reading);
        // The element is made anew for a changed value, which starts the fade; the first value just stands there.
        if (_shown is not null && _shown != Text) _changes++;
        _shown = Text;
    }
}
