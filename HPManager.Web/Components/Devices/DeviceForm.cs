using System.Globalization;
using System.Text.Json.Serialization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Text;
using HPManager.Drivers.Modbus.Client.Serial;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.Profiles.Owner;
using HPManager.Web.Components.Controls;

namespace HPManager.Web.Components.Devices;

/// <summary>A device as it is described so far, right or wrong, as texts: nothing typed is lost. Not thread-safe.</summary>
public sealed class DeviceForm
{
    private const int MaxUnitId = 247;
    private const int MaxKey = 60;
    private const int FirstRowLine = 2;
    private const string StandIn = "hpmanager_stand_in";

    /// <summary>What a person calls the make.</summary>
    public string MakeName { get; set; } = "";

    /// <summary>Key of the make.</summary>
    public string Make { get; set; } = "";

    /// <summary>What a person calls the model.</summary>
    public string ModelName { get; set; } = "";

    /// <summary>Key of the model.</summary>
    public string Model { get; set; } = "";

    /// <summary>One sentence about it.</summary>
    public string Description { get; set; } = "";

    /// <summary>Seconds between polls.</summary>
    public string Interval { get; set; } = "30";

    /// <summary>Most registers in one request.</summary>
    public string MaxWords { get; set; } = "60";

    /// <summary>Most registers of nothing that are read along.</summary>
    public string MaxHole { get; set; } = "0";

    /// <summary>Byte order when read.</summary>
    public RegisterOrder Order { get; set; }

    /// <summary>Byte order when written; null when it is that of reading.</summary>
    public RegisterOrder? WriteOrder { get; set; }

    /// <summary>Whether single registers are written with function 6.</summary>
    public bool WritesSingly { get; set; }

    /// <summary>How Modbus is switched on, a step a line.</summary>
    public string Steps { get; set; } = "";

    /// <summary>How the owner's table counts addresses.</summary>
    public AddressCounting Counting { get; set; }

    /// <summary>Where it is tried, and what is suggested to those who add such a device.</summary>
    public HeatPumpDraft Connection { get; init; } = new();

    /// <summary>The registers.</summary>
    public List<RegisterForm> Rows { get; init; } = [];

    /// <summary>What the page has no field for.</summary>
    public ProfileDraft Rest { get; init; } = new() { ManufacturerName = "", Manufacturer = "", ModelName = "", Model = "" };

    /// <summary>Whether everything is to be right now, also what was not typed yet.</summary>
    public bool IsMeantWhole { get; set; }

    /// <summary>What is wrong with the fields above the table, by field.</summary>
    [JsonIgnore]
    public Dictionary<string, string> Errors { get; } = [];

    /// <summary>What is wrong with the device as a whole; null for nothing.</summary>
    [JsonIgnore]
    public string? Error { get; private set; }

    /// <summary>Folder in which it is kept: <c>acme/meter</c>.</summary>
    [JsonIgnore]
    public string Name => $"{Make}/{Model}";

    /// <summary>Whether nothing is wrong with it.</summary>
    [JsonIgnore]
    public bool IsRight => Error is null && Errors.Count == 0 && Rows.TrueForAll(row => row.IsBlank || row.IsRight);

    /// <summary>The form of a draft.</summary>
    public static DeviceForm Of(ProfileDraft draft) => new()
    {
        MakeName = draft.ManufacturerName,
        Make = draft.Manufacturer,
        ModelName = draft.ModelName,
        Model = draft.Model,
        Description = draft.Description,
        Interval = Text(draft.IntervalSeconds),
        MaxWords = Text(draft.MaxWords),
        MaxHole = Text(draft.MaxHole),
        Order = draft.Order,
        WriteOrder = draft.WriteOrder,
        WritesSingly = draft.WritesSingly,
        Steps = string.Join('\n', draft.SetupSteps),
        Rows = [.. draft.Rows.Select(row => new RegisterForm { Fields = new(row) })],
        Rest = draft with { Rows = [] },
    };

    /// <summary>A model of no registers, for the fields of the connection and their defaults.</summary>
    public HeatPumpModel ConnectionModel(IHeatPumpDriver driver)
    {
        var draft = Named(ToDraft([]) with { ConnectionKinds = [.. Rest.ConnectionKinds.Union(ModbusConnections.Kinds)], Rows = [StandInRow] });
        return OwnerProfiles.Model(draft.Name, draft.ToFiles(), driver) ?? throw new InvalidOperationException("A draft without registers is always right.");
    }

    /// <summary>The draft with these rows; the tried way to connect comes first.</summary>
    public ProfileDraft ToDraft(IEnumerable<RegisterForm> rows)
    {
        var settings = Connection.Connection;
        return Rest with
        {
            ManufacturerName = MakeName.Trim(),
            Manufacturer = Make,
            ModelName = ModelName.Trim(),
            Model = Model,
            Description = Description.Trim(),
            ConnectionKinds = Connection.Kind.Length == 0 ? Rest.ConnectionKinds : [.. Rest.ConnectionKinds.Prepend(Connection.Kind).Distinct()],
            Port = Integer(settings.GetValueOrDefault(ModbusConnections.Port), 1, ushort.MaxValue) ?? Rest.Port,
            UnitId = Integer(settings.GetValueOrDefault(ModbusConnections.UnitId), 0, MaxUnitId) ?? Rest.UnitId,
            ConnectTimeoutMs = Integer(settings.GetValueOrDefault(ModbusConnections.ConnectTimeout), 100, 60_000) ?? Rest.ConnectTimeoutMs,
            RequestTimeoutMs = Integer(settings.GetValueOrDefault(ModbusConnections.RequestTimeout), 100, 60_000) ?? Rest.RequestTimeoutMs,
            BaudRate = Integer(settings.GetValueOrDefault(ModbusConnections.BaudRate), 1, int.MaxValue) is { } rate && SerialLine.BaudRates.Contains(rate) ? rate : Rest.BaudRate,
            Parity = SnakeCaseEnum.TryParse<SerialParity>(settings.GetValueOrDefault(ModbusConnections.Parity), out var parity) ? parity : Rest.Parity,
            StopBits = Integer(settings.GetValueOrDefault(ModbusConnections.StopBits), 1, 2) ?? Rest.StopBits,
            IntervalSeconds = Integer(Interval, MinInterval, MaxInterval) ?? Rest.IntervalSeconds,
            MaxWords = Integer(MaxWords, 1, 125) ?? Rest.MaxWords,
            MaxHole = Integer(MaxHole, 0, 125) ?? Rest.MaxHole,
            Order = Order,
            WriteOrder = WriteOrder == Order ? null : WriteOrder,
            WritesSingly = WritesSingly,
            SetupSteps = [.. Steps.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            Rows = [.. rows.Where(row => !row.IsBlank).Select(row => row.Fields.Where(field => field.Value.Length > 0).ToDictionary())],
        };
    }

    /// <summary>
    /// Finds everything that is wrong. The reader of profiles is the one that knows, and its lines lead back to the rows. It names one fault a row, so it is asked
    /// again without the columns that are known to be wrong.
    /// </summary>
    public void Check()
    {
        CheckFields();
        Error = null;
        foreach (var row in Rows) CheckAddress(row);
        var isNew = true;
        while (isNew)
        {
            isNew = false;
            var asked = Rows.Where(row => !row.IsBlank && !row.Errors.ContainsKey("")).ToList();
            var draft = Named(ToDraft([]) with { Rows = asked.Count == 0 ? [StandInRow] : [.. asked.Select(WithoutErrors)] });
            foreach (var error in OwnerProfiles.Check(draft.Name, draft.ToFiles()))
            {
                var isOfRow = error.File.EndsWith(".csv", StringComparison.Ordinal) && error.Line >= FirstRowLine && error.Line - FirstRowLine < asked.Count;
                if (isOfRow) isNew |= asked[error.Line - FirstRowLine].Errors.TryAdd(error.Column ?? "", error.Reason);
                else Error ??= error.Message;
            }
        }
    }

    /// <summary>Forgets what all registers read.</summary>
    public void Forget() => Rows.ForEach(row => row.Forget());

    /// <summary>Adds a register like the last one, with nothing typed.</summary>
    public void AddRow()
    {
        var last = Rows.LastOrDefault();
        Rows.Add(new RegisterForm
        {
            Fields = { ["table"] = last?.Table ?? "holding", ["type"] = last is { IsOfRegisters: true } ? last["type"] : last is null ? "int16" : "bool" },
            KeyFollowsName = true,
        });
    }

    /// <summary>Adds a register from a table that counts as this device's does.</summary>
    public void AddRow(IReadOnlyDictionary<string, string> fields)
    {
        var row = new RegisterForm { Fields = new(fields), Left = [.. ProfileDraft.Columns] };
        row.Fields.TryAdd("table", "holding");
        row.Fields.TryAdd("type", row.IsOfRegisters ? "int16" : "bool");
        Rows.Add(row);
        row.SetAddress(fields.GetValueOrDefault("address"), Counting);
        if (row["key"].Length > 0) return;
        row.KeyFollowsName = true;
        row.Fields["key"] = FreeKey(row["label"], row);
    }

    /// <summary>A key for a register that no other one has.</summary>
    public string FreeKey(string label, RegisterForm row)
    {
        var slug = Slug(label);
        var key = slug;
        for (var number = 2; key.Length > 0 && Rows.Exists(other => other != row && other["key"] == key); number++) key = $"{slug}_{number}";
        return key;
    }

    /// <summary>A text as a key; empty when nothing of it can be one.</summary>
    public static string Slug(string? text)
    {
        var letters = new string([.. (text ?? "").ToLowerInvariant().Select(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) ? letter : '_')]);
        var slug = string.Join('_', letters.Split('_', StringSplitOptions.RemoveEmptyEntries));
        if (slug.Length > MaxKey) slug = slug[..MaxKey].TrimEnd('_');
        return slug.Length == 0 || char.IsAsciiLetterLower(slug[0]) ? slug : $"x_{slug}";
    }

    private static int MinInterval => (int)HeatPump.MinInterval.TotalSeconds;

    private static int MaxInterval => (int)HeatPump.MaxInterval.TotalSeconds;

    private static Dictionary<string, string> StandInRow => new()
    {
        ["key"] = StandIn,
        ["label"] = StandIn,
        ["table"] = "holding",
        ["address"] = "0",
        ["type"] = "uint16",
    };

    private static ProfileDraft Named(ProfileDraft draft) => draft with
    {
        Manufacturer = draft.Manufacturer.Length > 0 ? draft.Manufacturer : "own",
        ManufacturerName = draft.ManufacturerName.Length > 0 ? draft.ManufacturerName : "Own",
        Model = draft.Model.Length > 0 ? draft.Model : "device",
        ModelName = draft.ModelName.Length > 0 ? draft.ModelName : "Device",
    };

    private void CheckAddress(RegisterForm row)
    {
        row.Errors.Clear();
        var table = row.Table;
        if (row.IsBlank) return;
        if (row.WrongAddress is { } typed) row.Errors["address"] = Counting.TryRead(ref table, typed, out _, out var wrong) ? "Is not understood." : wrong!;
        else if (row.Wire is null) row.Errors["address"] = "Is missing: the number that the manual gives.";
    }

    // What must be there stands in for what is wrong; what only makes sense with a wrong column goes with it.
    private static Dictionary<string, string> WithoutErrors(RegisterForm row)
    {
        var fields = row.Fields.Where(field => field.Value.Length > 0 && !row.Errors.ContainsKey(field.Key)).ToDictionary();
        foreach (var column in row.Errors.Keys)
        {
            if (column == "access") fields = fields.Where(field => field.Key is not ("write_class" or "refresh_s" or "limits")).ToDictionary();
            if (column == "key") fields[column] = $"{StandIn}_{row.Id}";
            else if (StandInRow.TryGetValue(column, out var standIn)) fields[column] = standIn;
        }

        return fields;
    }

    private void CheckFields()
    {
        Errors.Clear();
        CheckInteger("interval", Interval, MinInterval, MaxInterval);
        CheckInteger("max_words", MaxWords, 1, 125);
        CheckInteger("max_hole", MaxHole, 0, 125);
        CheckName("make", MakeName, Make, 120);
        CheckName("model", ModelName, Model, 80);
    }

    private void CheckInteger(string field, string text, int min, int max)
    {
        if (Integer(text, min, max) is null) Errors[field] = $"Must be a whole number from {min} to {max}.";
    }

    private void CheckName(string field, string name, string key, int most)
    {
        if (name.Trim().Length > most) Errors[field] = $"Must have at most {most} characters.";
        else if (name.Trim().Length > 0 && key.Length == 0) Errors[field] = "Must have at least one letter from a to z or a digit.";
        else if (IsMeantWhole && name.Trim().Length == 0) Errors[field] = "Is required.";
    }

    private static int? Integer(string? text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
