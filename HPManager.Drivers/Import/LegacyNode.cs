using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace HPManager.Drivers.Import;

/// <summary>
/// A mapping of an older file. Unlike our own files it may hold what nobody here knows; what was asked for is remembered, so that the rest can be reported.
/// </summary>
internal sealed class LegacyNode
{
    private readonly Dictionary<string, YamlNode> _children = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

    public LegacyNode(YamlNode node, int? line = null)
    {
        Line = line ?? (int)node.Start.Line;
        if (node is not YamlMappingNode mapping) return;
        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value: { } name }) _children.TryAdd(name, value);
        }
    }

    public int Line { get; }

    public IEnumerable<string> Keys => _children.Keys;

    /// <summary>Keys that nobody has asked for.</summary>
    public IEnumerable<(string Key, int Line)> Unasked =>
        _children.Where(child => !_asked.Contains(child.Key)).Select(child => (child.Key, (int)child.Value.Start.Line));

    /// <summary>Line of a key; the mapping's own when it is not there.</summary>
    public int LineOf(params string[] names) => Find(names) is { } node ? (int)node.Start.Line : Line;

    /// <summary>The text of the first of these keys that is there; null when none is, or it holds no text.</summary>
    public string? Text(params string[] names) => Find(names) is YamlScalarNode { Value: { } text } && text.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    public double? Number(params string[] names) =>
        double.TryParse(Text(names), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    public bool Flag(bool whenMissing, params string[] names) => Text(names)?.ToLowerInvariant() switch
    {
        null => whenMissing,
        "true" or "yes" or "on" or "1" => true,
        _ => false,
    };

    /// <summary>The mapping below a key; null when there is none.</summary>
    public LegacyNode? Below(params string[] names) => Find(names) is YamlMappingNode mapping ? new LegacyNode(mapping) : null;

    /// <summary>
    /// The members of a list, or of a mapping whose keys are their names. A member that is a plain text or number is given as a mapping with its text under
    /// <c>value</c>.
    /// </summary>
    public IReadOnlyList<(string? Name, LegacyNode Node)> Members(params string[] names) => Find(names) switch
    {
        YamlSequenceNode list => [.. list.Select(item => ((string?)null, Of(item)))],
        YamlMappingNode mapping => [.. mapping.Children.Select(pair => ((pair.Key as YamlScalarNode)?.Value, Of(pair.Value)))],
        YamlScalarNode { Value: { Length: > 0 } text } =>
        [
            .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => ((string?)null, Of(new YamlScalarNode(part)))),
        ],
        _ => [],
    };

    private static LegacyNode Of(YamlNode node) =>
        node is YamlMappingNode ? new LegacyNode(node) : new LegacyNode(new YamlMappingNode(new YamlScalarNode("value"), node), (int)node.Start.Line);

    private YamlNode? Find(string[] names)
    {
        YamlNode? found = null;
        foreach (var name in names)
        {
            _asked.Add(name);
            if (_children.TryGetValue(name, out var node)) found ??= node;
        }

        return found;
    }
}
