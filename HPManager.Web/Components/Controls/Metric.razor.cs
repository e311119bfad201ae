using HPManager.Core.Sensors;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>A label over a value, for the few numbers that matter most; stands in a <c>dl</c>.</summary>
public partial class Metric
{
    /// <summary>What a person calls it.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>What the reading is of.</summary>
    [Parameter, EditorRequired]
    public required SensorDefinition Sensor { get; set; }

    /// <summary>The reading.</summary>
    [Parameter, EditorRequired]
    public required Reading Reading { get; set; }

    /// <summary>In hero size.</summary>
    [Parameter]
    public bool Large { get; set; }
}
