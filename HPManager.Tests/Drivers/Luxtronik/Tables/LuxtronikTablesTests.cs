using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Driver;
using HPManager.Drivers.Luxtronik.Tables;
using HPManager.Drivers.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Luxtronik.Tables;

/// <summary>What must hold for the tables we ship.</summary>
public class LuxtronikTablesTests
{
    // Written again from the protocol's description: passwords, addresses, serial numbers.
    private static readonly HashSet<int> PrivateParameters =
        [.. Enumerable.Range(750, 4), .. Enumerable.Range(755, 6), .. Enumerable.Range(766, 6), 861, 874, 875, 876, 1026, 1027, 1028, 1054, 1055, 1056];

    private static readonly int[] NeverWritten = [2, 6, 7, 107, 134, 135, 697, 698, 731, 732, 754, 761, 967, 1020];

    [Fact]
    public void Entries_NeverShowWhatIsPrivate()
    {
        Assert.DoesNotContain(LuxtronikSamples.Tables.Entries, entry => entry.Block == LuxtronikBlock.Parameters && PrivateParameters.Contains(entry.Index));
        Assert.DoesNotContain(LuxtronikSamples.Tables.Entries, entry => entry.Block == LuxtronikBlock.Calculations && entry.Index is >= 91 and <= 94);
    }

    [Fact]
    public void Read_PrivateEntry_IsRefused() => Assert.Throws<FormatException>(() => EntryTableReader.Read(
        "key,index,type,unit,access,category,label\nweb_password,755,number,,r,other,Web password\n", LuxtronikBlock.Parameters));

    [Fact]
    public void Entries_AreWritableOnlyWithARange()
    {
        var writable = LuxtronikSamples.Tables.Entries.Where(entry => entry.Sensor.IsWritable).ToList();

        // 128 rows are marked writable; four dates, six rows without a range, and the legacy hot water setpoint are not offered.
        Assert.Equal(117, writable.Count);
        Assert.DoesNotContain(writable, entry => NeverWritten.Contains(entry.Index));
        Assert.All(writable, entry =>
        {
            Assert.Equal(LuxtronikBlock.Parameters, entry.Block);
            Assert.Equal(WriteClass.Eeprom, entry.Sensor.WriteClass);
            Assert.True(entry.Sensor.Codes is not null || entry.Sensor.Range is { Min: not null, Max: not null, Step: not null });
        });
    }

    [Fact]
    public void Sensors_AreUniqueAndComplete()
    {
        var sensors = LuxtronikSamples.Tables.Sensors.All;

        Assert.Equal(sensors.Count, sensors.Select(sensor => sensor.Label).Distinct(StringComparer.Ordinal).Count());
        Assert.All(sensors, sensor =>
        {
            Assert.False(string.IsNullOrWhiteSpace(sensor.Label));
            Assert.False(string.IsNullOrWhiteSpace(sensor.Source));
            Assert.False(string.IsNullOrWhiteSpace(sensor.Address));
            if (sensor.Kind is ValueKind.Code or ValueKind.Switch) Assert.NotEmpty(sensor.Codes!.Entries);
            Assert.All(sensor.Codes?.Entries ?? [], entry => Assert.DoesNotContain("_", entry.Value.Replace("WWB_20", "", StringComparison.Ordinal), StringComparison.Ordinal));
            Assert.Equal(sensor is { IsWritable: false, Range.Max: not null }, sensor.IsRangePlausibility);
        });
    }

    [Fact]
    public void Signals_AreCarriedOnceAndMostAreThere()
    {
        var signals = LuxtronikSamples.Tables.Sensors.All.Where(sensor => sensor.Signal is not null)
            .Select(sensor => (Signal: sensor.Signal!.Value, Circuit: sensor.Signal.Value.IsPerCircuit() ? sensor.Circuit : null)).ToList();

        Assert.Equal(signals.Count, signals.Distinct().Count());
        Assert.Superset(
            new HashSet<Signal>
            {
                Signal.OutdoorTemperature, Signal.FlowTemperature, Signal.ReturnTemperature, Signal.HotWaterTemperature, Signal.HotWaterTarget,
                Signal.SourceInTemperature, Signal.SourceOutTemperature, Signal.RoomTemperature, Signal.CompressorRunning, Signal.CompressorStarts,
                Signal.CompressorHours, Signal.CompressorSpeed, Signal.ElectricPower, Signal.ThermalPower, Signal.ElectricEnergy, Signal.ThermalEnergy,
                Signal.ThermalEnergyHeating, Signal.ThermalEnergyHotWater, Signal.FlowRate, Signal.OperatingState, Signal.OperatingMode, Signal.DefrostActive,
                Signal.HotGasTemperature, Signal.HighPressure, Signal.LowPressure, Signal.SmartGridState, Signal.FaultCode, Signal.FaultActive,
            },
            signals.Select(pair => pair.Signal).ToHashSet());
    }

    [Fact]
    public void Models_CanBeSetUp()
    {
        var driver = new LuxtronikDriver(TimeProvider.System, new HostGate(TimeProvider.System), NullLoggerFactory.Instance);
        var manufacturer = Assert.Single(new LuxtronikManufacturerSource(driver).Load());

        Assert.Equal("luxtronik", manufacturer.Key);
        Assert.Equal(["luxtronik_2_1", "luxtronik_2_0"], manufacturer.Models.Select(model => model.Key));
        Assert.All(manufacturer.Models, model =>
        {
            var kind = Assert.Single(model.Connections);
            Assert.Empty(kind.Parameters.Check(kind.Parameters.WithDefaults(Settings.Empty.With("host", "192.168.1.20")), "connection"));
            Assert.Empty(model.Options.Check(model.Options.WithDefaults(Settings.Empty), "options"));
            var sensors = model.Sensors(Settings.Empty);
            Assert.Contains(model.Dashboard, tile => tile.IsChart);
            Assert.All(model.Dashboard, tile => Assert.All(tile.Sensors, sensor => Assert.True(sensors.PositionOf(sensor) >= 0, sensor.Value)));
            Assert.NotEmpty(model.Guide.Steps);
            Assert.NotEmpty(model.Guide.Unverified);
            Assert.NotEmpty(model.Description);
            Assert.Equal((TimeSpan.FromSeconds(4), TimeSpan.FromMinutes(1)), (model.WriteRules.ReadBackWithin, model.WriteRules.MinEepromInterval));
        });
    }

    [Fact]
    public void EndpointOf_HostAndPort_AreTheKey()
    {
        var driver = new LuxtronikDriver(TimeProvider.System, new HostGate(TimeProvider.System), NullLoggerFactory.Instance);

        Assert.Equal("luxtronik://heat.local", Key("Heat.local", null));
        Assert.Equal("luxtronik://10.0.0.5:8888", Key("10.0.0.5", "8888"));
        Assert.Equal("luxtronik://[fe80::1]", Key("[fe80::1]", null));

        string Key(string host, string? port) =>
            driver.EndpointOf(new ConnectionConfig("luxtronik", Settings.Empty.With("host", host).With("port", port))).Value;
    }

    [Fact]
    public void Limits_NameSensorsThatExist() => Assert.All(
        LuxtronikSamples.Tables.Sensors.All.Select(sensor => sensor.Limits).OfType<RangeSensors>().SelectMany(limits => new[] { limits.Min, limits.Max }).OfType<SensorKey>(),
        key => Assert.True(LuxtronikSamples.Tables.Sensors.PositionOf(key) >= 0));
}
