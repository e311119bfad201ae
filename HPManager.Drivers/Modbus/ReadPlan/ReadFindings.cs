using System.Globalization;
using System.Text.Json;
using HPManager.Core.Text;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Drivers.Modbus.ReadPlan;

/// <summary>
/// What one heat pump was found to refuse: points that it does not have, and places where its registers cannot be joined although the profile allows it;
/// and which of the points that many devices lack it has. Kept over restarts as JSON. Used by one session.
/// </summary>
public sealed class ReadFindings
{
    /// <summary>How long a refusal is believed before the device is asked again: firmware and accessories change rarely.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromDays(1);

    private const byte SaidSo = 0;

    private readonly Dictionary<string, Refusal> _absent;
    private readonly Dictionary<string, DateTimeOffset> _cuts;
    private readonly HashSet<string> _present;

    /// <summary>Nothing found yet.</summary>
    public ReadFindings()
        : this([], [], [])
    {
    }

    private ReadFindings(Dictionary<string, Refusal> absent, Dictionary<string, DateTimeOffset> cuts, HashSet<string> present)
    {
        _absent = absent;
        _cuts = cuts;
        _present = present;
    }

    /// <summary>Points that the heat pump does not have.</summary>
    public int AbsentCount => _absent.Count;

    /// <summary>Reads what was kept; nothing, or what cannot be read, is no findings: they are found anew within a poll or two.</summary>
    public static ReadFindings Parse(string? json)
    {
        if (json is null) return new ReadFindings();
        try
        {
            return JsonSerializer.Deserialize<Kept>(json, JsonSerializerOptions.Web) is { Absent: { } absent, Cuts: { } cuts, Present: { } present }
                ? new ReadFindings(absent, cuts, present)
                : new ReadFindings();
        }
        catch (JsonException)
        {
            return new ReadFindings();
        }
    }

    /// <summary>What to keep.</summary>
    /// <remarks>What the device merely said of itself it says again with the first poll; right after its own start it may say it of everything.</remarks>
    public string ToJson() => JsonSerializer.Serialize(
        new Kept(_absent.Where(entry => entry.Value.Code != SaidSo).ToDictionary(), _cuts, _present), JsonSerializerOptions.Web);

    /// <summary>Findings of their own with the same content.</summary>
    public ReadFindings Copy() => new(new(_absent), new(_cuts), [.. _present]);

    /// <summary>Whether the heat pump refused the point, or says that it does not have it.</summary>
    public bool IsAbsent(ModbusPoint point) => _absent.ContainsKey(KeyOf(point));

    /// <summary>
    /// The code it was refused with; <see cref="ModbusException.None"/> when the device says by a value that it does not have it; null for one that is not absent.
    /// </summary>
    public ModbusException? RefusalOf(ModbusPoint point) =>
        _absent.TryGetValue(KeyOf(point), out var refusal) ? (ModbusException)refusal.Code : null;

    /// <summary>Whether an absent point should be asked for again.</summary>
    public bool IsDue(ModbusPoint point, DateTimeOffset now) => _absent.TryGetValue(KeyOf(point), out var refusal) && now - refusal.At >= AskAgainAfter;

    /// <summary>Whether a point has answered alone; only noted for optional ones.</summary>
    public bool IsPresent(ModbusPoint point) => _present.Contains(KeyOf(point));

    /// <summary>Whether no request may reach from before the register into it.</summary>
    public bool IsCut(ModbusTable table, int register) => _cuts.Count > 0 && _cuts.ContainsKey(KeyOf(table, register));

    /// <summary>Notes that a point was refused, alone.</summary>
    public void NoteAbsent(ModbusPoint point, ModbusException code, DateTimeOffset now)
    {
        _absent[KeyOf(point)] = new Refusal((byte)code, now);
        _present.Remove(KeyOf(point));
    }

    /// <summary>Notes that the device says by a value that it does not have a point.</summary>
    public void NoteSaidAbsent(ModbusPoint point, DateTimeOffset now) => _absent[KeyOf(point)] = new Refusal(SaidSo, now);

    /// <summary>Notes that a point answered, alone.</summary>
    public void NotePresent(ModbusPoint point)
    {
        _absent.Remove(KeyOf(point));
        if (point.Optional) _present.Add(KeyOf(point));
    }

    /// <summary>Notes that a request across the beginning of the point was refused although both sides answer.</summary>
    public void NoteCut(ModbusPoint point, DateTimeOffset now) => _cuts[KeyOf(point.Table, point.Address)] = now;

    /// <summary>Whether <see cref="ForgetOldCuts"/> would forget one.</summary>
    public bool HasOldCuts(DateTimeOffset now)
    {
        foreach (var cut in _cuts.Values)
        {
            if (now - cut >= AskAgainAfter) return true;
        }

        return false;
    }

    /// <summary>Lets joins that were refused long ago be tried again.</summary>
    public void ForgetOldCuts(DateTimeOffset now)
    {
        foreach (var key in _cuts.Where(cut => now - cut.Value >= AskAgainAfter).Select(cut => cut.Key).ToList()) _cuts.Remove(key);
    }

    // Width belongs to the key: a profile may describe one address as a word and as a double word, and a device may have one of them.
    private static string KeyOf(ModbusPoint point) => string.Create(CultureInfo.InvariantCulture, $"{KeyOf(point.Table, point.Address)}+{point.Words}");

    private static string KeyOf(ModbusTable table, int register) =>
        string.Create(CultureInfo.InvariantCulture, $"{SnakeCaseEnum.Key(table)}:{register}");

    private sealed record Refusal(byte Code, DateTimeOffset At);

    private sealed record Kept(Dictionary<string, Refusal>? Absent, Dictionary<string, DateTimeOffset>? Cuts, HashSet<string>? Present);
}
