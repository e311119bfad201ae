using System.Text.Json;
using System.Text.RegularExpressions;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Deployment;

/// <summary>A dashboard as it is committed.</summary>
internal sealed partial record DashboardFile(string Path, JsonElement Root)
{
    public static IReadOnlyList<DashboardFile> All { get; } =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("grafana/dashboards"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => new DashboardFile(System.IO.Path.GetRelativePath(Repository.Root, file), JsonDocument.Parse(File.ReadAllText(file)).RootElement)),
    ];

    public IReadOnlyList<JsonElement> Panels => [.. Root.GetProperty("panels").EnumerateArray()];

    public IReadOnlyList<JsonElement> Variables => [.. Root.GetProperty("templating").GetProperty("list").EnumerateArray()];

    public string Title => Root.GetProperty("title").GetString()!;

    public static IEnumerable<JsonElement> Targets(JsonElement panel) => panel.GetProperty("targets").EnumerateArray();

    /// <summary>What a target asks, with every variable filled in as Grafana does.</summary>
    public static string Query(JsonElement target, IReadOnlyDictionary<string, string> variables)
    {
        var query = (target.TryGetProperty("query", out var text) ? text : target.GetProperty("expr")).GetString()!;
        return Variable().Replace(query, match => variables[match.Groups["name"].Value]);
    }

    [GeneratedRegex(@"\$\{?(?<name>[A-Za-z_]\w*)(?::\w+)?\}?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    public static partial Regex Variable();
}
