using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace HPManager.Web.Components.Layout;

/// <summary>Navigation at the left or at the bottom, the page beside or above it.</summary>
public partial class MainLayout
{
    private ErrorBoundary? _boundary;

    /// <summary>Who looks.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    /// <summary>The browser.</summary>
    [Inject]
    public required IJSRuntime Browser { get; set; }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender) await Viewer.LearnAsync(Browser);
    }

    private void Recover() => _boundary?.Recover();
}
