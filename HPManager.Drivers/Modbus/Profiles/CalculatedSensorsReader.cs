using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Core.Text;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>Reads what <c>profile.yaml</c> says about sensors that follow from others.</summary>
internal static class CalculatedSensorsReader
{
    private const int MaxRules = 50;
    private const int MaxConditions = 10;

    public static IReadOnlyList<ProfileCalculated> Read(YamlFields file) =>
    [
        .. file.FieldsList("water_heat", "key", "label", "flow", "supply", "return", "signal").Select(ReadWaterHeat),
        .. file.FieldsList("states", "key", "label", "signal", "notes", "access", "write_class", "refresh_s", "rules").Select(ReadState),
    ];

    private static ProfileWaterHeat ReadWaterHeat(YamlFields entry)
    {
        var sensor = new SensorDefinition
        {
            Key = ReadKey(entry, "key"),
            Label = entry.Text("label", maxLength: 120),
            Category = SensorCategory.Power,
            Kind = ValueKind.Number,
            Unit = Unit.Kilowatt,
            Signal = ReadSignal(entry),
            Address = "calculated",
            Notes = "Calculated from water flow, flow temperature and return; 0 while heat goes the other way.",
        };
        return new ProfileWaterHeat(sensor, ReadKey(entry, "flow"), ReadKey(entry, "supply"), ReadKey(entry, "return"), entry.Line);
    }

    private static ProfileState ReadState(YamlFields entry)
    {
        var rules = entry.FieldsList("rules", "code", "state", "when").Select(ReadRule).ToList();
        if (rules.Count is 0 or > MaxRules) throw entry.Error("rules", $"A state needs 1 to {MaxRules} rules.");
        var words = rules.Select(rule => KeyValuePair.Create(rule.Code, rule.State)).Distinct().ToList();
        if (words.DistinctBy(word => word.Key).Count() != words.Count) throw entry.Error("rules", "A code has two different words.");
        if (words.DistinctBy(word => word.Value, StringComparer.OrdinalIgnoreCase).Count() != words.Count) throw entry.Error("rules", "A word stands for two codes.");
        var writeClass = ReadWriteClass(entry, rules);
        var isWritable = writeClass != WriteClass.None;
        var sensor = new SensorDefinition
        {
            Key = ReadKey(entry, "key"),
            Label = entry.Text("label", maxLength: 120),
            Category = isWritable ? SensorCategory.Mode : SensorCategory.Status,
            Access = isWritable ? SensorAccess.ReadWrite : SensorAccess.Read,
            WriteClass = writeClass,
            RefreshEvery = ReadRefresh(entry, isWritable),
            Kind = ValueKind.Code,
            Codes = new CodeTable([.. words.OrderBy(word => word.Key)]),
            Signal = ReadSignal(entry),
            Address = "calculated",
            Notes = entry.OptionalText("notes") ?? "Follows from other sensors; nothing is shown where they do not tell.",
        };
        return new ProfileState(sensor, rules, entry.Line);
    }

    private static WriteClass ReadWriteClass(YamlFields entry, List<ProfileStateRule> rules)
    {
        if (entry.OptionalText("access") is not "rw")
        {
            if (entry.OptionalText("access") is not (null or "r")) throw entry.Error("access", "'access' must be r or rw.");
            return entry.Has("write_class") ? throw entry.Error("write_class", "'write_class' is for states with access rw.") : WriteClass.None;
        }

        if (rules.DistinctBy(rule => rule.Code).Count() != rules.Count) throw entry.Error("rules", "A state that can be written needs one rule for each code.");
        var word = entry.Text("write_class");
        return SnakeCaseEnum.TryParse<WriteClass>(word, out var known) && known is WriteClass.Setting or WriteClass.Cyclic
            ? known
            : throw entry.Error("write_class", $"'write_class' of a state must be setting or cyclic, not '{word}'.");
    }

    private static TimeSpan? ReadRefresh(YamlFields entry, bool isWritable)
    {
        if (entry.OptionalInteger("refresh_s", 10, 86_400) is not { } seconds) return null;
        return isWritable ? TimeSpan.FromSeconds(seconds) : throw entry.Error("refresh_s", "'refresh_s' is for states with access rw.");
    }

    private static ProfileStateRule ReadRule(YamlFields rule)
    {
        var conditions = rule.Texts("when").Select(text => ReadCondition(rule, text)).ToList();
        if (conditions.Count is 0 or > MaxConditions) throw rule.Error("when", $"A rule needs 1 to {MaxConditions} conditions.");
        return new ProfileStateRule(rule.Integer("code", short.MinValue, short.MaxValue), rule.Text("state", maxLength: 80), conditions);
    }

    private static KeyValuePair<SensorKey, int> ReadCondition(YamlFields rule, string text)
    {
        var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        return parts.Length == 2 && SensorKey.TryParse(parts[0], out var key)
            && int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code)
            ? KeyValuePair.Create(key, code)
            : throw rule.Error("when", $"'{text}' must be the key of a sensor and one of its codes: compressor_running=1.");
    }

    private static Signal? ReadSignal(YamlFields entry) => entry.OptionalText("signal") is not { } word ? null
        : SnakeCaseEnum.TryParse<Signal>(word, out var known) ? known
        : throw entry.Error("signal", $"'{word}' is not a signal.");

    private static SensorKey ReadKey(YamlFields entry, string field) => SensorKey.TryParse(entry.Text(field), out var key)
        ? key
        : throw entry.Error(field, $"'{entry.Text(field)}' is not a sensor key: {SensorKey.Format}.");
}
