namespace HPManager.Tests.EndToEnd;

/// <summary>The program on an owner's first day: no heat pump yet, and one device that the owner has described in a file. One a test class.</summary>
public sealed class EmptyHouse : IAsyncLifetime
{
    public const string OwnMake = "Acme";
    public const string OwnModel = "Wired One";
    public const string OwnSensor = "flow_temperature";

    private const string Profile = $$"""
        manufacturer: { key: acme, name: {{OwnMake}} }
        protocol: modbus
        models:
          - { key: wired_one, name: {{OwnModel}}, tags: [wired_one] }
        connection:
          kinds: [modbus_rtu]
          port: 502
          unit_id: 1
          connect_timeout_ms: 5000
          request_timeout_ms: 2000
        default_interval_s: 5
        blocks:
          holding: { max_words: 20, max_hole: 0 }
        word_order: { read: high_first, write: high_first }
        write_rules: { read_back_within_ms: 5000, min_eeprom_interval_s: 60 }
        setup_guide: { steps: [Switch the adapter on.] }
        """;

    private const string Registers = $"""
        key,address,table,type,scale,unit,label,models
        {OwnSensor},5,holding,int16,0.1,°C,Flow temperature,wired_one
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-test-");

    internal HPManagerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var profile = _folder.CreateSubdirectory("profiles/acme/wired").FullName;
        await File.WriteAllTextAsync(Path.Combine(profile, "profile.yaml"), Profile);
        await File.WriteAllTextAsync(Path.Combine(profile, "registers.csv"), Registers);

        // The search must never leave this machine, whatever network it is in.
        Server = await HPManagerProcess.StartAsync($"--Storage:DataFolder={_folder.FullName}", "--Discovery:Ranges:0=127.0.0.1/32");
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
