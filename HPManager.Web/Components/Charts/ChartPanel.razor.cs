using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Charts;

/// <summary>The card with the charts of a page: what is drawn, the charts, and how to use them.</summary>
public partial class ChartPanel
{
    /// <summary>What to draw; not empty.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<ChartSeries> Series { get; set; }

    /// <summary>What was chosen: key and label.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<(string Key, string Label)> Chips { get; set; }

    /// <summary>What was chosen is not to be drawn any more, by its key.</summary>
    [Parameter]
    public EventCallback<string> Removed { get; set; }

    /// <summary>What stands in the URL.</summary>
    [Parameter, EditorRequired]
    public required ChartView View { get; set; }

    /// <summary>What is shown now.</summary>
    [Parameter, EditorRequired]
    public required ChartWindow Window { get; set; }

    /// <summary>Another stretch is to be shown; with true in place of the present one, so that back does not lead through every step.</summary>
    [Parameter]
    public EventCallback<(ChartView View, bool InPlace)> ViewChanged { get; set; }

    /// <summary>Charts with the same word share the cursor.</summary>
    [Parameter]
    public string Companions { get; set; } = "page";

    /// <summary>Clock and zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }
}
