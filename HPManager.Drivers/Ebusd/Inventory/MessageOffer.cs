using HPManager.Drivers.Ebusd.Tables;

namespace HPManager.Drivers.Ebusd.Inventory;

/// <summary>A message that ebusd has a definition of. Immutable.</summary>
internal sealed record MessageOffer
{
    // Written and read in test menus, whose reading alone has stopped compressors.
    private const string TestMenu = "b514";

    // type, circuit, level, name, pbsb, id; then six columns a field.
    private const int Columns = 6;
    private const int FieldColumns = 6;

    public required string Circuit { get; init; }

    public required string Name { get; init; }

    /// <summary>Access level, empty for everybody.</summary>
    public required string Level { get; init; }

    /// <summary>Primary and secondary byte and id in hex.</summary>
    public required string Telegram { get; init; }

    /// <summary>Whether it sends a value to the device.</summary>
    public required bool IsWrite { get; init; }

    /// <summary>Whether it is only overheard, so that it cannot be asked for.</summary>
    public required bool IsPassive { get; init; }

    /// <summary>Values of an answer, without those that are ignored.</summary>
    public required IReadOnlyList<MessageField> Fields { get; init; }

    /// <summary>Whether a read of it needs values first.</summary>
    public required bool NeedsInput { get; init; }

    /// <summary>What the circuit stands for.</summary>
    public CircuitRole Role => Circuits.RoleOf(Circuit);

    /// <summary>Whether reading it may disturb the heat pump: test menus and live monitors.</summary>
    public bool IsDangerous => Telegram.StartsWith(TestMenu, StringComparison.Ordinal)
        || Name.StartsWith("Test", StringComparison.OrdinalIgnoreCase)
        || Name.StartsWith("Enable", StringComparison.OrdinalIgnoreCase)
        || Name.StartsWith("LiveMonitor", StringComparison.OrdinalIgnoreCase)
        || Level.Contains("service", StringComparison.OrdinalIgnoreCase);

    /// <summary>What ebusd is asked for the inventory; conditions that do not hold now leave a message out.</summary>
    public static string Command => "find -F type,circuit,level,name,pbsb,id,fields -r -w -p";

    /// <summary>Reads a line of the answer to <see cref="Command"/>; null for one that is none.</summary>
    public static MessageOffer? Parse(string line)
    {
        var columns = CsvLine.Split(line);
        if (columns.Count < Columns || columns[1].Length == 0 || columns[3].Length == 0 || columns[1].Contains(' ', StringComparison.Ordinal) || columns[3].Contains(' ', StringComparison.Ordinal)) return null;
        var type = columns[0][(columns[0].LastIndexOf(']') + 1)..];
        if (type.Length == 0 || type[0] is not ('r' or 'w' or 'u')) return null;
        var isPassive = type[0] == 'u';
        var isWrite = type[0] == 'w';
        var fields = new List<MessageField>();
        var needsInput = false;
        for (var start = Columns; start + 2 < columns.Count; start += FieldColumns)
        {
            var (name, part, kind) = (columns[start], columns[start + 1], columns[start + 2].Split(':')[0]);
            if (kind is "IGN" or "") continue;
            if (part == "m" && !isPassive && !isWrite) needsInput = true;
            else fields.Add(new MessageField(name, kind, start + 3 < columns.Count ? columns[start + 3] : ""));
        }

        return new MessageOffer
        {
            Circuit = columns[1],
            Name = columns[3],
            Level = columns[2],
            Telegram = (columns[4] + columns[5]).ToLowerInvariant(),
            IsWrite = isWrite,
            IsPassive = isPassive,
            Fields = fields,
            NeedsInput = needsInput,
        };
    }
}
