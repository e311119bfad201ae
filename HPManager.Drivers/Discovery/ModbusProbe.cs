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
        var likely = new List<IReadOnlyList<ModbusModel>>();

        // One of each family is enough to ask; models of a family share the points by which it is known.
        foreach (var family in registry.All.SelectMany(make => make.Models).OfType<ModbusModel>().GroupBy(model => model.Profile))
        {
            var model = family.First();
            if (model.Profile.IdentityPoint(model.Key, Settings.Empty) is { } identity)
            {
                var (reading, answered) = await ReadAsync(client, model, identity, cancellationToken);
                if (IsSilent(answered)) return talks ? Unknown(address, port) : null;
                talks = true;
                if (reading is { IsGood: true, Value: { } code } && Identified(family, (int)code) is { Count: > 0 } own)
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

                if (isLike) likely.Add([.. family]);
            }
        }

        if (!talks) return null;
        if (likely.Count == 0) return Unknown(address, port);
        var others = likely.Count == 1 ? "" : $" {string.Join(" and ", likely.Skip(1).Select(alike => Name(alike[0])))} would answer alike.";
        var which = likely[0].Count == 1 ? "" : $" Which of {Either(likely[0])} it is, it does not say.";
        return Seen(address, port, likely[0], Certainty.Likely, $"It answers where {Name(likely[0][0])} has its values.{which}{others}");
    }

    private static IReadOnlyList<ModbusModel> Identified(IEnumerable<ModbusModel> family, int code) =>
        [.. family.Where(model => model.Profile.IdentifiedBy(code).Contains(model.Key))];

    private async ValueTask<(Reading? Reading, ModbusResult Result)> ReadAsync(
        ModbusClient client, ModbusModel model, ModbusPoint point, CancellationToken cancellationToken)
    {
        var words = new ushort[point.Words];
        var result = await client.ReadRegistersAsync((byte)model.Profile.DefaultUnitId, point.Table, point.Address, words, cancellationToken);
        return (result.IsSuccess ? RegisterDecoder.Decode(point, words, time.GetUtcNow()) : null, result);
    }

    // A refusal is an answer; what is not even that is another protocol, or nobody of this unit id.
    private static bool IsSilent(ModbusResult result) => !result.IsSuccess && !result.IsDeviceException;

    private static string Either(IReadOnlyList<ModbusModel> models) =>
        $"{string.Join(", ", models.SkipLast(1).Select(model => model.Name))} or {models[^1].Name}";

    private static string Name(ModbusModel model) => $"{model.Profile.ManufacturerName} {model.Name}";

    // Siblings that answer alike are not told apart by guessing: the person chooses.
    private static Sighting Seen(IPAddress address, int port, IReadOnlyList<ModbusModel> models, Certainty certainty, string reason)
    {
        var settings = new Settings(
            [new(ModbusConnections.Host, address.ToString()), new(ModbusConnections.Port, port.ToString(CultureInfo.InvariantCulture))]);
        var connection = new ConnectionConfig(ModbusConnections.Tcp, settings);
        var make = models[0].Manufacturer;
        return models.Count == 1
            ? new Sighting(address.ToString(), port, Name(models[0]), certainty, reason, make, models[0].Key, connection)
            : new Sighting(address.ToString(), port, $"{models[0].Profile.ManufacturerName} heat pump", certainty, reason, make, Model: null, connection);
    }

    private static Sighting Unknown(IPAddress address, int port) => new(
        address.ToString(), port, "A Modbus device", Certainty.Unknown,
        "It speaks Modbus, and nothing says what it is. If you know, choose make and model by hand.");
}
