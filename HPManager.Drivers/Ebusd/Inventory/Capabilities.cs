using HPManager.Drivers.Ebusd.Tables;

namespace HPManager.Drivers.Ebusd.Inventory;

/// <summary>How a sensor is read from this ebusd, and whether it can be written.</summary>
/// <param name="Row">Which sensor.</param>
/// <param name="Offer">The message that holds it.</param>
/// <param name="CanWrite">Whether ebusd offers a write of that message.</param>
internal sealed record Capability(EbusdRow Row, MessageOffer Offer, bool CanWrite)
{
    /// <summary>Identity of the message: its circuit and name, as ebusd takes them in any case.</summary>
    public MessageId Message { get; } = MessageId.Of(Offer.Circuit, Offer.Name);
}

/// <summary>Identity of a message within ebusd. Equality does not heed the case, as ebusd does not.</summary>
internal readonly record struct MessageId(string Circuit, string Name)
{
    public static MessageId Of(string circuit, string name) => new(circuit.ToLowerInvariant(), name.ToLowerInvariant());

    public override string ToString() => $"{Circuit} {Name}";
}

/// <summary>Finds which sensors of the table an ebusd has: by telegram first, because names differ from one generation of definitions to the next.</summary>
internal static class CapabilityFinder
{
    private static readonly string[] NeverWritten = ["KeyCode", "HydraulicScheme", "Enable", "Test", "LiveMonitor", "PrEnergy", "PrFuel", "StatE", "StatF", "StatS", "Yield", "SolarYield"];

    /// <summary>What there is, in the table's order, each sensor once.</summary>
    public static IReadOnlyList<Capability> Find(EbusdTables tables, IReadOnlyList<MessageOffer> offers)
    {
        var writes = offers.Where(offer => offer.IsWrite && !offer.IsDangerous && MayBeWritten(offer.Name)).Select(offer => MessageId.Of(offer.Circuit, offer.Name)).ToHashSet();
        var readable = offers.Where(offer => !offer.IsWrite && !offer.IsDangerous && !offer.NeedsInput && offer.Role != CircuitRole.None).ToList();
        var byTelegram = readable.ToLookup(offer => (offer.Role, offer.Telegram));
        var byName = readable.ToLookup(offer => (offer.Role, offer.Name.ToLowerInvariant()));
        var taken = new Dictionary<MessageId, HashSet<string>>();
        var found = new List<Capability>();
        foreach (var row in tables.Rows)
        {
            var candidates = row.Telegrams.SelectMany(telegram => byTelegram[(row.Role, telegram)])
                .OrderBy(offer => HasName(row, offer) ? 0 : 1)
                .ThenBy(offer => offer.IsPassive)
                .Concat(row.Messages.SelectMany(name => byName[(row.Role, name.ToLowerInvariant())].OrderBy(offer => offer.IsPassive)))
                .Where(offer => ValueDecoder.PlaceOf(row, offer.Fields) >= 0);

            // Another row that knows the message by its name has the better right to it.
            var offer = candidates.FirstOrDefault(offer => HasName(row, offer) || !tables.Rows.Any(other => other.Role == row.Role && HasName(other, offer)));
            if (offer is null) continue;
            var id = MessageId.Of(offer.Circuit, offer.Name);
            if (!taken.TryGetValue(id, out var fields)) taken.Add(id, fields = []);
            if (!fields.Add(row.Field)) continue;
            found.Add(new Capability(row, offer, row.Sensor.IsWritable && writes.Contains(id)));
        }

        return found;
    }

    /// <summary>Whether a message may ever be written: sums, codes and test menus may not, nor the clock.</summary>
    public static bool MayBeWritten(string name) =>
        name is not ("Date" or "Time") && !NeverWritten.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    private static bool HasName(EbusdRow row, MessageOffer offer) => row.Messages.Contains(offer.Name, StringComparer.OrdinalIgnoreCase);
}
