using HPManager.Core.Manufacturers;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>How a heat pump is reached: the way, and what has to be known for it.</summary>
public partial class ConnectionFields
{
    /// <summary>What was typed so far.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpDraft Draft { get; set; }

    /// <summary>The model, which says what is offered.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpModel Model { get; set; }

    /// <summary>Something was chosen, or a field was left.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private ConnectionKind? Chosen => Model.Connections.FirstOrDefault(offered => offered.Kind == Draft.Kind);

    private Task ChooseAsync(string kind)
    {
        Draft.Kind = kind;
        return Changed.InvokeAsync();
    }
}
