using HPManager.Core.Manufacturers;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>What happened and what to do about it.</summary>
public partial class FailureNotice
{
    /// <summary>The failure.</summary>
    [Parameter, EditorRequired]
    public required Failure Failure { get; set; }

    /// <summary>Further words or actions below.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
