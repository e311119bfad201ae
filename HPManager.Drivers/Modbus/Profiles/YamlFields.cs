using System.Globalization;
using HPManager.Core.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>
/// One mapping of a YAML file, read strictly: a key that nobody asks for by name is an error, and every error names its line.
/// </summary>
internal sealed class YamlFields
{
    private const int MaxDepth = 12;
    private readonly Dictionary<string, YamlNode> _nodes = [];

    private YamlFields(YamlNode node, string what, string[] known)
    {
        if (node is not YamlMappingNode mapping) throw Error(node, $"{what} must be a mapping with {string.Join(", ", known)}.");
        Line = LineOf(node);
        What = what;
        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (known.Length > 0 && !known.Contains(name))
                throw Error(key, $"'{name}' is not known in {what}; known are {string.Join(", ", known)}.");
            if (!_nodes.TryAdd(name, value)) throw Error(key, $"'{name}' is there twice.");
        }
    }

    /// <summary>Line of the mapping, from 1.</summary>
    public int Line { get; }

    /// <summary>What the mapping describes, for messages.</summary>
    public string What { get; }

    /// <summary>Keys in the file's order.</summary>
    public IEnumerable<string> Keys => _nodes.Keys;

    /// <summary>Parses a file. Anchors and aliases are refused, because they can be cyclic or grow without bound; so is deep nesting.</summary>
    public static YamlFields Parse(string text, string what, params string[] known) => new(ParseRoot(text), what, known);

    /// <summary>Parses a file under the same guard, whatever it holds.</summary>
    /// <exception cref="ProfileFormatException">The text is no YAML, or a trap.</exception>
    public static YamlNode ParseRoot(string text)
    {
        var line = 1;
        try
        {
            RefuseTraps(text, ref line);
            var stream = new YamlStream();
            using var reader = new StringReader(text);
            stream.Load(reader);
            if (stream.Documents.Count != 1) throw new ProfileFormatException(1, "There must be exactly one YAML document.");
            return stream.Documents[0].RootNode;
        }
        catch (YamlException malformed)
        {
            throw new ProfileFormatException((int)malformed.Start.Line, $"Not readable as YAML: {malformed.Message}");
        }
        catch (Exception parserBug) when (parserBug is not ProfileFormatException)
        {
            // YamlDotNet 16.3 answers some malformed texts, an unclosed bracket for one, with exceptions of any kind.
            throw new ProfileFormatException(line, "Not readable as YAML, at this line or behind it.");
        }
    }

    public bool Has(string key) => _nodes.ContainsKey(key);

    public int LineOf(string key) => _nodes.TryGetValue(key, out var node) ? LineOf(node) : Line;

    public ProfileFormatException Error(string key, string message) => new(LineOf(key), message);

    public string Text(string key, int maxLength = 500) => OptionalText(key, maxLength) ?? throw Error(key, $"{What} needs '{key}'.");

    public string? OptionalText(string key, int maxLength = 500) => _nodes.TryGetValue(key, out var node) ? Scalar(node, key, maxLength) : null;

    public string Key(string key)
    {
        var text = Text(key);
        return SnakeCase.IsValid(text, maxLength: 64) ? text : throw Error(key, $"'{text}' must be lower snake case, at most 64 characters.");
    }

    public int Integer(string key, int min, int max) => OptionalInteger(key, min, max) ?? throw Error(key, $"{What} needs '{key}'.");

    public int? OptionalInteger(string key, int min, int max) => _nodes.TryGetValue(key, out var node) ? Integer(node, key, min, max) : null;

    public double Number(string key)
    {
        var text = Text(key);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Error(key, $"'{key}' must be a number, not '{text}'.");
    }

    public bool Flag(string key) => OptionalText(key) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw Error(key, $"'{key}' must be true or false, not '{other}'."),
    };

    public IReadOnlyList<string> Texts(string key, int maxLength = 500) =>
        [.. Items(key).Select(node => Scalar(node, key, maxLength) ?? throw Error(node, $"'{key}' must not hold empty texts."))];

    public IReadOnlyList<int> Integers(string key, int min, int max) => [.. Items(key).Select(node => Integer(node, key, min, max))];

    public YamlFields Fields(string key, params string[] known) =>
        new(_nodes.GetValueOrDefault(key) ?? throw Error(key, $"{What} needs '{key}'."), $"'{key}'", known);

    public IReadOnlyList<YamlFields> FieldsList(string key, params string[] known) =>
        [.. Items(key).Select(node => new YamlFields(node, $"an entry of '{key}'", known))];

    private static void RefuseTraps(string text, ref int line)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        var depth = 0;
        while (parser.MoveNext())
        {
            var current = parser.Current!;
            line = (int)current.Start.Line;
            if (current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
                throw new ProfileFormatException(line, "Anchors and aliases (& and *) are not allowed.");
            depth += current.NestingIncrease;
            if (depth > MaxDepth) throw new ProfileFormatException(line, $"Nested more than {MaxDepth} levels deep.");
        }
    }

    private static ProfileFormatException Error(YamlNode node, string message) => new(LineOf(node), message);

    private static int LineOf(YamlNode node) => (int)node.Start.Line;

    private IEnumerable<YamlNode> Items(string key)
    {
        if (!_nodes.TryGetValue(key, out var node)) return [];
        return node as YamlSequenceNode ?? throw Error(node, $"'{key}' must be a list.");
    }

    private static string? Scalar(YamlNode node, string key, int maxLength)
    {
        if (node is not YamlScalarNode scalar) throw Error(node, $"'{key}' must be a text or a number.");
        var text = scalar.Value?.Trim();
        if (text?.Length > maxLength) throw Error(node, $"'{key}' must have at most {maxLength} characters.");
        return string.IsNullOrEmpty(text) ? null : text;
    }

    private static int Integer(YamlNode node, string key, int min, int max)
    {
        var text = Scalar(node, key, maxLength: 20);
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Error(node, $"'{key}' must be a whole number from {min} to {max}, not '{text}'.");
    }
}
