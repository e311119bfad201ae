using System.Text.Json;

namespace HPManager.Drivers.Powervault.Tables;

/// <summary>
/// Where in a message a value is: <c>channel=GRID;measurement=Voltage;value</c> is the member <c>value</c> of the first element in which all pairs hold, a
/// plain name is a member of the message itself. Several ways to write it are separated by <c>|</c>, the one to prefer first. Immutable.
/// </summary>
internal sealed class ValueSelector
{
    private readonly Way[] _ways;
    private readonly string? _unless;

    /// <param name="text">The ways.</param>
    /// <param name="unless">A member that an element must not have; null for none.</param>
    public ValueSelector(string text, string? unless)
    {
        _ways = [.. text.Split('|', StringSplitOptions.TrimEntries).Select(Way.Parse)];
        _unless = unless;
    }

    /// <summary>Finds the value in a message's elements; false when it is not there, or is null.</summary>
    public bool TryFind(IReadOnlyList<JsonElement> elements, out JsonElement value)
    {
        foreach (var way in _ways)
        {
            foreach (var element in elements)
            {
                if (!way.Holds(element) || (_unless is not null && element.TryGetProperty(_unless, out _))) continue;
                if (element.TryGetProperty(way.Member, out value) && value.ValueKind != JsonValueKind.Null) return true;

                // Of several elements that fit the first one counts, with or without a value.
                break;
            }
        }

        value = default;
        return false;
    }

    private sealed record Way(KeyValuePair<string, string>[] Pairs, string Member)
    {
        public static Way Parse(string text)
        {
            var parts = text.Split(';');
            var pairs = parts[..^1].Select(part => part.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]));
            return new Way([.. pairs], parts[^1]);
        }

        public bool Holds(JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Object) return false;
            foreach (var (name, wanted) in Pairs)
            {
                if (!element.TryGetProperty(name, out var member) || member.ValueKind != JsonValueKind.String || !member.ValueEquals(wanted)) return false;
            }

            return true;
        }
    }
}
