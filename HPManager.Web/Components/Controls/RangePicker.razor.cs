using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>Chooses the stretch of time that the charts of a page show, and leads back out of a zoom.</summary>
public partial class RangePicker
{
    /// <summary>Key of the range in force.</summary>
    [Parameter, EditorRequired]
    public required string Range { get; set; }

    /// <summary>What is shown now.</summary>
    [Parameter, EditorRequired]
    public required ChartWindow Window { get; set; }

    /// <summary>A range was chosen, by its key.</summary>
    [Parameter]
    public EventCallback<string> Chosen { get; set; }

    /// <summary>In whose zone times are written.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }
}
