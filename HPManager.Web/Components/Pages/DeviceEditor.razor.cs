using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Polling;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.Profiles.Owner;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages;

/// <summary>How the addresses in the owner's table count.</summary>
public enum AddressCounting
{
    /// <summary>From 0, as on the wire.</summary>
    Wire,

    /// <summary>From 1.</summary>
    FromOne,

    /// <summary>As 40001, 30001, 10001 and 1, by table.</summary>
    Manual,
}

/// <summary>
/// Describes a Modbus device: each row is checked as it is typed by the reader of profiles itself, and shows what the device answers now, through the
/// loop of a running heat pump where there is one at that address.
/// </summary>
public sealed partial class DeviceEditor : IDisposable
{
    private const string Label = "label";
    private const string Table = "table";
    private const string Type = "type";
    private const string Scale = "scale";
    private const string UnitColumn = "unit";
    private const int FirstRowLine = 2;

    private static readonly string[] Tables = ["holding", "input", "coil", "discrete"];

    private static readonly string[] Types =
        ["int16", "uint16", "int32", "uint32", "float32", "bool", "int8", "uint8", "int64", "uint64", "float64", "text"];

    private static readonly (string Column, string Label, string Hint)[] More =
    [
        ("key", "Key", "made from the name"), ("offset", "Offset", "0"), ("order", "Byte order", "as the device"), ("bits", "Bits", "3 or 4..7"), ("length", "Registers of a text", "4"),
        ("plus", "Add registers", "3501=1;3502=1000"), ("value", "Kind of value", "number, counter, switch, code, flags"), ("codes", "Words of codes", "0=off;1=on"),
        ("min", "Smallest", ""), ("max", "Largest", ""), ("step", "Step", ""), ("write_class", "Care when writing", "setting, eeprom, cyclic, single_shot"),
        ("sentinels", "No value at", "32767=not fitted"), ("signal", "Meaning", "flow_temperature"), ("category", "Group", "temperature, power, status …"), ("notes", "Notes", ""),
    ];

    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Row> _rows = [];
    private ProfileDraft _draft = new() { ManufacturerName = "", Manufacturer = "", ModelName = "", Model = "" };
    private AddressCounting _counting;
    private string _host = "";
    private string? _loadError;
    private string? _fileError;
    private string? _saved;
    private string? _status;
    private bool _isLive;
    private bool _working;

    /// <summary>Key of the make; null for a new device.</summary>
    [Parameter]
    public string? Make { get; set; }

    /// <summary>Key of the model; null for a new device.</summary>
    [Parameter]
    public string? Model { get; set; }

    /// <summary>Where it is kept.</summary>
    [Inject]
    public required OwnerProfiles Profiles { get; set; }

    /// <summary>Reads it.</summary>
    [Inject]
    public required ConnectionTest Test { get; set; }

    /// <summary>Speaks to it.</summary>
    [Inject]
    public required ModbusDriver Driver { get; set; }

    /// <summary>Told of changes.</summary>
    [Inject]
    public required HeatpumpManager Manager { get; set; }

    /// <summary>Clock.</summary>
    [Inject]
    public required TimeProvider Time { get; set; }

    private string Title => IsKept ? $"{_draft.ManufacturerName} {_draft.ModelName}" : "Describe a device";

    private bool IsKept => Make is not null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        if (Make is null || Model is null)
        {
            Add();
            return;
        }

        if (Profiles.Read($"{Make}/{Model}") is not { } files)
        {
            _loadError = $"There is no device {Make}/{Model}.";
            return;
        }

        if (ProfileDraftReader.Read(files, out var errors) is not { } draft)
        {
            _loadError = errors.Count > 0
                ? $"The files are wrong: {errors[0]}"
                : "This profile says more than can be edited here (several models, options, identity). Edit its two files in the data folder.";
            return;
        }

        _draft = draft;
        _rows.AddRange(draft.Rows.Select(row => new Row(row)));
        Check();
    }

    private string Shown(Row row) => int.TryParse(row["address"], NumberStyles.None, CultureInfo.InvariantCulture, out var wire)
        ? (wire + Base(row)).ToString(CultureInfo.InvariantCulture)
        : row["address"];

    private int Base(Row row) => _counting switch
    {
        AddressCounting.Wire => 0,
        AddressCounting.FromOne => 1,
        _ => row["table"] switch { "holding" => 40_001, "input" => 30_001, "discrete" => 10_001, _ => 1 },
    };

    private void Add()
    {
        var last = _rows.LastOrDefault();
        _rows.Add(new Row(new Dictionary<string, string> { ["table"] = last?["table"] ?? "holding", ["type"] = last?["type"] ?? "int16" }));
    }

    private void Remove(Row row)
    {
        _rows.Remove(row);
        Check();
    }

    private void SetMake(string? name) => _draft = _draft with { ManufacturerName = name?.Trim() ?? "", Manufacturer = Slug(name) };

    private void SetModel(string? name) => _draft = _draft with { ModelName = name?.Trim() ?? "", Model = Slug(name) };

    private void SetNumber(ChangeEventArgs change, int min, int max, Func<int, ProfileDraft> with)
    {
        if (int.TryParse(change.Value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) _draft = with(number);
        else _fileError = $"Must be a whole number from {min} to {max}.";
    }

    private void SetOrder(ChangeEventArgs change)
    {
        if (Enum.TryParse<RegisterOrder>(change.Value as string, out var order)) _draft = _draft with { Order = order };
        Check();
    }

    private void SetCounting(ChangeEventArgs change) => _counting = Enum.TryParse<AddressCounting>(change.Value as string, out var counting) ? counting : AddressCounting.Wire;

    private void SetAddress(Row row, ChangeEventArgs change)
    {
        var text = (change.Value as string)?.Trim() ?? "";
        row["address"] = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number - Base(row)).ToString(CultureInfo.InvariantCulture)
            : text;
        Check();
    }

    private void SetAccess(Row row, ChangeEventArgs change)
    {
        row["access"] = change.Value as string ?? "";

        // The most careful kind, until the owner says otherwise.
        if (row["access"].Length == 0) row["write_class"] = "";
        else if (row["write_class"].Length == 0) row["write_class"] = "eeprom";
        Check();
    }

    private void Set(Row row, string column, ChangeEventArgs change)
    {
        row[column] = (change.Value as string)?.Trim() ?? "";
        if (column == Label && row["key"].Length == 0) row["key"] = FreeKey(row[Label]);
        if (column == Table && row[Table] is "coil" or "discrete") row[Type] = "bool";
        Check();
    }

    private string FreeKey(string label)
    {
        var slug = Slug(label);
        var key = slug;
        for (var number = 2; _rows.Exists(row => row["key"] == key); number++) key = $"{slug}_{number}";
        return key;
    }

    private static string Slug(string? text)
    {
        var letters = new string([.. (text ?? "").ToLowerInvariant().Select(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) ? letter : '_')]);
        var slug = string.Join('_', letters.Split('_', StringSplitOptions.RemoveEmptyEntries));
        return slug.Length == 0 || char.IsAsciiLetterLower(slug[0]) ? slug : $"x_{slug}";
    }

    private ProfileDraft Whole() => _draft with { Rows = [.. _rows.Select(row => row.Fields)] };

    // The reader of profiles is the one that knows what is right; its lines lead back to the rows.
    private IReadOnlyList<ProfileError> Check()
    {
        foreach (var row in _rows) row.Error = null;
        (_fileError, _saved) = (null, null);
        var draft = Whole();
        var named = draft with
        {
            Manufacturer = draft.Manufacturer.Length > 0 ? draft.Manufacturer : "own",
            ManufacturerName = draft.ManufacturerName.Length > 0 ? draft.ManufacturerName : "Own",
            Model = draft.Model.Length > 0 ? draft.Model : "device",
            ModelName = draft.ModelName.Length > 0 ? draft.ModelName : "Device",
        };
        var errors = OwnerProfiles.Check(named.Name, named.ToFiles());
        foreach (var error in errors)
        {
            var index = error.Line - FirstRowLine;
            if (error.File.EndsWith("registers.csv", StringComparison.Ordinal) && index >= 0 && index < _rows.Count) _rows[index].Error ??= error.Message;
            else _fileError ??= error.Message;
        }

        return errors;
    }

    private async Task SaveAsync()
    {
        if (!OwnerProfiles.IsName(_draft.Name))
        {
            _fileError = "Make and model need names.";
            return;
        }

        var isNew = !IsKept && Profiles.Read(_draft.Name) is not null;
        if (isNew)
        {
            _fileError = $"There is a device {_draft.Name} already.";
            return;
        }

        if (Check().Count > 0)
        {
            _fileError ??= "Not saved: some rows are not right yet.";
            return;
        }

        _working = true;
        try
        {
            Profiles.Save(_draft.Name, Whole().ToFiles());
            await Manager.ReloadModelsAsync(_stop.Token);
            _saved = "Saved.";
        }
        catch (IOException unwritable)
        {
            _fileError = $"It cannot be saved: {unwritable.Message}";
        }
        finally
        {
            _working = false;
        }
    }

    private async Task ReadAsync()
    {
        _isLive = !_isLive;
        if (!_isLive) return;
        using var timer = new PeriodicTimer(ReadEvery, Time);
        try
        {
            do
            {
                await ReadOnceAsync(_stop.Token);
                StateHasChanged();
            }
            while (_isLive && await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    // Rows that are not right yet are left out, so that the others can be seen.
    private async Task ReadOnceAsync(CancellationToken cancellationToken)
    {
        var right = _rows.Where(row => row.Error is null && row["key"].Length > 0).ToList();
        var draft = _draft with { Manufacturer = "own", ManufacturerName = "Own", Model = "device", ModelName = "Device", Rows = [.. right.Select(row => row.Fields)] };
        if (right.Count == 0 || OwnerProfiles.Model(draft.Name, draft.ToFiles(), Driver) is not { } model)
        {
            _status = "No row is complete yet.";
            return;
        }

        var candidate = new HeatPump
        {
            Id = default,
            Name = "Preview",
            Manufacturer = model.Manufacturer,
            Model = model.Key,
            Connection = new ConnectionConfig(ModbusConnections.Tcp, new Settings([new(ModbusConnections.Host, _host.Trim())])),
        };
        var result = await Test.RunAsync(candidate, model, cancellationToken);
        _status = result.Failure is { } failure ? $"{failure.Message} {failure.Hint}" : $"Read {right.Count} registers just now.";
        foreach (var row in right)
        {
            var sensor = result.Snapshot is { } snapshot && SensorKey.TryParse(row["key"], out var key) && snapshot.Sensors.TryGet(key, out var found) ? found : null;
            (row.Sensor, row.Reading) = (sensor, sensor is null ? null : result.Snapshot![sensor.Key]);
        }
    }

    /// <summary>One register as it is typed.</summary>
    private sealed class Row(IReadOnlyDictionary<string, string> fields)
    {
        private readonly Dictionary<string, string> _fields = new(fields);

        public IReadOnlyDictionary<string, string> Fields => _fields.Where(pair => pair.Value.Length > 0).ToDictionary();

        public string? Error { get; set; }

        public bool IsOpen { get; set; }

        public SensorDefinition? Sensor { get; set; }

        public Reading? Reading { get; set; }

        public string this[string column]
        {
            get => _fields.GetValueOrDefault(column, "");
            set => _fields[column] = value;
        }
    }
}
