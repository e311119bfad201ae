using System.Globalization;
using System.Net;
using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;
using Microsoft.Extensions.Options;

namespace HPManager.Drivers.Discovery;

/// <summary>
/// Recognises Modbus TCP devices by the points that the profiles name: the one that says the model, or those of which one must answer. A handful of
/// reads, never a write. Thread-safe.
/// </summary>
public sealed class ModbusProbe(ManufacturerRegistry registry, IOptions<DiscoveryOptions> options, TimeProvider time) : INetworkProbe
{
    private const int UsualPort = 502;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1.5);

    /// <inheritdoc/>
    public IReadOnlyList<int> Ports { get; } = [.. new[] { UsualPort }.Concat(options.Value.ModbusPorts).Distinct()];

    /// <inheritdoc/>
    public async Task<Sighting?> AskAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        await using var client = new ModbusClient(
            new ModbusEndpoint(address.ToString(), port, ModbusTransport.Tcp, AnswerWithin, AnswerWithin, TimeSpan.Zero), time);
        var talks = false;
        var likely = new List<ModbusModel>();

        // One of each family is enough to ask; models of a family share the points by which it is known.
        foreach (var family in registry.All.SelectMany(make => make.Models).OfType<ModbusModel>().GroupBy(model => model.Profile))
        {
            var model = family.First();
            if (model.Profile.IdentityPoint(model.Key, Settings.Empty) is { } identity)
            {
                var (reading, answered) = await ReadAsync(client, model, identity, cancellationToken);
                if (IsSilent(answered)) return talks ? Unknown(address, port) : null;
                talks = true;
                if (reading is { IsGood: true, Value: { } code } && Identified(family, (int)code) is { } own)
                {
                    return Seen(
                        address, port, own, Certainty.Certain,
                        string.Create(CultureInfo.InvariantCulture, $"It says so itself: {identity.Sensor.Label} is {code:0}."));
                }
            }
            else if (model.Profile.Proof(model.Key, Settings.Empty) is { Count: > 0 } proof)
            {
                var isLike = true;
                foreach (var point in proof)
                {
                    var (reading, answered) = await ReadAsync(client, model, point, cancellationToken);
                    if (IsSilent(answered)) return talks ? Unknown(address, port) : null;
                    talks = true;
                    isLike &= reading is { IsGood: true, Value: not null };
                    if (!isLike) break;
                }

                if (isLike) likely.Add(model);
            }
        }

        if (!talks) return null;
        if (likely.Count == 0) return Unknown(address, port);
        var others = likely.Count == 1 ? "" : $" {string.Join(" and ", likely.Skip(1).Select(Name))} would answer alike.";
        return Seen(address, port, likely[0], Certainty.Likely, $"It answers where {Name(likely[0])} has its values.{others}");
    }

    private static ModbusModel? Identified(IEnumerable<ModbusModel> family, int code)
    {
        var models = family.ToList();
        var keys = models[0].Profile.IdentifiedBy(code);
        return models.Find(model => keys.Contains(model.Key));
    }

    private async ValueTask<(Reading? Reading, ModbusResult Result)> ReadAsync(
        ModbusClient client, ModbusModel model, ModbusPoint point, CancellationToken cancellationToken)
    {
        var words = new ushort[point.Words];
        var result = await client.ReadRegistersAsync((byte)model.Profile.DefaultUnitId, point.Table, point.Address, words, cancellationToken);
        return (result.IsSuccess ? RegisterDecoder.Decode(point, words, time.GetUtcNow()) : null, result);
    }

    // A refusal is an answer; what is not even that is another protocol, or nobody of this unit id.
    private static bool IsSilent(ModbusResult result) => !result.IsSuccess && !result.IsDeviceException;

    private static string Name(ModbusModel model) => $"{model.Profile.ManufacturerName} {model.Name}";

    private static Sighting Seen(IPAddress address, int port, ModbusModel model, Certainty certainty, string reason) => new(
        address.ToString(), port, Name(model), certainty, reason, model.Manufacturer, model.Key,
        new ConnectionConfig(ModbusConnections.Tcp, new Settings([new(ModbusConnections.Host, address.ToString()), new(ModbusConnections.Port, port.ToString(CultureInfo.InvariantCulture))])));

    private static Sighting Unknown(IPAddress address, int port) => new(
        address.ToString(), port, "A Modbus device", Certainty.Unknown, "It speaks Modbus, and nothing says what it is. If you know, choose make and model by hand.");
}
