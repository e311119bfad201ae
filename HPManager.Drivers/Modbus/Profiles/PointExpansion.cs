using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>Turns the rows of a profile into the points of one heat pump.</summary>
internal static class PointExpansion
{
    /// <summary>
    /// The points of a model with these options, in the order of the rows. Rows of one repeat that follow each other stay together
    /// for each of its members: all of circuit A, then all of circuit B.
    /// </summary>
    /// <exception cref="ProfileFormatException">A row gives an address or a key that is not allowed; only before the profile was checked.</exception>
    public static IEnumerable<(RegisterRow Row, ModbusPoint Point)> Expand(
        ProfileHeader header, IReadOnlyList<RegisterRow> rows, ProfileModel model, Settings options)
    {
        var expansion = new Expansion(header, model, options);
        for (var first = 0; first < rows.Count;)
        {
            var repeat = rows[first].Repeat;
            var end = first + 1;
            while (end < rows.Count && rows[end].Repeat == repeat) end++;
            foreach (var member in Members(header, repeat, options))
            {
                for (var row = first; row < end; row++)
                {
                    if (expansion.Has(rows[row])) yield return (rows[row], expansion.Create(rows[row], member));
                }
            }

            first = end;
        }
    }

    /// <summary>What is calculated from these sensors; nothing where one of them is not there.</summary>
    public static IReadOnlyList<ICalculatedSensor> Calculated(ProfileHeader header, SensorSet sensors) =>
        [.. header.Calculated.Where(entry => entry.Needs.All(key => sensors.PositionOf(key) >= 0)).Select(entry => entry.Create(sensors))];

    /// <summary>The options with which a model has every sensor it can have.</summary>
    public static Settings Everything(ProfileHeader header) => new(header.Options
        .Select(option => KeyValuePair.Create(option.Key, Largest(option)))
        .Where(pair => pair.Value is not null)
        .Select(pair => KeyValuePair.Create(pair.Key, pair.Value!)));

    private static string? Largest(ParameterDefinition option) => option.Kind switch
    {
        ParameterKind.Choices => string.Join(',', option.Choices.Select(choice => choice.Key)),
        ParameterKind.Integer => option.Max?.ToString(CultureInfo.InvariantCulture) ?? option.Default,
        ParameterKind.Flag => "true",
        _ => option.Default,
    };

    private static IEnumerable<Member> Members(ProfileHeader header, string? repeat, Settings options)
    {
        if (repeat is null) return [new Member(0, "", "")];
        var option = header.Repeats[repeat];
        var chosen = options.List(option.Key);
        return option.Choices.Select((choice, index) => new Member(index, choice.Key, choice.Label)).Where(member => chosen.Contains(member.Key));
    }

    private readonly record struct Member(int Index, string Key, string Label);

    private sealed class Expansion(ProfileHeader header, ProfileModel model, Settings options)
    {
        private readonly ModbusTable? _readTable = header.ReadTableOption is { } option ? ProfileWords.Table(options[option]) : null;

        public bool Has(RegisterRow row) => row.BelongsTo(model) && row.Conditions.All(condition => condition.HoldsFor(options));

        public ModbusPoint Create(RegisterRow row, Member member)
        {
            var address = row.Address + (member.Index * row.Stride);
            var table = _readTable is { } other && row.Table.IsOfRegisters() ? other : row.Table;
            var point = new ModbusPoint
            {
                Sensor = CreateSensor(row, member, $"{ProfileWords.Key(table)} {address.ToString(CultureInfo.InvariantCulture)}"),
                Table = table,
                Address = (ushort)address,
                Type = row.Type,
                TextLength = row.TextLength,
                Bits = row.Bits,
                Plus = row.Plus,
                Scale = row.Scale,
                Offset = row.Offset,
                ReadOrder = row.ReadOrder ?? header.ReadOrder,
                WriteOrder = row.WriteOrder ?? header.WriteOrder,
                TextCodes = row.TextCodes,
                Sentinels = row.Sentinels,
                ReadAlone = row.ReadAlone,
                Optional = row.Optional || row.IsDisputedFor(model),
            };
            return address + point.Words <= ushort.MaxValue + 1
                ? point
                : throw new ProfileFormatException(row.Line, $"Address {address} of '{row.Key}' is behind the last register 65535.");
        }

        private SensorDefinition CreateSensor(RegisterRow row, Member member, string address)
        {
            var key = Fill(row, row.Key, member.Key);
            if (!SensorKey.TryParse(key, out var sensorKey))
                throw new ProfileFormatException(row.Line, $"'{key}' must be {SensorKey.Format}.", "key");

            var range = row.RangeFor(model);
            return new SensorDefinition
            {
                Key = sensorKey,
                Label = Fill(row, row.Label, member.Label),
                Category = row.Category,
                Kind = row.Kind,
                Unit = row.Unit,
                Access = row.Access,
                WriteClass = row.WriteClass,
                Range = range,
                Limits = LimitsOf(row, member),
                RefreshEvery = row.RefreshEvery,
                IsRangePlausibility = row.Access == SensorAccess.Read && (range.Min is not null || range.Max is not null),
                Codes = row.Codes,
                Signal = row.SignalsFor(model) ? row.Signal : null,
                Circuit = row.Circuit is null ? null : Fill(row, row.Circuit, member.Label),
                Address = address,
                Notes = row.Notes,
                Source = row.Source,
            };
        }

        private static RangeSensors? LimitsOf(RegisterRow row, Member member)
        {
            return row.Limits is (null, null) ? null : new RangeSensors(KeyOf(row.Limits.Min), KeyOf(row.Limits.Max));

            SensorKey? KeyOf(string? template)
            {
                if (template is null) return null;
                var text = Fill(row, template, member.Key);
                return SensorKey.TryParse(text, out var key)
                    ? key
                    : throw new ProfileFormatException(row.Line, $"limits: '{text}' is not a sensor key: {SensorKey.Format}.");
            }
        }

        private static string Fill(RegisterRow row, string template, string text) =>
            row.Repeat is null ? template : template.Replace($"{{{row.Repeat}}}", text, StringComparison.Ordinal);
    }
}
