using System.Globalization;
using System.Text.Json.Serialization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Profiles.Owner;

namespace HPManager.Web.Components.Devices;

/// <summary>One register as it is typed, right or wrong, and what it reads now. Not thread-safe.</summary>
public sealed class RegisterForm
{
    private const string NotComplete = "Not complete yet";

    private static readonly Dictionary<string, string> Wants = new() { ["value"] = "codes", ["type"] = "length", ["access"] = "write_class" };

    /// <summary>What was typed, by column of the register table; the address as on the wire.</summary>
    public Dictionary<string, string> Fields { get; init; } = [];

    /// <summary>An address that is none, as it was typed; null when there is one in the fields, or nothing.</summary>
    public string? WrongAddress { get; set; }

    /// <summary>Whether the key is made from the name. The key of a register that is kept never changes: its history is kept under it.</summary>
    public bool KeyFollowsName { get; set; }

    /// <summary>Columns that were left once, so that what is wrong with them may be said.</summary>
    public HashSet<string> Left { get; init; } = [];

    /// <summary>Whether its details are shown.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Tells it from the other rows of the page.</summary>
    [JsonIgnore]
    public string Id { get; } = Guid.NewGuid().ToString("N")[..8];

    /// <summary>What is wrong, by column; what is wrong with the row as a whole stands under the empty name.</summary>
    [JsonIgnore]
    public Dictionary<string, string> Errors { get; } = [];

    /// <summary>Counts what was typed, so that an answer to something older is not taken for it.</summary>
    [JsonIgnore]
    public int Version { get; private set; }

    /// <summary>What it reads; null before it was read as it stands.</summary>
    [JsonIgnore]
    public RegisterValue? Value { get; set; }

    /// <summary>The words from its address on, null for one that could not be read; empty before they were read.</summary>
    [JsonIgnore]
    public IReadOnlyList<ushort?> Window { get; set; } = [];

    /// <summary>Whether nothing was typed yet.</summary>
    [JsonIgnore]
    public bool IsBlank => WrongAddress is null && this["label"].Length == 0 && this["address"].Length == 0 && this["key"].Length == 0;

    /// <summary>Whether it can be read as it stands.</summary>
    [JsonIgnore]
    public bool IsRight => !IsBlank && Errors.Count == 0;

    /// <summary>Modbus table, for the places where it decides.</summary>
    [JsonIgnore]
    public string Table => this["table"] is { Length: > 0 } table ? table : "holding";

    /// <summary>Whether the table is one of registers, not of bits.</summary>
    [JsonIgnore]
    public bool IsOfRegisters => Table is "holding" or "input";

    /// <summary>Whether it may be written.</summary>
    [JsonIgnore]
    public bool IsWritable => this["access"] is "rw" or "w";

    /// <summary>Address on the wire; null when there is none.</summary>
    [JsonIgnore]
    public int? Wire => int.TryParse(this["address"], NumberStyles.None, CultureInfo.InvariantCulture, out var wire) && wire <= ushort.MaxValue ? wire : null;

    /// <summary>A column; empty when nothing was typed.</summary>
    public string this[string column] => Fields.GetValueOrDefault(column, "");

    /// <summary>Takes what was typed into a column. What it read before is forgotten where it may now read otherwise.</summary>
    public void Set(string column, string? text)
    {
        var value = text?.Trim() ?? "";
        Left.Add(column);
        if (value == this[column]) return;
        Fields[column] = value;
        if (column == "table" && !IsOfRegisters) Fields["type"] = "bool";
        if (column == "access") SetCare();

        // What a choice calls for is asked for at once.
        if (Wants.TryGetValue(column, out var wanted)) Left.Add(wanted);
        Forget();
    }

    /// <summary>Takes an address as the owner's table writes it.</summary>
    public void SetAddress(string? text, AddressCounting counting)
    {
        var typed = text?.Trim() ?? "";
        Left.Add("address");
        Forget();
        WrongAddress = null;
        Fields["address"] = "";
        if (typed.Length == 0) return;
        var table = Table;
        if (counting.TryRead(ref table, typed, out var wire, out _))
        {
            Set("table", table);
            Fields["address"] = wire.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            WrongAddress = typed;
        }
    }

    /// <summary>The address as the owner's table writes it, or what was typed instead.</summary>
    public string AddressText(AddressCounting counting) => WrongAddress ?? (Wire is { } wire ? counting.Write(Table, wire) : this["address"]);

    /// <summary>What is wrong with a column, once it was left or everything is to be right.</summary>
    public string? ErrorAt(string column, bool everything) => everything || Left.Contains(column) ? Errors.GetValueOrDefault(column) : null;

    /// <summary>What is wrong with the row as a whole, or with a column that has no field in view.</summary>
    public string? ErrorOfRow(bool everything)
    {
        if (Errors.GetValueOrDefault("") is { } whole) return whole;
        foreach (var (column, message) in Errors)
        {
            if (!RegisterColumns.IsInView(column, IsOpen) && (everything || Left.Contains(column))) return $"{RegisterColumns.NameOf(column)}: {message}";
        }

        return null;
    }

    /// <summary>Why there is no value; null when there is one, or nothing to say.</summary>
    [JsonIgnore]
    public string? WhyNoValue => IsBlank || Value is not null || Errors.Count == 0 ? null : NotComplete;

    /// <summary>Forgets what it read.</summary>
    public void Forget()
    {
        Version++;
        (Value, Window) = (null, []);
    }

    // The most careful kind, until the owner says otherwise.
    private void SetCare()
    {
        if (!IsWritable) Fields["write_class"] = "";
        else if (this["write_class"].Length == 0) Fields["write_class"] = "eeprom";
    }
}

/// <summary>What a register read.</summary>
/// <param name="Sensor">What the reading is of.</param>
/// <param name="Reading">The reading.</param>
/// <param name="Words">The words it was decoded from, null for one that could not be read; empty for bits.</param>
public sealed record RegisterValue(SensorDefinition Sensor, Reading Reading, IReadOnlyList<ushort?> Words);
