using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;

namespace HPManager.Drivers.Powervault.Driver;

/// <summary>Recognises a battery by its topics.</summary>
internal sealed class PowervaultTopicProbe : ITopicProbe
{
    private const string Root = "pv/PV3/";

    public IReadOnlyList<string> Filters { get; } = [$"{Root}+/#"];

    public TopicSighting? Recognise(string topic, ReadOnlySpan<byte> payload)
    {
        if (!topic.StartsWith(Root, StringComparison.Ordinal)) return null;
        var end = topic.IndexOf('/', Root.Length);
        if (end < 0) return null;
        var id = topic[Root.Length..end];
        return PowervaultConnections.ProblemOfDeviceId(id) is not null || id.Length == 0
            ? null
            : new TopicSighting(
                $"Powervault P3, {id}", Certainty.Certain, $"It publishes to {Root}{id}.", "powervault", "p3", PowervaultConnections.Kind,
                new Settings([new(PowervaultConnections.DeviceId, id)]));
    }
}
