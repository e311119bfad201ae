using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>Any sensors over time, in as many charts below each other as their units need; they share cursor and zoom.</summary>
public partial class ChartStack
{
    /// <summary>The heat pump's newest state.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpState State { get; set; }

    /// <summary>What to draw; what cannot be drawn is left out.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<SensorDefinition> Sensors { get; set; }

    /// <summary>Which stretch of time.</summary>
    [Parameter, EditorRequired]
    public required ChartWindow Window { get; set; }

    /// <summary>The viewer zoomed to a stretch, or back out with null.</summary>
    [Parameter]
    public EventCallback<ChartWindow?> Zoomed { get; set; }

    /// <summary>Charts with the same word share the cursor.</summary>
    [Parameter]
    public string Companions { get; set; } = "page";

    /// <summary>Height of a chart of numbers in CSS pixels.</summary>
    [Parameter]
    public int Height { get; set; } = 280;

    private IReadOnlyList<IReadOnlyList<SensorDefinition>> Groups => ChartGroups.Of(Sensors);
}
