using HPManager.Core.Live;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>What a heat pump is doing, in one line; announced politely when it changes.</summary>
public partial class StateLine
{
    /// <summary>The heat pump's state.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpState State { get; set; }

    /// <summary>As the headline of a page.</summary>
    [Parameter]
    public bool Large { get; set; }

    /// <summary>In whose zone times are written.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private StateSentence Sentence => StateSentence.Of(State, Viewer);
}
