using HPManager.Web.Components.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace HPManager.Web.Components.Layout;

/// <summary>Goes round the system's theme, light and dark; the browser keeps the choice.</summary>
public partial class ThemeSwitch
{
    private string _choice = "system";

    /// <summary>The browser.</summary>
    [Inject]
    public required IJSRuntime Browser { get; set; }

    private string Word => _choice switch
    {
        "light" => "Light",
        "dark" => "Dark",
        _ => "System",
    };

    private IconName Picture => _choice switch
    {
        "light" => IconName.Sun,
        "dark" => IconName.Moon,
        _ => IconName.Screen,
    };

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        var kept = await Browser.InvokeAsync<string>("hpTheme.current");
        if (kept is null || kept == _choice) return;
        _choice = kept;
        StateHasChanged();
    }

    private async Task NextAsync()
    {
        _choice = _choice switch
        {
            "system" => "light",
            "light" => "dark",
            _ => "system",
        };
        await Browser.InvokeVoidAsync("hpTheme.choose", _choice);
    }
}
