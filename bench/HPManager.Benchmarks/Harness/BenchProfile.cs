namespace HPManager.Benchmarks.Harness;

/// <summary>Describes a device of plain holding registers to the product, as an owner would in the data folder.</summary>
internal static class BenchProfile
{
    public const string Manufacturer = "bench";

    private const string Columns =
        "key,table,address,type,scale,unit,access,value,category,label,codes,min,max,model_ranges,step,write_class,signal,signal_models," +
        "circuit,repeat,stride,when,sentinels,optional,read_alone,models,notes,source";

    /// <summary>Writes a profile of one model.</summary>
    /// <param name="folder">The folder of the owner's profiles.</param>
    /// <param name="model">Key of the model.</param>
    /// <param name="rows">Of each register: key, address, type, scale, unit.</param>
    public static void Write(string folder, string model, IEnumerable<(string Key, int Address, string Type, string Scale, string Unit)> rows)
    {
        var own = Directory.CreateDirectory(Path.Combine(folder, Manufacturer, model)).FullName;
        File.WriteAllText(Path.Combine(own, "profile.yaml"), $$"""
            manufacturer: { key: {{Manufacturer}}, name: Bench }
            protocol: modbus
            models:
              - { key: {{model}}, name: {{model}}, description: Plain registers., tags: [{{model}}] }
            connection:
              kinds: [modbus_tcp]
              port: 502
              unit_id: 1
              connect_timeout_ms: 2000
              request_timeout_ms: 1000
            default_interval_s: 10
            blocks:
              holding: { max_words: 125, max_hole: 0 }
            word_order: { read: high_first, write: high_first }
            write_rules:
              read_back_within_ms: 1000
              min_eeprom_interval_s: 60
            setup_guide: { steps: [Start the benchmark.], notes: [], unverified: [] }
            """);
        File.WriteAllLines(
            Path.Combine(own, "registers.csv"),
            [Columns, .. rows.Select(row => $"{row.Key},holding,{row.Address},{row.Type},{row.Scale},{row.Unit},r,number,other,{row.Key},,,,,,,,,,,,,none,,,,,bench")]);
    }
}
