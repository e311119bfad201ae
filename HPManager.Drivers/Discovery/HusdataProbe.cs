using System.Globalization;
using System.Net;
using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Husdata.Client;
using HPManager.Drivers.Husdata.Driver;
using HPManager.Drivers.Husdata.Tables;
using Microsoft.Extensions.Options;

namespace HPManager.Drivers.Discovery;

/// <summary>Recognises Husdata gateways by their values, and the heat pump's controller by their status. Two reads, never a write. Thread-safe.</summary>
public sealed class HusdataProbe(ManufacturerRegistry registry, IOptions<DiscoveryOptions> options, TimeProvider time) : INetworkProbe
{
    // Enough not to take a document that happens to have a name of four hexadecimal letters for a gateway's.
    private const int EnoughIndices = 5;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public IReadOnlyList<int> Ports { get; } = [.. new[] { HusdataEndpoint.UsualPort }.Concat(options.Value.HttpPorts).Distinct()];

    /// <inheritdoc/>
    public async Task<Sighting?> AskAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var endpoint = new HusdataEndpoint(address.ToString(), port) { ConnectTimeout = AnswerWithin, RequestTimeout = AnswerWithin };
        using var client = new HusdataHttpClient(endpoint, time);
        var answer = await client.GetAllDataAsync(cancellationToken);
        var strangers = new Strangers(HusdataRegisters.MaxUnknown);
        var parsed = answer.IsSuccess ? AllDataParser.Parse(answer.Body.Span, new IndexMap(), [], time.GetUtcNow(), strangers) : default;
        var hasValues = answer.IsSuccess && parsed.Error is null && strangers.Found.Count >= EnoughIndices && parsed.Indices * 2 > parsed.Members;
        if (answer.IsBeforeSending || answer.Fault is HusdataFault.NotHttp or HusdataFault.Timeout) return null;
        answer = await client.GetStatusAsync(cancellationToken);
        var type = answer.IsSuccess ? GatewayStatus.Parse(answer.Body)?.InterfaceType : null;
        if (!hasValues && type is null) return null;

        var models = registry.All.SelectMany(make => make.Models).OfType<HusdataModel>().ToList();
        var model = models.Find(model => model.InterfaceType == type);
        var connection = new ConnectionConfig(
            HusdataConnections.Http,
            new Settings([new(HusdataConnections.Host, address.ToString()), new(HusdataConnections.Port, port.ToString(CultureInfo.InvariantCulture))]));
        var api = hasValues ? "" : " Its API is switched off or has no value yet.";
        if (model is not null)
        {
            return new Sighting(
                address.ToString(), port, registry.FullNameOf(model), Certainty.Certain, $"The gateway says so itself: interface {type}.{api}", model.Manufacturer, model.Key, connection);
        }

        // A gateway for sure; which of the makes is behind it, a person knows.
        var behind = type is null ? "what heat pump is behind it, it does not say"
            : models.FirstOrDefault()?.Controllers.GetValueOrDefault(type) is { } other ? $"it is connected to a {other}, whose indices nobody knows"
            : $"its interface {type} is not known";
        return new Sighting(
            address.ToString(), port, "A Husdata gateway", Certainty.Likely, $"It answers as a Husdata H60 or H66 does; {behind}. Choose make and model by hand.{api}");
    }
}
