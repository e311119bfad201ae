using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Core.Text;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>Turns the fields of one line into a <see cref="RegisterRow"/>, and refuses what contradicts itself or the header.</summary>
internal static class RegisterRowReader
{
    private const int MaxRefreshSeconds = 86_400;

    public static RegisterRow Read(RegisterFields fields, ProfileHeader header)
    {
        var table = ProfileWords.Table(fields["table"]) ?? throw fields.Error("table", $"must be one of {string.Join(", ", ProfileWords.TableKeys)}.");
        if (!header.Blocks.ContainsKey(table)) throw fields.Error("table", $"profile.yaml has no block rules for {fields["table"]}.");
        var type = RegisterCodingReader.ReadType(fields, table);
        var kind = fields.Word("value", UsualKind(type));
        if (type.IsText() != (kind == ValueKind.Text)) throw fields.Error("value", $"type {fields["type"]} and value {SnakeCaseEnum.Key(kind)} do not go together.");
        var access = ReadAccess(fields, table, type, header);
        var scale = fields.Number("scale") is not { } number ? 1 : number > 0 ? number : throw fields.Error("scale", "must be greater than 0.");
        var address = fields.Integer("address", 0, ushort.MaxValue);
        var orders = RegisterCodingReader.ReadOrders(fields);
        var repeat = ReadRepeat(fields, header);
        return new RegisterRow
        {
            Line = fields.Line,
            Key = fields.Required("key", 96),
            Label = fields.Required("label", 120),
            Circuit = fields["circuit"],
            Table = table,
            Address = address,
            Type = type,
            TextLength = RegisterCodingReader.ReadLength(fields, type),
            Bits = RegisterCodingReader.ReadBits(fields, type, access),
            ReadOrder = orders.Read,
            WriteOrder = orders.Write,
            Plus = RegisterCodingReader.ReadPlus(fields, type, access, address),
            Scale = scale,
            Offset = fields.Number("offset") ?? 0,
            Unit = Unit.TryParse(fields["unit"] ?? "", out var unit)
                ? unit
                : throw fields.Error("unit", $"'{fields["unit"]}' is not known; known are {string.Join(' ', Unit.KnownSymbols)}."),
            Access = access,
            WriteClass = ReadWriteClass(fields, access),
            RefreshEvery = ReadRefresh(fields, access),
            Kind = kind,
            Category = fields.Word("category", SensorCategory.Other),
            Codes = kind == ValueKind.Text ? null : ReadCodes(fields, type, kind),
            TextCodes = kind == ValueKind.Text ? ReadTextCodes(fields) : null,
            Range = ReadRange(fields, type, kind, access, scale),
            Limits = ReadLimits(fields, access),
            TagRanges = [.. fields.Pairs("model_ranges").Select(pair => ReadTagRange(fields, header, pair))],
            Signal = ReadSignal(fields),
            SignalTags = ReadTags(fields, "signal_models", header),
            Repeat = repeat,
            Stride = repeat is null ? 0 : fields.Integer("stride", 1, 10_000),
            Conditions = [.. fields.List("when").Select(text => ReadCondition(fields, header, text))],
            Sentinels = ReadSentinels(fields, header, type),
            Optional = fields.Flag("optional"),
            ReadAlone = fields.Flag("read_alone"),
            Tags = ReadTags(fields, "models", header),
            Notes = fields["notes"],
            Source = fields["source"],
        };
    }

    private static ValueKind UsualKind(RegisterType type) =>
        type.IsText() ? ValueKind.Text : type == RegisterType.Bool ? ValueKind.Switch : ValueKind.Number;

    private static SensorAccess ReadAccess(RegisterFields fields, ModbusTable table, RegisterType type, ProfileHeader header)
    {
        var access = fields["access"] switch
        {
            null or "r" => SensorAccess.Read,
            "rw" => SensorAccess.ReadWrite,
            "w" => SensorAccess.Write,
            var other => throw fields.Error("access", $"must be r, rw or w, not '{other}'."),
        };
        if (access == SensorAccess.Read) return access;
        if (!table.IsWritable()) throw fields.Error("access", $"table {fields["table"]} can only be read.");
        if (type.IsText()) throw fields.Error("access", "texts can only be read.");
        return !header.WritesSingly || type.WordsOf() == 1
            ? access
            : throw fields.Error("access", "a value of several registers cannot be written with function 6, as profile.yaml wants it.");
    }

    private static TimeSpan? ReadRefresh(RegisterFields fields, SensorAccess access)
    {
        if (fields.OptionalInteger("refresh_s", 1, MaxRefreshSeconds) is not { } seconds) return null;
        return access != SensorAccess.Read ? TimeSpan.FromSeconds(seconds) : throw fields.Error("refresh_s", "is only for what can be written.");
    }

    private static (string? Min, string? Max) ReadLimits(RegisterFields fields, SensorAccess access)
    {
        if (fields["limits"] is not { } text) return (null, null);
        if (access == SensorAccess.Read) throw fields.Error("limits", "are only for what can be written.");
        var keys = text.Split(';', StringSplitOptions.TrimEntries);
        if (keys.Length != 2) throw fields.Error("limits", $"'{text}' must be the keys of two sensors, min;max; either may be empty.");
        return (keys[0] is "" ? null : keys[0], keys[1] is "" ? null : keys[1]);
    }

    private static WriteClass ReadWriteClass(RegisterFields fields, SensorAccess access)
    {
        var writeClass = fields["write_class"] is null ? WriteClass.None : fields.Word<WriteClass>("write_class");
        return (access == SensorAccess.Read) == (writeClass == WriteClass.None)
            ? writeClass
            : throw fields.Error("write_class", "must be given where access is rw or w, and only there.");
    }

    private static TextCodes? ReadTextCodes(RegisterFields fields)
    {
        var entries = fields.Pairs("codes").Select(pair => KeyValuePair.Create(pair.Left, pair.Right)).ToList();
        if (entries.DistinctBy(entry => entry.Key).Count() != entries.Count) throw fields.Error("codes", "a code is there twice.");
        return entries.Count == 0 ? null : new TextCodes(entries);
    }

    private static CodeTable? ReadCodes(RegisterFields fields, RegisterType type, ValueKind kind)
    {
        if (type == RegisterType.Bool && kind == ValueKind.Switch && fields["codes"] is null) return new CodeTable([new(0, "off"), new(1, "on")]);
        var entries = fields.Pairs("codes")
            .Select(pair => int.TryParse(pair.Left, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code)
                ? KeyValuePair.Create(code, pair.Right)
                : throw fields.Error("codes", $"'{pair.Left}' is not a whole number."))
            .ToList();
        if (entries.DistinctBy(entry => entry.Key).Count() != entries.Count) throw fields.Error("codes", "a code is there twice.");
        if (entries.DistinctBy(entry => entry.Value, StringComparer.OrdinalIgnoreCase).Count() != entries.Count)
            throw fields.Error("codes", "a word is there twice.");
        if (entries.Count == 0 && kind is ValueKind.Code or ValueKind.Flags or ValueKind.Switch)
            throw fields.Error("codes", $"a {fields["value"]} needs codes; without a known table the value is a number.");
        if (kind == ValueKind.Switch && !entries.Select(entry => entry.Key).Order().SequenceEqual([0, 1]))
            throw fields.Error("codes", "a switch has the codes 0 and 1.");
        return entries.Count == 0 ? null : new CodeTable(entries);
    }

    private static ValueRange ReadRange(RegisterFields fields, RegisterType type, ValueKind kind, SensorAccess access, double scale)
    {
        var (min, max, step) = (fields.Number("min"), fields.Number("max"), fields.Number("step"));
        if (min > max) throw fields.Error("min", "must not be greater than max.");
        if (step <= 0) throw fields.Error("step", "must be greater than 0.");
        var isWrittenNumber = access != SensorAccess.Read && kind is ValueKind.Number or ValueKind.Counter;
        return new ValueRange(min, max, step ?? (isWrittenNumber && !type.IsFloat() ? scale : null));
    }

    private static TagRange ReadTagRange(RegisterFields fields, ProfileHeader header, (string Tag, string Range) pair)
    {
        RefuseUnknownTag(fields, "model_ranges", header, pair.Tag);
        var ends = pair.Range.Split("..");
        if (ends.Length != 2) throw fields.Error("model_ranges", $"'{pair.Range}' must be written as min..max.");
        var range = new TagRange(pair.Tag, fields.ParseNumber("model_ranges", ends[0]), fields.ParseNumber("model_ranges", ends[1]));
        return range.Min <= range.Max ? range : throw fields.Error("model_ranges", $"'{pair.Range}' ends before it begins.");
    }

    private static Signal? ReadSignal(RegisterFields fields) => fields["signal"] is null ? null : fields.Word<Signal>("signal");

    private static string? ReadRepeat(RegisterFields fields, ProfileHeader header)
    {
        if (fields["repeat"] is not { } repeat)
            return fields["stride"] is null ? null : throw fields.Error("stride", "is only for rows with a repeat.");
        if (!header.Repeats.ContainsKey(repeat))
            throw fields.Error("repeat", $"'{repeat}' is not a repeat of profile.yaml; it has {string.Join(", ", header.Repeats.Keys)}.");
        return fields["key"]?.Contains($"{{{repeat}}}", StringComparison.Ordinal) == true
            ? repeat
            : throw fields.Error("key", $"must hold {{{repeat}}}, or all members of the repeat would have the same key.");
    }

    private static SensorCondition ReadCondition(RegisterFields fields, ProfileHeader header, string text)
    {
        var parts = text.Split(">=", StringSplitOptions.TrimEntries);
        var kind = header.Options.FirstOrDefault(option => option.Key == parts[0])?.Kind;
        if (parts.Length == 1 && kind == ParameterKind.Flag) return new SensorCondition(parts[0], AtLeast: null);
        if (parts.Length == 2 && kind == ParameterKind.Integer && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var least))
            return new SensorCondition(parts[0], least);
        throw fields.Error("when", $"'{text}' must name an option of kind flag, or be option>=number with one of kind integer.");
    }

    private static IReadOnlyList<Sentinel> ReadSentinels(RegisterFields fields, ProfileHeader header, RegisterType type) => fields["sentinels"] switch
    {
        null => header.Sentinels.GetValueOrDefault(type, []),
        "none" => [],
        _ => [.. fields.Pairs("sentinels").Select(pair => new Sentinel(fields.ParseNumber("sentinels", pair.Left), pair.Right))],
    };

    private static IReadOnlyList<string> ReadTags(RegisterFields fields, string column, ProfileHeader header)
    {
        var tags = fields.List(column);
        foreach (var tag in tags) RefuseUnknownTag(fields, column, header, tag);
        return tags;
    }

    private static void RefuseUnknownTag(RegisterFields fields, string column, ProfileHeader header, string tag)
    {
        var known = header.Models.SelectMany(model => model.Tags).Concat(header.OtherTags).Distinct().ToList();
        if (!known.Contains(tag)) throw fields.Error(column, $"'{tag}' is not a tag of profile.yaml; it has {string.Join(", ", known)}.");
    }
}
