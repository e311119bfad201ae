using HPManager.Core.Alerts;
using HPManager.Core.HeatPumps;
using HPManager.Core.Jobs;
using HPManager.Core.Manufacturers;
using HPManager.Core.Storage;
using HPManager.Drivers;
using HPManager.Drivers.Import;
using HPManager.Drivers.Modbus.Profiles.Owner;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HPManager.Tests.Drivers.Import;

/// <summary>Older configurations, taken over into real storage.</summary>
public sealed class LegacyImportTests : IAsyncLifetime
{
    private const string HeatPumps = """
        heatpumps:
          - id: hp-cellar
            name: Cellar
            location: Behind the stairs
            model: acme_one
            enabled: false
            modbus:
              type: tcp
              host: 127.0.0.1
              port: 1
              unit_id: 3
              timeout: 2.5
              retries: 4
          - id: Barn 2
            name: Barn
            model: NIBE S1255
            enabled: false
            modbus: { type: tcp, host: 127.0.0.2 }
          - id: hp-wire
            name: On the wire
            model: acme_one
            enabled: false
            modbus: { type: rtu, port: /dev/ttyUSB0, baudrate: 19200, parity: E, stopbits: 1, bytesize: 8, unit_id: 5 }
          - id: hp-ghost
            name: Ghost
            model: nobody_knows
            modbus: { type: tcp, host: 127.0.0.1 }
          - id: hp-bad
            name: Bad port
            model: acme_one
            modbus: { type: tcp, host: 127.0.0.1, port: 99999 }
        """;

    private const string Registers = """
        models:
          acme_one:
            description: The one in the cellar.
            registers:
              - { name: Flow temperature, address: 40011, register_type: holding, data_type: int16, unit: C, scale: 0.1 }
              - { name: outdoor, address: 5, register_type: input, data_type: float32, unit: "°C" }
              - { name: pump, address: 2, register_type: coil, data_type: bool }
              - { name: wild, address: 7, register_type: holding, data_type: quaternion }
              - { name: lost, address: -3, register_type: holding, data_type: int16 }
              - { name: strange, address: 9, register_type: holding, data_type: uint16, unit: furlong, precision: 2 }
        """;

    private const string Collector = """
        collector:
          polling_interval: 45
        influxdb:
          url: http://influx.example:8086
          token: very-secret-token
        logging: { level: DEBUG }
        """;

    private readonly DataFolder _data = new();
    private IHost _host = null!;

    private LegacyImport Import => _host.Services.GetRequiredService<LegacyImport>();

    private IHeatPumpStore Pumps => _host.Services.GetRequiredService<IHeatPumpStore>();

    public async Task InitializeAsync()
    {
        _host = _data.CreateHost(services => services.AddHPManagerDrivers());
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Run_ThreeFiles_TakesWhatIsRightAndSaysWhyTheRestIsNot()
    {
        var report = await RunAsync();

        var cellar = (await Pumps.FindAsync(HeatPumpId.Parse("hp-cellar"), default))!;
        Assert.Equal(("Cellar", "Behind the stairs", "imported", "acme_one", false, 45), (cellar.Name, cellar.Location, cellar.Manufacturer, cellar.Model, cellar.Enabled, cellar.Interval.TotalSeconds));
        Assert.Equal(
            ("modbus_tcp", "127.0.0.1", "1", "3", "2500"),
            (cellar.Connection.Kind, cellar.Connection.Settings["host"], cellar.Connection.Settings["port"], cellar.Connection.Settings["unit_id"], cellar.Connection.Settings["request_timeout_ms"]));
        var wire = (await Pumps.FindAsync(HeatPumpId.Parse("hp-wire"), default))!;
        Assert.Equal(
            ("modbus_rtu", "/dev/ttyUSB0", "19200", "even", "5"),
            (wire.Connection.Kind, wire.Connection.Settings["device"], wire.Connection.Settings["baud_rate"], wire.Connection.Settings["parity"], wire.Connection.Settings["unit_id"]));
        Assert.Equal("nibe/s1255", await ModelOf("hp-barn-2"));
        Assert.Null(await Pumps.FindAsync(HeatPumpId.Parse("hp-ghost"), default));
        Assert.Null(await Pumps.FindAsync(HeatPumpId.Parse("hp-bad"), default));

        AssertEntry(report, "heat pump Cellar: retries", ImportOutcome.NotTaken, 13, "no setting");
        AssertEntry(report, "heat pump Barn", ImportOutcome.Taken, 14, "becomes hp-barn-2");
        AssertEntry(report, "heat pump Ghost", ImportOutcome.NotTaken, 26, "nobody_knows");
        AssertEntry(report, "heat pump Bad port", ImportOutcome.NotTaken, 28, "connection.port");
        AssertEntry(report, "model acme_one, register wild", ImportOutcome.NotTaken, 8, "quaternion");
        AssertEntry(report, "model acme_one, register lost", ImportOutcome.NotTaken, 9, "whole number from 0");
        AssertEntry(report, "model acme_one, register strange: unit", ImportOutcome.NotTaken, 10, "furlong");
        AssertEntry(report, "model acme_one, register strange: precision", ImportOutcome.NotTaken, 10, "nothing here");
        AssertEntry(report, "model acme_one, register Flow temperature", ImportOutcome.Taken, 5, "holding 10 on the wire");
        AssertEntry(report, "InfluxDB connection", ImportOutcome.NotTaken, 4, "does not write to InfluxDB");
        AssertEntry(report, "logging", ImportOutcome.NotTaken, 6, "Logging:LogLevel");
        Assert.DoesNotContain(report.Entries, entry => entry.ToString().Contains("very-secret-token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_Model_IsADeviceOfTheOwner()
    {
        await RunAsync();

        Assert.True(_host.Services.GetRequiredService<ManufacturerRegistry>().TryGetModel("imported", "acme_one", out var model));
        Assert.Equal(
            ["flow_temperature holding 10 °C", "outdoor input 5 °C", "pump coil 2 ", "strange holding 9 "],
            model.Sensors(Settings.Empty).All.Select(sensor => $"{sensor.Key} {sensor.Address} {sensor.Unit.Symbol}"));
    }

    [Fact]
    public async Task Run_Twice_ChangesNothing()
    {
        await RunAsync();
        var before = await Pumps.ListAsync(default);

        var report = await RunAsync();

        Assert.Equal(before, await Pumps.ListAsync(default));
        Assert.DoesNotContain(report.Entries, entry => entry.Outcome == ImportOutcome.Taken && entry.Subject.StartsWith("heat pump Cellar", StringComparison.Ordinal));
        Assert.Equal(4, report.Count(ImportOutcome.Unchanged));
    }

    [Fact]
    public async Task Run_AfterAnEditHere_KeepsTheEdit()
    {
        await RunAsync();
        var directory = _host.Services.GetRequiredService<HeatPumpDirectory>();
        var cellar = (await Pumps.FindAsync(HeatPumpId.Parse("hp-cellar"), default))!;
        await directory.UpdateAsync(cellar with { Location = "Attic" }, default);

        var report = await RunAsync();

        AssertEntry(report, "heat pump Cellar", ImportOutcome.KeptAsEdited, 2, "changed here since");
        Assert.Equal("Attic", (await Pumps.FindAsync(cellar.Id, default))!.Location);
    }

    [Fact]
    public async Task Run_CheckOnly_SaysTheSameAndChangesNothing()
    {
        var check = await RunAsync(checkOnly: true);

        Assert.Empty(await Pumps.ListAsync(default));
        Assert.Empty(_host.Services.GetRequiredService<OwnerProfiles>().Names);
        var report = await RunAsync();
        Assert.Equal(report.Count(ImportOutcome.Taken), check.Entries.Count(entry => entry.Outcome == ImportOutcome.Taken && !entry.Subject.Contains("Bad port", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_SingleDevice_BecomesHpLegacyWithItsJobsAndAlerts()
    {
        var report = await Import.RunAsync(
            new Dictionary<string, string>
            {
                ["config.idm"] = """
                    idm:
                      host: 127.0.0.1
                      port: 1
                      circuits: [A, C]
                      zones: [0, 2]
                    jobs:
                      - { name: Warm water, sensor: dhw_setpoint, value: 52, cron: "30 5 * * 1,2,3" }
                      - { name: Every hour, sensor: dhw_setpoint, value: 50, cron: "0 * * * *" }
                      - { name: Nobody, sensor: no_such_sensor, value: 1, time: "06:00" }
                    alerts:
                      - { name: Frost, sensor: outdoor_temperature, below: -15, duration: 10m, severity: critical }
                      - { name: Odd, sensor: outdoor_temperature, operator: roughly, threshold: 3 }
                    """,
            },
            checkOnly: false,
            default);

        var pump = (await Pumps.FindAsync(HeatPumpId.Parse("hp-legacy"), default))!;
        Assert.Equal(("idm", "navigator_2_0", "a,c", "0,2"), (pump.Manufacturer, pump.Model, pump.Options["circuits"], pump.Options["zones"]));
        var job = Assert.Single(await _host.Services.GetRequiredService<IOwnedStore<Job>>().ListAsync(pump.Id, default));
        Assert.Equal(("Warm water", "dhw_setpoint", "52", new TimeOnly(5, 30)), (job.Name, job.Sensor.Value, job.Value, job.At));
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday], job.Days);
        var rule = Assert.Single(await _host.Services.GetRequiredService<IOwnedStore<AlertRule>>().ListAsync(pump.Id, default));
        Assert.Equal((AlertCondition.Below, -15, 600, AlertSeverity.Critical), (rule.Condition, rule.Threshold, rule.ForSeconds, rule.Severity));
        AssertEntry(report, "job Every hour", ImportOutcome.NotTaken, 8, "fixed minute and hour");
        AssertEntry(report, "job Nobody", ImportOutcome.NotTaken, 9, "no sensor no_such_sensor");
        AssertEntry(report, "alert Odd", ImportOutcome.NotTaken, 12, "condition must be");
    }

    [Theory]
    [InlineData("heatpumps.yml", "heatpumps: [", "YAML")]
    [InlineData("heatpumps.yml", "a: &x [1]\nb: *x", "not allowed")]
    [InlineData("notes.txt", "a: 1", "not known")]
    [InlineData("collector.yml", "polling_interval: soon", "number of seconds")]
    [InlineData("heatpumps.yml", "heatpumps:\n  - 7", "neither id nor name")]
    public async Task Run_WhatCannotBeRead_IsNamedAndHarmless(string file, string text, string says)
    {
        var report = await Import.RunAsync(new Dictionary<string, string> { [file] = text }, checkOnly: false, default);

        Assert.Contains(report.Entries, entry => entry.Outcome == ImportOutcome.NotTaken && entry.File == file && entry.Message.Contains(says, StringComparison.Ordinal));
        Assert.Empty(await Pumps.ListAsync(default));
    }

    [Fact]
    public async Task Run_MutatedFiles_NeverThrows()
    {
        var random = new Random(11);
        string[] snippets = ["{", "}", "[", "]", ":", "\n  ", "- ", "\"", "'", "&a", "*a", "!!", "~", "\t", "99999999999", "-1", "é"];
        for (var round = 0; round < 1_000; round++)
        {
            var texts = new[] { HeatPumps, Registers, Collector };
            var chosen = random.Next(texts.Length);
            for (var count = random.Next(1, 5); count > 0; count--)
            {
                var at = random.Next(texts[chosen].Length);
                texts[chosen] = random.Next(2) == 0
                    ? texts[chosen].Insert(at, snippets[random.Next(snippets.Length)])
                    : texts[chosen].Remove(at, Math.Min(random.Next(1, 12), texts[chosen].Length - at));
            }

            var report = await Import.RunAsync(
                new Dictionary<string, string> { ["heatpumps.yml"] = texts[0], ["registers.yml"] = texts[1], ["collector.yml"] = texts[2] }, checkOnly: true, default);
            Assert.All(report.Entries, entry => Assert.False(string.IsNullOrWhiteSpace(entry.Message), $"round {round}"));
        }
    }

    private Task<ImportReport> RunAsync(bool checkOnly = false) => Import.RunAsync(
        new Dictionary<string, string> { ["config/heatpumps.yml"] = HeatPumps, ["config/registers.yml"] = Registers, ["config/collector.yml"] = Collector }, checkOnly, default);

    private async Task<string> ModelOf(string id)
    {
        var pump = (await Pumps.FindAsync(HeatPumpId.Parse(id), default))!;
        return $"{pump.Manufacturer}/{pump.Model}";
    }

    private static void AssertEntry(ImportReport report, string subject, ImportOutcome outcome, int line, string says) =>
        Assert.True(
            report.Entries.Any(entry => entry.Subject == subject && entry.Outcome == outcome && entry.Line == line && entry.Message.Contains(says, StringComparison.Ordinal)),
            $"{subject} {outcome} {line} {says} is not among:\n{string.Join('\n', report.Entries)}");
}
