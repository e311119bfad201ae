using HPManager.Core.Manufacturers;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>How to enable access on a controller, step by step, with what else to know and what is not proven.</summary>
public partial class SetupGuideView
{
    /// <summary>The model's guide.</summary>
    [Parameter, EditorRequired]
    public required SetupGuide Guide { get; set; }
}
