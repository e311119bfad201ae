using Microsoft.Playwright;

namespace HPManager.Tests.EndToEnd;

/// <summary>The album of <c>eng/pictures</c>. Pictures are kept only when they are asked for: a test run must leave the tree as it was.</summary>
internal static class Pictures
{
    public static async Task TakeAsync(Visitor visitor, string page, Screen screen, ColorScheme colours)
    {
        if (Environment.GetEnvironmentVariable("HPMANAGER_PICTURES") is not { Length: > 0 } folder) return;

        // A chart is drawn one frame after its canvas is there.
        await visitor.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 1500))))");
        var path = Path.Combine(folder, $"{page}-{screen.Name}-{colours.ToString().ToLowerInvariant()}.png");
        await visitor.Page.ScreenshotAsync(new() { Path = path });
    }
}
