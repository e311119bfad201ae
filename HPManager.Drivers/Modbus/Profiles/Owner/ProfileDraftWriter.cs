using System.Globalization;
using System.Text;
using HPManager.Core.Text;

namespace HPManager.Drivers.Modbus.Profiles.Owner;

/// <summary>Writes a draft as the two files of a profile.</summary>
internal static class ProfileDraftWriter
{
    private const int MaxBits = 2000;

    public static string Header(ProfileDraft draft)
    {
        var yaml = new StringBuilder();
        var written = draft.WriteOrder ?? draft.Order;
        yaml.Append(CultureInfo.InvariantCulture, $$"""
            manufacturer: { key: {{Quoted(draft.Manufacturer)}}, name: {{Quoted(draft.ManufacturerName)}} }
            protocol: modbus
            models:
              - { key: {{Quoted(draft.Model)}}, name: {{Quoted(draft.ModelName)}}, description: {{Quoted(draft.Description)}}, tags: [] }
            connection:
              kinds: [{{string.Join(", ", draft.ConnectionKinds)}}]
              port: {{draft.Port}}
              unit_id: {{draft.UnitId}}
              connect_timeout_ms: {{draft.ConnectTimeoutMs}}
              request_timeout_ms: {{draft.RequestTimeoutMs}}
              serial: { baud_rate: {{draft.BaudRate}}, parity: {{SnakeCaseEnum.Key(draft.Parity)}}, stop_bits: {{draft.StopBits}} }
            default_interval_s: {{draft.IntervalSeconds}}
            word_order: { read: {{Order(draft.Order.IsLowWordFirst())}}, write: {{Order(written.IsLowWordFirst())}} }
            byte_order: { read: {{Order(draft.Order.IsSwapped())}}, write: {{Order(written.IsSwapped())}} }
            blocks:

            """);
        foreach (var table in ProfileWords.TableKeys)
        {
            var isOfBits = table is ProfileWords.Coil or ProfileWords.Discrete;
            yaml.Append(
                CultureInfo.InvariantCulture, $"  {table}: {{ max_words: {(isOfBits ? MaxBits : draft.MaxWords)}, max_hole: {draft.MaxHole} }}\n");
        }

        yaml.Append(CultureInfo.InvariantCulture, $$"""
            write_rules: { read_back_within_ms: {{draft.ReadBackWithinMs}}, min_eeprom_interval_s: {{draft.MinEepromSeconds}}, function: {{(draft.WritesSingly ? 6 : 16)}} }
            setup_guide:
              steps:

            """);
        var steps = draft.SetupSteps.Count > 0 ? draft.SetupSteps : ["Switch Modbus on in the device's own menu, as its manual says."];
        foreach (var step in steps) yaml.Append(CultureInfo.InvariantCulture, $"    - {Quoted(step)}\n");
        yaml.Append("  unverified:\n    - \"Described by its owner, not checked against the maker's documents.\"\n");
        return yaml.ToString();
    }

    public static string Registers(ProfileDraft draft)
    {
        var used = ProfileDraft.Columns
            .Where(column => RegisterTableReader.RequiredColumns.Contains(column) || draft.Rows.Any(row => row.GetValueOrDefault(column) is { Length: > 0 }))
            .ToList();
        var csv = new StringBuilder().AppendJoin(',', used).Append('\n');
        foreach (var row in draft.Rows) csv.AppendJoin(',', used.Select(column => Field(row.GetValueOrDefault(column) ?? ""))).Append('\n');
        return csv.ToString();
    }

    private static string Order(bool isLowFirst) => isLowFirst ? "low_first" : "high_first";

    // Line breaks have no place in a field: the reader refuses them.
    private static string Field(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.AsSpan().IndexOfAny(",\" ") < 0 ? line : $"\"{line.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text.ReplaceLineEndings(" "))
        {
            if (letter is '"' or '\\') quoted.Append('\\');
            if (!char.IsControl(letter)) quoted.Append(letter);
        }

        return quoted.Append('"').ToString();
    }
}
