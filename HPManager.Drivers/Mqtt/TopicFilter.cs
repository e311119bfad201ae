namespace HPManager.Drivers.Mqtt;

/// <summary>
/// A pattern of topics: <c>+</c> stands for one level, <c>#</c> at the end for any number of levels, the parent included. A wildcard in the first
/// level does not match topics that begin with <c>$</c>. Immutable; two filters with the same text are equal.
/// </summary>
public sealed record TopicFilter
{
    /// <summary>Takes a pattern.</summary>
    /// <exception cref="ArgumentException">It is not a filter; the message says why.</exception>
    public TopicFilter(string text)
    {
        if (ProblemOf(text) is { } problem) throw new ArgumentException(problem, nameof(text));
        Text = text;
    }

    /// <summary>The pattern as it goes on the wire.</summary>
    public string Text { get; }

    /// <summary>What is wrong with a pattern, in words; null when it is right.</summary>
    public static string? ProblemOf(string text)
    {
        if (MqttTopic.ProblemOfText(text, "topic filter") is { } problem) return problem;
        var rest = text.AsSpan();
        while (true)
        {
            var slash = rest.IndexOf('/');
            var level = slash < 0 ? rest : rest[..slash];
            if (level.Length > 1 && level.ContainsAny('+', '#')) return $"In the topic filter \"{text}\" a wildcard must stand alone between slashes.";
            if (slash < 0) return null;
            if (level is "#") return $"In the topic filter \"{text}\" the wildcard # must stand at the end.";
            rest = rest[(slash + 1)..];
        }
    }

    /// <summary>Whether a topic is meant.</summary>
    public bool Matches(ReadOnlySpan<char> topic)
    {
        var filter = Text.AsSpan();
        if (filter[0] is '+' or '#' && topic.StartsWith('$')) return false;
        while (true)
        {
            if (filter is "#") return true;
            var filterSlash = filter.IndexOf('/');
            var topicSlash = topic.IndexOf('/');
            var level = filterSlash < 0 ? filter : filter[..filterSlash];
            var name = topicSlash < 0 ? topic : topic[..topicSlash];
            if (level is not "+" && !level.SequenceEqual(name)) return false;
            if (topicSlash < 0) return filterSlash < 0 || filter[filterSlash..] is "/#";
            if (filterSlash < 0) return false;
            filter = filter[(filterSlash + 1)..];
            topic = topic[(topicSlash + 1)..];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
