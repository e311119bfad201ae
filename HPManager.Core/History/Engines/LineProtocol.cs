using System.Text;

namespace HPManager.Core.History.Engines;

/// <summary>
/// Names in InfluxDB's line protocol, as bytes. What the protocol cannot carry there is replaced: a line break would end the line, and a backslash before a comma, a space or
/// the end would take its meaning, for which there is no escape in tags.
/// </summary>
internal static class LineProtocol
{
    /// <summary>A measurement's name.</summary>
    public static string Measurement(string name) => Escape(name, ", ");

    /// <summary>A tag's key or value, or a field's key.</summary>
    public static string Name(string name) => Escape(name, ",= ");

    /// <summary>A measurement with its tags, up to before the fields' space; tags without a value are left out, which an empty one may not stand for.</summary>
    /// <param name="measurement">The measurement.</param>
    /// <param name="tags">Its tags; sorted here, because servers take sorted ones faster.</param>
    public static string Series(string measurement, params IEnumerable<(string Key, string? Value)> tags)
    {
        var text = new StringBuilder(Measurement(measurement));
        foreach (var (key, value) in tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            if (Name(value ?? "") is { Length: > 0 } name) text.Append(',').Append(Name(key)).Append('=').Append(name);
        }

        return text.ToString();
    }

    private static string Escape(string name, string special)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (var c in name.Trim())
        {
            if (special.Contains(c, StringComparison.Ordinal)) text.Append('\\').Append(c);
            else if (c == '\\') text.Append('/');
            else if (char.IsControl(c)) text.Append("\\ ");
            else text.Append(c);
        }

        return text.ToString();
    }
}
