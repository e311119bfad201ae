using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Ebusd.Driver;
using HPManager.Drivers.Ebusd.Inventory;
using HPManager.Drivers.Ebusd.Tables;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Ebusd.Tables;

/// <summary>What must hold for the table we ship.</summary>
public sealed class EbusdTablesTests
{
    private static readonly EbusdTables Tables = EbusdTables.Load();
    private static readonly SensorSet Everything = new SensorCatalogue(Tables).Everything;

    [Fact]
    public void Rows_AreUniqueAndComplete()
    {
        Assert.Equal(Everything.Count, Everything.All.Select(sensor => sensor.Label).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Everything.All, sensor =>
        {
            Assert.False(string.IsNullOrWhiteSpace(sensor.Source), sensor.Key.Value);
            Assert.False(string.IsNullOrWhiteSpace(sensor.Address), sensor.Key.Value);
            Assert.All(sensor.Codes?.Entries ?? [], entry => Assert.DoesNotContain("_", entry.Value.Replace("VR91_", "", StringComparison.Ordinal), StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Rows_AreWritableOnlyWithinLimits()
    {
        var writable = Tables.Rows.Where(row => row.Sensor.IsWritable).ToList();

        Assert.Equal(73, writable.Count);
        Assert.All(writable, row =>
        {
            Assert.True(row.Sensor.Codes is not null || row.Sensor.Range is { Min: not null, Max: not null, Step: not null }, row.Sensor.Key.Value);
            Assert.Contains(row.Sensor.WriteClass, (WriteClass[])[WriteClass.Eeprom, WriteClass.SingleShot]);
            Assert.All(row.Messages, name => Assert.True(CapabilityFinder.MayBeWritten(name), name));
            Assert.Equal(1, row.Count);
        });
    }

    // Written again from the page's section 9.
    [Theory]
    [InlineData("PrEnergySumHc")]
    [InlineData("PrFuelSum")]
    [InlineData("YieldTotal")]
    [InlineData("SolarYieldTotal")]
    [InlineData("StatElectricEnergySum")]
    [InlineData("KeyCodeforConfigMenu")]
    [InlineData("HydraulicScheme")]
    [InlineData("EnableTestFlowTemp")]
    [InlineData("TestFlowTemp")]
    [InlineData("LiveMonitorMain")]
    [InlineData("Date")]
    [InlineData("Time")]
    public void MayBeWritten_WhatThePageForbids_IsFalse(string message)
    {
        Assert.False(CapabilityFinder.MayBeWritten(message));
        Assert.DoesNotContain(Tables.Rows, row => row.Sensor.IsWritable && row.Messages.Contains(message));
    }

    [Fact]
    public void Rows_NoneIsOfATestMenuOrALiveMonitor() => Assert.All(Tables.Rows.SelectMany(row => row.Messages), name =>
        Assert.False(name.StartsWith("Test", StringComparison.Ordinal) || name.StartsWith("Live", StringComparison.Ordinal) || name.StartsWith("Enable", StringComparison.Ordinal), name));

    [Fact]
    public void Signals_AreCarriedOnceAndMostAreThere()
    {
        var signals = Everything.All.Where(sensor => sensor.Signal is not null)
            .Select(sensor => (Signal: sensor.Signal!.Value, Circuit: sensor.Signal.Value.IsPerCircuit() ? sensor.Circuit : null)).ToList();

        Assert.Equal(signals.Count, signals.Distinct().Count());
        Assert.Superset(
            new HashSet<Signal>
            {
                Signal.OutdoorTemperature, Signal.FlowTemperature, Signal.ReturnTemperature, Signal.HotWaterTemperature, Signal.HotWaterTarget, Signal.SourceInTemperature,
                Signal.RoomTemperature, Signal.RoomTemperatureTarget, Signal.HeatingCurve, Signal.CompressorRunning, Signal.CompressorSpeed, Signal.CompressorStarts,
                Signal.CompressorHours, Signal.ElectricPower, Signal.ThermalPower, Signal.ElectricEnergy, Signal.FlowRate, Signal.OperatingState, Signal.OperatingMode,
                Signal.DefrostActive, Signal.HotGasTemperature, Signal.HighPressure, Signal.FaultCode, Signal.FaultActive,
            },
            signals.Select(pair => pair.Signal).ToHashSet());
    }

    [Theory]
    [InlineData("key,role\nx,heat_pump\n")]
    [InlineData("")]
    public void Parse_TableThatIsNone_Throws(string text) => Assert.ThrowsAny<Exception>(() => EbusdTables.Parse(text));

    [Fact]
    public void Models_CanBeSetUp()
    {
        var driver = new EbusdDriver(TimeProvider.System, NullLoggerFactory.Instance);
        var manufacturer = Assert.Single(new EbusdManufacturerSource(driver).Load());
        var model = Assert.Single(manufacturer.Models);
        var kind = Assert.Single(model.Connections);
        var sensors = model.Sensors(Settings.Empty);

        Assert.Equal(("vaillant", "Vaillant", "Saunier Duval, Bulex, Glow-worm, DemirDöküm"), (manufacturer.Key, manufacturer.Name, manufacturer.Brands));
        Assert.Empty(kind.Parameters.Check(kind.Parameters.WithDefaults(Settings.Empty.With("host", "192.168.1.20")), "connection"));
        Assert.Equal("8888", kind.Parameters.WithDefaults(Settings.Empty)["port"]);
        Assert.Equal(ParameterKind.Secret, kind.Parameters.Single(parameter => parameter.Key == "secret").Kind);
        Assert.Contains(model.Dashboard, tile => tile.IsChart);
        Assert.All(model.Dashboard, tile => Assert.All(tile.Sensors, sensor => Assert.True(sensors.PositionOf(sensor) >= 0, sensor.Value)));
        Assert.Contains(model.Guide.Notes, note => note.StartsWith("No Modbus:", StringComparison.Ordinal));
        Assert.Equal(TimeSpan.FromMinutes(1), model.WriteRules.MinEepromInterval);
        Assert.Equal("", driver.PartOf(new ConnectionConfig("ebusd", Settings.Empty)));
    }

    [Theory]
    [InlineData("Heat.local", null, "ebusd://heat.local:8888")]
    [InlineData("10.0.0.5", "8890", "ebusd://10.0.0.5:8890")]
    [InlineData("[fe80::1]", null, "ebusd://[fe80::1]:8888")]
    public void EndpointOf_HostAndPort_AreTheKey(string host, string? port, string key) => Assert.Equal(
        key, new EbusdDriver(TimeProvider.System, NullLoggerFactory.Instance).EndpointOf(new ConnectionConfig("ebusd", Settings.Empty.With("host", host).With("port", port))).Value);
}
