namespace HPManager.Drivers.Mqtt.Session;

/// <summary>
/// Topics lately seen, with the subscriptions that they match, so that a message costs neither a new text nor a search. A fixed number of places; a topic
/// takes another one's place. One user at a time.
/// </summary>
internal sealed class TopicRoutes
{
    private const int Places = 1024;
    private const int LongestKept = 512;

    private readonly Route?[] _routes = new Route?[Places];
    private MqttSubscription[] _subscriptions = [];

    /// <summary>Where a topic leads.</summary>
    /// <param name="topic">Bytes as they came.</param>
    /// <param name="subscriptions">All that there are; an array that is never changed.</param>
    /// <returns>Null when the bytes are no proper topic.</returns>
    public Route? Find(ReadOnlySpan<byte> topic, MqttSubscription[] subscriptions)
    {
        if (subscriptions != _subscriptions)
        {
            _subscriptions = subscriptions;
            Array.Clear(_routes);
        }

        var hash = default(HashCode);
        hash.AddBytes(topic);
        var place = (int)((uint)hash.ToHashCode() % Places);
        if (_routes[place] is { } known && topic.SequenceEqual(known.Utf8)) return known;
        if (!MqttTopic.IsProper(topic)) return null;
        var text = MqttTopic.Utf8.GetString(topic);
        var route = new Route(topic.ToArray(), text, Array.FindAll(subscriptions, subscription => subscription.Filter.Matches(text)));
        if (topic.Length <= LongestKept) _routes[place] = route;
        return route;
    }

    internal sealed record Route(byte[] Utf8, string Topic, MqttSubscription[] Subscriptions);
}
