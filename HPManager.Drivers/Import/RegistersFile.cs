using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Profiles.Owner;

namespace HPManager.Drivers.Import;

/// <summary>Reads <c>registers.yml</c>: models → description, registers. Each model becomes a device of the owner.</summary>
internal static class RegistersFile
{
    public const string Make = "imported";
    private const int MaxKey = 60;
    private const int ManualDigits = 40_000;

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["int16"] = "int16",
        ["short"] = "int16",
        ["s16"] = "int16",
        ["uint16"] = "uint16",
        ["ushort"] = "uint16",
        ["word"] = "uint16",
        ["u16"] = "uint16",
        ["int32"] = "int32",
        ["int"] = "int32",
        ["s32"] = "int32",
        ["uint32"] = "uint32",
        ["uint"] = "uint32",
        ["dword"] = "uint32",
        ["u32"] = "uint32",
        ["float"] = "float32",
        ["float32"] = "float32",
        ["real"] = "float32",
        ["int64"] = "int64",
        ["uint64"] = "uint64",
        ["double"] = "float64",
        ["float64"] = "float64",
        ["bool"] = "bool",
        ["boolean"] = "bool",
        ["bit"] = "bool",
        ["int8"] = "int8",
        ["uint8"] = "uint8",
    };

    private static readonly Dictionary<string, string> Tables = new(StringComparer.OrdinalIgnoreCase)
    {
        ["holding"] = "holding",
        ["holding_register"] = "holding",
        ["hr"] = "holding",
        ["input"] = "input",
        ["input_register"] = "input",
        ["ir"] = "input",
        ["coil"] = "coil",
        ["coils"] = "coil",
        ["discrete"] = "discrete",
        ["discrete_input"] = "discrete",
    };

    private static readonly Dictionary<string, string> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        ["c"] = "°C",
        ["degc"] = "°C",
        ["celsius"] = "°C",
        ["°c"] = "°C",
        ["l/min"] = "l/min",
        ["lpm"] = "l/min",
        ["percent"] = "%",
        ["kw"] = "kW",
        ["w"] = "W",
        ["kwh"] = "kWh",
        ["wh"] = "Wh",
        ["mwh"] = "MWh",
        ["hz"] = "Hz",
        ["rpm"] = "rpm",
        ["bar"] = "bar",
        ["v"] = "V",
        ["a"] = "A",
        ["h"] = "h",
        ["hours"] = "h",
        ["k"] = "K",
    };

    public static void Read(string file, LegacyNode root, LegacyConfiguration into)
    {
        var models = root.Members("models");
        if (models.Count == 0) models = WithoutHeading(root);
        foreach (var (key, model) in models)
        {
            var name = key ?? model.Text("name", "model", "id");
            if (name is null) into.Leave(file, model.Line, "model", "It has no name.");
            else ReadModel(file, name, model, into);
        }

        into.LeaveUnasked(file, root, "registers");
    }

    // Some files leave "models" out and begin with the first model.
    private static List<(string? Name, LegacyNode Node)> WithoutHeading(LegacyNode root)
    {
        var models = new List<(string?, LegacyNode)>();
        foreach (var key in root.Keys.ToList())
        {
            if (root.Below(key) is { } model) models.Add((key, model));
        }

        return models;
    }

    private static void ReadModel(string file, string name, LegacyNode model, LegacyConfiguration into)
    {
        var rows = new List<IReadOnlyDictionary<string, string>>();
        var keys = new HashSet<string>();
        foreach (var (registerName, register) in model.Members("registers"))
        {
            if (ReadRegister(file, name, registerName, register, keys, into) is { } row) rows.Add(row);
        }

        var place = new Place(file, model.Line);
        if (rows.Count == 0)
        {
            into.Leave(file, model.Line, $"model {name}", "None of its registers could be taken.");
            return;
        }

        into.Models.Add(new LegacyModel(place, name, new ProfileDraft
        {
            ManufacturerName = "Imported",
            Manufacturer = Make,
            ModelName = name,
            Model = Slug(name, '_'),
            Description = model.Text("description") ?? "Taken from an older configuration.",
            Rows = rows,
        }));
        _ = model.Text("name", "model", "id");
        into.LeaveUnasked(file, model, $"model {name}");
    }

    private static Dictionary<string, string>? ReadRegister(
        string file, string model, string? name, LegacyNode register, HashSet<string> keys, LegacyConfiguration into)
    {
        name = register.Text("name", "key", "id") ?? name;
        var subject = $"model {model}, register {name ?? "without a name"}";
        if (name is null) return Leave(register.Line, "It has no name.");
        if (register.Number("address", "register", "addr") is not { } address || address != Math.Truncate(address) || address is < 0 or > 499_999)
            return Leave(register.LineOf("address", "register", "addr"), "Its address must be a whole number from 0.");
        var typeWord = register.Text("data_type", "datatype", "type") ?? "uint16";
        var tableWord = register.Text("register_type", "table", "function");
        if (tableWord is not null && !Tables.ContainsKey(tableWord))
        {
            return Leave(
                register.LineOf("register_type", "table", "function"), $"Register type '{tableWord}' is not known; known are {string.Join(", ", Tables.Keys)}.");
        }

        var (table, wire, how) = Resolve((int)address, tableWord is null ? null : Tables[tableWord]);
        if (wire is < 0 or > ushort.MaxValue) return Leave(register.LineOf("address", "register", "addr"), $"Address {address} is behind the last register.");
        var isBit = table is "coil" or "discrete";
        if (!isBit && !Types.ContainsKey(typeWord))
            return Leave(register.LineOf("data_type", "datatype", "type"), $"Data type '{typeWord}' is not known; known are {string.Join(", ", Types.Keys)}.");
        var scale = register.Number("scale", "factor", "multiplier") ?? 1;
        if (scale <= 0) return Leave(register.LineOf("scale", "factor", "multiplier"), "Its scale must be greater than 0.");

        var key = Slug(name, '_');
        for (var number = 2; !keys.Add(key); number++) key = $"{Slug(name, '_')}_{number}";
        var row = new Dictionary<string, string>
        {
            ["key"] = key,
            ["table"] = table,
            ["address"] = wire.ToString(CultureInfo.InvariantCulture),
            ["type"] = isBit ? "bool" : Types[typeWord],
            ["label"] = register.Text("description", "label") is { Length: <= 120 } label ? label : name[..Math.Min(name.Length, 120)],
            ["notes"] = $"Taken from {file}; {how}.",
        };
        if (!isBit && scale != 1) row["scale"] = scale.ToString("R", CultureInfo.InvariantCulture);
        if (register.Text("unit") is { } unit)
        {
            var known = Units.GetValueOrDefault(unit, unit);
            if (Unit.TryParse(known, out _)) row["unit"] = known;
            else into.Leave(file, register.LineOf("unit"), $"{subject}: unit", $"Unit '{unit}' is not known; the value is shown without one.");
        }

        // Rows of one label would be told apart by nothing.
        if (how.Length > 0 && wire != (int)address)
            into.Note(file, register.LineOf("address"), subject, $"Address {address} was understood as {how}: {table} {wire} on the wire.");
        into.LeaveUnasked(file, register, subject);
        return row;

        Dictionary<string, string>? Leave(int line, string why)
        {
            into.Leave(file, line, subject, why);
            return null;
        }
    }

    // 40001 and 400001 are the first holding register in manuals, 30001 and 300001 the first input register; anything below counts from 0 as on the wire.
    private static (string Table, int Wire, string How) Resolve(int address, string? table) => (address, table) switch
    {
        ( >= 400_001, null or "holding") => ("holding", address - 400_001, "a 4xxxxx number of a manual"),
        ( >= 300_001 and < 400_001, null or "input") => ("input", address - 300_001, "a 3xxxxx number of a manual"),
        ( > ManualDigits and < 50_000, null or "holding") => ("holding", address - ManualDigits - 1, "a 4xxxx number of a manual"),
        ( > 30_000 and <= ManualDigits, null or "input") => ("input", address - 30_001, "a 3xxxx number of a manual"),
        _ => (table ?? "holding", address, "address counted from 0 as on the wire"),
    };

    public static string Slug(string text, char separator)
    {
        var slug = new System.Text.StringBuilder();
        foreach (var letter in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)) slug.Append(letter);
            else if (slug.Length > 0 && slug[^1] != separator) slug.Append(separator);
        }

        var trimmed = slug.ToString().Trim(separator);
        if (trimmed.Length == 0 || !char.IsAsciiLetterLower(trimmed[0])) trimmed = $"x{separator}{trimmed}".Trim(separator);
        return trimmed.Length <= MaxKey ? trimmed : trimmed[..MaxKey].Trim(separator);
    }
}
