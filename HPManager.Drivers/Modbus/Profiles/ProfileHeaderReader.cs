using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Core.Text;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Serial;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>Reads <c>profile.yaml</c>.</summary>
internal static class ProfileHeaderReader
{
    private const int MaxWordsInRequest = 125;
    private const int MaxBitsInRequest = 2000;

    /// <summary>Reads the text of the file.</summary>
    /// <exception cref="ProfileFormatException">The file is not a profile; the first thing that is wrong.</exception>
    public static ProfileHeader Read(string text)
    {
        var file = YamlFields.Parse(
            text, "the profile", "manufacturer", "protocol", "models", "other_tags", "connection", "default_interval_s", "blocks", "word_order",
            "byte_order", "sentinels", "write_rules", "options", "repeats", "read_table_option", "proof", "identity", "water_heat", "states",
            "setup_guide", "dashboard");
        if (file.Text("protocol") is not "modbus" and var protocol)
            throw file.Error("protocol", $"Protocol '{protocol}' is not known; known is modbus.");
        var manufacturer = file.Fields("manufacturer", "key", "name");
        var models = ReadModels(file);
        var writeRules = file.Fields("write_rules", "read_back_within_ms", "min_eeprom_interval_s", "function");
        var options = ReadOptions(file);
        return new ProfileHeader
        {
            Manufacturer = manufacturer.Key("key"),
            ManufacturerName = manufacturer.Text("name", maxLength: 120),
            Models = models,
            OtherTags = file.Texts("other_tags"),
            Connection = ReadConnection(file.Fields(
                "connection", "kinds", "port", "unit_id", "connect_timeout_ms", "request_timeout_ms", "release_between_polls", "one_client_per_host", "serial")),
            DefaultInterval = TimeSpan.FromSeconds(
                file.Integer("default_interval_s", (int)HeatPump.MinInterval.TotalSeconds, (int)HeatPump.MaxInterval.TotalSeconds)),
            Blocks = ReadBlocks(file),
            ReadOrder = ReadOrder(file, "read"),
            WriteOrder = ReadOrder(file, "write"),
            Sentinels = ReadSentinels(file),
            WriteRules = ReadWriteRules(writeRules),
            WritesSingly = ReadWritesSingly(writeRules),
            Options = options,
            Repeats = ReadRepeats(file, options),
            ReadTableOption = ReadTableOption(file, options),
            Proof = new ProfileProof(ReadSensorKeys(file, "proof"), file.LineOf("proof")),
            Identity = ReadIdentity(file, models),
            Calculated = CalculatedSensorsReader.Read(file),
            Guide = ReadGuide(file.Fields("setup_guide", "switch_on", "steps", "notes", "unverified")),
            Dashboard = [.. file.FieldsList("dashboard", "title", "chart", "sensors").Select(ReadTile)],
        };
    }

    private static List<ProfileModel> ReadModels(YamlFields file)
    {
        var models = new List<ProfileModel>();
        foreach (var entry in file.FieldsList("models", "key", "name", "description", "firmware", "tags"))
        {
            var model = new ProfileModel(
                entry.Key("key"), entry.Text("name", maxLength: 80), entry.OptionalText("description") ?? "", entry.OptionalText("firmware") ?? "", entry.Texts("tags"));
            if (models.Exists(other => other.Key == model.Key)) throw entry.Error("key", $"Model '{model.Key}' is there twice.");
            models.Add(model);
        }

        return models.Count > 0 ? models : throw file.Error("models", "A profile needs at least one model.");
    }

    private static ConnectionDefaults ReadConnection(YamlFields fields)
    {
        var kinds = fields.Texts("kinds");
        if (kinds.Count == 0 || kinds.Except(ModbusConnections.Kinds).Any())
            throw fields.Error("kinds", $"Kinds must be some of {string.Join(", ", ModbusConnections.Kinds)}.");
        return new ConnectionDefaults(
            kinds,
            fields.Integer("port", 1, 65535),
            fields.Integer("unit_id", 0, 247),
            TimeSpan.FromMilliseconds(fields.Integer("connect_timeout_ms", 100, 60_000)),
            TimeSpan.FromMilliseconds(fields.Integer("request_timeout_ms", 100, 60_000)))
        {
            Serial = fields.Has("serial") ? ReadSerial(fields.Fields("serial", "baud_rate", "parity", "stop_bits")) : SerialDefaults.Usual,
            ReleasesBetweenPolls = fields.Flag("release_between_polls"),
            IsOneClientPerHost = fields.Flag("one_client_per_host"),
        };
    }

    private static SerialDefaults ReadSerial(YamlFields fields)
    {
        var speed = fields.Integer("baud_rate", 0, int.MaxValue);
        if (!SerialLine.BaudRates.Contains(speed)) throw fields.Error("baud_rate", $"'baud_rate' must be one of {string.Join(", ", SerialLine.BaudRates)}.");
        return SnakeCaseEnum.TryParse<SerialParity>(fields.Text("parity"), out var parity)
            ? new SerialDefaults(speed, parity, fields.Integer("stop_bits", 1, 2))
            : throw fields.Error("parity", $"'parity' must be one of {string.Join(", ", SnakeCaseEnum.Keys<SerialParity>())}.");
    }

    private static Dictionary<ModbusTable, BlockRules> ReadBlocks(YamlFields file)
    {
        var blocks = file.Fields("blocks", [.. ProfileWords.TableKeys]);
        return blocks.Keys.ToDictionary(
            key => ProfileWords.Table(key)!.Value,
            key =>
            {
                var rules = blocks.Fields(key, "max_words", "max_hole", "new_request_at", "optional_ranges");
                var most = ProfileWords.Table(key)!.Value.IsOfRegisters() ? MaxWordsInRequest : MaxBitsInRequest;
                return new BlockRules(
                    rules.Integer("max_words", 1, most),
                    rules.Integer("max_hole", 0, most),
                    rules.Integers("new_request_at", 0, ushort.MaxValue).ToHashSet())
                {
                    OptionalRanges = [.. rules.Texts("optional_ranges").Select(text => ReadRange(rules, text))],
                };
            });
    }

    private static RegisterRange ReadRange(YamlFields rules, string text)
    {
        var ends = text.Split('-', StringSplitOptions.TrimEntries);
        return ends.Length == 2 && ushort.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && ushort.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first <= last
            ? new RegisterRange(first, last)
            : throw rules.Error("optional_ranges", $"'{text}' must be written as first-last, each from 0 to 65535.");
    }

    private static RegisterOrder ReadOrder(YamlFields file, string direction)
    {
        var isLowWordFirst = IsLowFirst(file.Fields("word_order", "read", "write"), direction);
        var isLowByteFirst = file.Has("byte_order") && IsLowFirst(file.Fields("byte_order", "read", "write"), direction);
        return (isLowWordFirst, isLowByteFirst) switch
        {
            (false, false) => RegisterOrder.Abcd,
            (true, false) => RegisterOrder.Cdab,
            (false, true) => RegisterOrder.Badc,
            (true, true) => RegisterOrder.Dcba,
        };
    }

    private static bool IsLowFirst(YamlFields fields, string key) => fields.Text(key) switch
    {
        "high_first" => false,
        "low_first" => true,
        var other => throw fields.Error(key, $"The order must be high_first or low_first, not '{other}'."),
    };

    private static Dictionary<RegisterType, IReadOnlyList<Sentinel>> ReadSentinels(YamlFields file)
    {
        if (!file.Has("sentinels")) return [];
        var byType = file.Fields("sentinels", [.. ProfileWords.TypeKeys]);
        return byType.Keys.ToDictionary(
            key => ProfileWords.TryParseType(key, out var type) ? type : default,
            key => (IReadOnlyList<Sentinel>)
                [.. byType.FieldsList(key, "raw", "meaning", "absent").Select(ReadSentinel)]);
    }

    private static Sentinel ReadSentinel(YamlFields entry) =>
        new(entry.Number("raw"), entry.Text("meaning", maxLength: 80), entry.Flag("absent"));

    private static bool ReadWritesSingly(YamlFields rules) => rules.OptionalInteger("function", 0, 99) switch
    {
        6 => true,
        null or 16 => false,
        _ => throw rules.Error("function", "Registers are written with function 6 or 16."),
    };

    private static ProfileIdentity? ReadIdentity(YamlFields file, List<ProfileModel> models)
    {
        if (!file.Has("identity")) return null;
        var identity = file.Fields("identity", "sensor", "codes");
        var sensor = ReadSensorKey(identity, "sensor");
        var codes = identity.Fields("codes");
        var entries = codes.Keys
            .SelectMany(key => int.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code)
                ? codes.Text(key).Split(';', StringSplitOptions.TrimEntries).Select(model => KeyValuePair.Create(code, model))
                : throw codes.Error(key, $"'{key}' is not a whole number."))
            .ToList();
        if (models.Find(model => entries.TrueForAll(entry => entry.Value != model.Key)) is { } unnamed)
            throw identity.Error("codes", $"No code stands for model '{unnamed.Key}', which then could never be read.");
        return new ProfileIdentity(sensor, entries, identity.Line);
    }

    private static WriteRules ReadWriteRules(YamlFields fields) => new(
        TimeSpan.FromMilliseconds(fields.Integer("read_back_within_ms", 0, 600_000)),
        TimeSpan.FromSeconds(fields.Integer("min_eeprom_interval_s", 0, 86_400)));

    private static List<ParameterDefinition> ReadOptions(YamlFields file)
    {
        var options = new List<ParameterDefinition>();
        foreach (var entry in file.FieldsList("options", "key", "label", "kind", "default", "min", "max", "unit", "choices", "help", "advanced"))
        {
            var option = ReadOption(entry);
            if (options.Exists(other => other.Key == option.Key)) throw entry.Error("key", $"Option '{option.Key}' is there twice.");
            options.Add(option);
        }

        return options;
    }

    private static ParameterDefinition ReadOption(YamlFields entry)
    {
        if (!SnakeCaseEnum.TryParse<ParameterKind>(entry.Text("kind"), out var kind))
            throw entry.Error("kind", $"Kind must be one of {string.Join(", ", SnakeCaseEnum.Keys<ParameterKind>())}.");
        var choices = entry.FieldsList("choices", "key", "label")
            .Select(choice => new ParameterChoice(choice.Text("key", maxLength: 40), choice.Text("label", maxLength: 80)))
            .ToList();
        if (choices.Count > 0 != kind is ParameterKind.Choice or ParameterKind.Choices)
            throw entry.Error("choices", $"Kind {entry.Text("kind")} {(choices.Count > 0 ? "has no choices" : "needs choices")}.");
        if (choices.Exists(choice => !choice.Key.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_')))
            throw entry.Error("choices", "The key of a choice has only lower case letters, digits and underscores.");
        if (choices.DistinctBy(choice => choice.Key).Count() != choices.Count) throw entry.Error("choices", "A choice is there twice.");
        var option = new ParameterDefinition
        {
            Key = entry.Key("key"),
            Label = entry.Text("label", maxLength: 80),
            Kind = kind,
            Default = entry.OptionalText("default"),
            Min = entry.OptionalInteger("min", int.MinValue, int.MaxValue),
            Max = entry.OptionalInteger("max", int.MinValue, int.MaxValue),
            Unit = entry.OptionalText("unit", maxLength: 20),
            Choices = choices,
            Help = entry.OptionalText("help", maxLength: 1000),
            IsAdvanced = entry.Flag("advanced"),
        };
        return option.Check(option.Default) is { } error ? throw entry.Error("default", error) : option;
    }

    private static Dictionary<string, ParameterDefinition> ReadRepeats(YamlFields file, List<ParameterDefinition> options)
    {
        if (!file.Has("repeats")) return [];
        var repeats = file.Fields("repeats");
        return repeats.Keys.ToDictionary(name => name, name => options.Find(option => option.Key == repeats.Text(name)) switch
        {
            { Kind: ParameterKind.Choices } option when SnakeCase.IsValid(name, maxLength: 40) => option,
            _ => throw repeats.Error(name, $"A repeat is a lower snake case name and the key of an option of kind choices; '{name}' is not."),
        });
    }

    private static string? ReadTableOption(YamlFields file, List<ParameterDefinition> options)
    {
        if (file.OptionalText("read_table_option") is not { } key) return null;
        var option = options.Find(option => option.Key == key);
        return option is { Kind: ParameterKind.Choice } && option.Choices.All(choice => ProfileWords.Table(choice.Key)?.IsOfRegisters() == true)
            ? key
            : throw file.Error("read_table_option", $"'{key}' must be an option of kind choice between holding and input.");
    }

    private static SetupGuide ReadGuide(YamlFields fields)
    {
        var steps = fields.Texts("steps", maxLength: 1000);
        if (steps.Count == 0) throw fields.Error("steps", "The setup guide needs at least one step.");
        return new SetupGuide(steps, fields.Texts("notes", maxLength: 1000), fields.Texts("unverified", maxLength: 1000))
        {
            SwitchOn = fields.OptionalText("switch_on"),
        };
    }

    private static List<SensorKey> ReadSensorKeys(YamlFields entry, string field)
    {
        var sensors = new List<SensorKey>();
        foreach (var text in entry.Texts(field))
        {
            if (!SensorKey.TryParse(text, out var key)) throw entry.Error(field, $"'{text}' is not a sensor key: {SensorKey.Format}.");
            sensors.Add(key);
        }

        return sensors;
    }

    private static SensorKey ReadSensorKey(YamlFields entry, string field) => SensorKey.TryParse(entry.Text(field), out var key)
        ? key
        : throw entry.Error(field, $"'{entry.Text(field)}' is not a sensor key: {SensorKey.Format}.");

    private static ProfileTile ReadTile(YamlFields entry)
    {
        var sensors = ReadSensorKeys(entry, "sensors");
        if (sensors.Count is 0 or > 20) throw entry.Error("sensors", "A tile shows 1 to 20 sensors.");
        return new ProfileTile(new DashboardTile(entry.Text("title", maxLength: 80), sensors, entry.Flag("chart")), entry.LineOf("sensors"));
    }
}
