using System.Text.RegularExpressions;
using HPManager.Tests.Shared;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace HPManager.Tests.Deployment;

/// <summary>The compose file as an engine reads it: with a folder's <c>.env</c> put in, and shared parts merged.</summary>
internal sealed partial class ComposeFile
{
    private readonly Dictionary<string, string> _environment;

    public ComposeFile(params (string Name, string Value)[] environment)
    {
        _environment = environment.ToDictionary(pair => pair.Name, pair => pair.Value);
        Text = File.ReadAllText(Repository.PathOf("docker-compose.yml"));
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(new StringReader(Text))));
        Volumes = [.. ((Dictionary<object, object>)file["volumes"]).Keys.Select(name => name.ToString()!)];
        Services = ((Dictionary<object, object>)file["services"]).ToDictionary(
            service => service.Key.ToString()!, service => new ComposeService(service.Key.ToString()!, (Dictionary<object, object>)Filled(service.Value)));
    }

    public string Text { get; }

    public IReadOnlyDictionary<string, ComposeService> Services { get; }

    public IReadOnlyList<string> Volumes { get; }

    private object Filled(object value) => value switch
    {
        Dictionary<object, object> map => map.ToDictionary(pair => pair.Key, pair => Filled(pair.Value)),
        List<object> list => list.ConvertAll(Filled),
        string text => Interpolated(text),
        _ => value,
    };

    // Innermost first, as ${A:-${B:+x}} is read. A doubled dollar is one that the shell in the container sees.
    private string Interpolated(string text)
    {
        const string Dollar = "\u0001";
        text = text.Replace("$$", Dollar, StringComparison.Ordinal);
        while (Variable().Match(text) is { Success: true } match)
        {
            var set = _environment.TryGetValue(match.Groups["name"].Value, out var given) && given.Length > 0 ? given : null;
            var other = match.Groups["other"].Value;
            var value = match.Groups["kind"].Value switch { ":-" => set ?? other, ":+" => set is null ? "" : other, _ => set ?? "" };
            text = string.Concat(text.AsSpan(0, match.Index), value, text.AsSpan(match.Index + match.Length));
        }

        return text.Replace(Dollar, "$", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\$\{(?<name>\w+)(?:(?<kind>:[-+])(?<other>[^${}]*))?\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}

/// <summary>A service of the compose file.</summary>
internal sealed record ComposeService(string Name, IReadOnlyDictionary<object, object> Settings)
{
    /// <summary>Whether it runs on, and is not a step that ends.</summary>
    public bool IsLasting => (string)Settings["restart"] != "no";

    public IReadOnlyDictionary<string, string> Environment => Settings.TryGetValue("environment", out var map)
        ? ((Dictionary<object, object>)map).ToDictionary(pair => pair.Key.ToString()!, pair => pair.Value?.ToString() ?? "")
        : new Dictionary<string, string>();

    public string Text(string setting) => Settings[setting].ToString()!;

    public IReadOnlyList<string> List(string setting) =>
        Settings.TryGetValue(setting, out var list) ? ((List<object>)list).ConvertAll(item => item.ToString()!) : [];
}
