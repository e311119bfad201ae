using Microsoft.Playwright;

namespace HPManager.Tests.EndToEnd;

/// <summary>
/// The pictures of the documents. They are taken only when a folder is named in <c>HPMANAGER_PICTURES</c>, as <c>eng/pictures</c> does: a test run must leave the
/// tree as it was. A test that takes some has the trait <see cref="Category"/>.
/// </summary>
internal static class Album
{
    public const string Category = "Pictures";

    /// <summary>Keeps what the window shows as <c>name.png</c>.</summary>
    public static async Task KeepAsync(Visitor visitor, string name)
    {
        if (Environment.GetEnvironmentVariable("HPMANAGER_PICTURES") is not { Length: > 0 } folder) return;

        // A chart is drawn one frame after its canvas is there.
        await visitor.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 1500))))");
        await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }

    /// <summary>As above, of the whole page however long it is.</summary>
    public static async Task KeepWholeAsync(Visitor visitor, string name)
    {
        if (Environment.GetEnvironmentVariable("HPMANAGER_PICTURES") is not { Length: > 0 } folder) return;
        await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
