using System.Text.Json;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Drivers.Modbus.ReadPlan;

/// <summary>
/// What one heat pump refuses: points that it does not have, and places where its registers cannot be joined although the profile allows it. Kept over
/// restarts as JSON. Used by one session.
/// </summary>
public sealed class ReadFindings
{
    /// <summary>How long an absent point is left alone before it is asked for again: firmware and accessories change rarely.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromDays(1);

    private Dictionary<string, AbsentPoint> _absent = [];
    private HashSet<string> _cuts = [];

    /// <summary>Whether anything was found since <see cref="Parse"/> or <see cref="ToJson"/>.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Reads what was kept; nothing, or what cannot be read, is no findings.</summary>
    public static ReadFindings Parse(string? json)
    {
        var findings = new ReadFindings();
        if (json is null) return findings;
        try
        {
            var kept = JsonSerializer.Deserialize<Kept>(json, JsonSerializerOptions.Web);
            findings._absent = kept?.Absent ?? [];
            findings._cuts = kept?.Cuts ?? [];
        }
        catch (JsonException)
        {
            // Found out anew within a poll or two.
        }

        return findings;
    }

    /// <summary>What to keep.</summary>
    public string ToJson()
    {
        IsChanged = false;
        return JsonSerializer.Serialize(new Kept(_absent, _cuts), JsonSerializerOptions.Web);
    }

    /// <summary>Whether the heat pump refused the point.</summary>
    public bool IsAbsent(ModbusPoint point) => _absent.ContainsKey(KeyOf(point));

    /// <summary>The code it was refused with; <see cref="ModbusException.None"/> for one that is not absent.</summary>
    public ModbusException RefusalOf(ModbusPoint point) =>
        _absent.TryGetValue(KeyOf(point), out var absent) ? (ModbusException)absent.Code : ModbusException.None;

    /// <summary>Whether an absent point should be asked for again.</summary>
    public bool IsDue(ModbusPoint point, DateTimeOffset now) =>
        _absent.TryGetValue(KeyOf(point), out var absent) && now - absent.Asked >= AskAgainAfter;

    /// <summary>Whether no request may reach from before the point into it.</summary>
    public bool IsCut(ModbusPoint point) => _cuts.Contains(KeyOf(point));

    /// <summary>Notes that a point was refused, alone.</summary>
    public void NoteAbsent(ModbusPoint point, ModbusException code, DateTimeOffset now)
    {
        _absent[KeyOf(point)] = new AbsentPoint((byte)code, now);
        IsChanged = true;
    }

    /// <summary>Notes that a point answers after all.</summary>
    public void NotePresent(ModbusPoint point) => IsChanged |= _absent.Remove(KeyOf(point));

    /// <summary>Notes that a request across the beginning of the point was refused although both sides answer.</summary>
    public void NoteCut(ModbusPoint point) => IsChanged |= _cuts.Add(KeyOf(point));

    private static string KeyOf(ModbusPoint point) =>
        (point.Table == ModbusTable.InputRegister ? "input " : "holding ") + point.Address.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private sealed record AbsentPoint(byte Code, DateTimeOffset Asked);

    private sealed record Kept(Dictionary<string, AbsentPoint> Absent, HashSet<string> Cuts);
}
