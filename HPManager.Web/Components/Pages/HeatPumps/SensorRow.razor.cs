using HPManager.Core.Live;
using HPManager.Core.Sensors;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages;

/// <summary>One sensor in the list. Renders only when its reading changed: a list has hundreds.</summary>
public partial class SensorRow
{
    private (SensorDefinition Sensor, Reading Reading)? _drawn;
    private bool _isNew;

    /// <summary>The heat pump's newest state.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpState State { get; set; }

    /// <summary>The sensor.</summary>
    [Parameter, EditorRequired]
    public required SensorDefinition Sensor { get; set; }

    /// <summary>Its reading.</summary>
    [Parameter, EditorRequired]
    public required Reading Reading { get; set; }

    /// <summary>A person wants to change the value.</summary>
    [Parameter]
    public EventCallback<SensorDefinition> Change { get; set; }

    private string? Title => Sensor.Address.Length == 0 ? Sensor.Notes : $"{Sensor.Address}. {Sensor.Notes}".TrimEnd(' ', '.');

    /// <inheritdoc/>
    protected override bool ShouldRender() => _isNew;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // The moment alone changes with every poll and is not shown, unless the value is stale and carries its age.
        var shown = Reading.IsGood ? Reading with { At = default } : Reading;
        _isNew = _drawn != (Sensor, shown);
        _drawn = (Sensor, shown);
    }
}
