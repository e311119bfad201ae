using System.Text.Json;
using HPManager.Tests.Shared;
using Microsoft.Playwright;

namespace HPManager.Tests.EndToEnd;

/// <summary>axe-core, from eng/browser: what a machine can say about a page's accessibility (WCAG 2.2, A and AA).</summary>
internal static class Axe
{
    /// <summary>Fails with each rule that the page breaks and where.</summary>
    public static async Task AssertAccessibleAsync(IPage page)
    {
        await page.AddScriptTagAsync(new() { Path = Repository.PathOf("eng/browser/node_modules/axe-core/axe.min.js") });
        var violations = await page.EvaluateAsync<JsonElement>(
            """
            async () => (await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })).violations
              .map(rule => `${rule.id}: ${rule.help}: ${rule.nodes.map(node => node.target.join(" ")).slice(0, 5).join(", ")}`)
            """);
        Assert.Empty(violations.EnumerateArray().Select(violation => violation.GetString()));
    }
}
