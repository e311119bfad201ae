using HPManager.Benchmarks.Harness;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.Profiles.Owner;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Benchmarks.Fleet;

/// <summary>A model of consecutive registers, described by a profile like any other and read by the product's driver.</summary>
internal sealed class BenchMake : IManufacturerSource, IDisposable
{
    private const string Model = "registers";
    private readonly string _folder = Directory.CreateTempSubdirectory("hpmanager-bench-").FullName;
    private readonly ModbusManufacturerSource _source;

    public BenchMake(int registers)
    {
        BenchProfile.Write(_folder, Model, Enumerable.Range(0, registers).Select(number => ($"register_{number}", number, "int16", "0.1", "°C")));
        _source = new ModbusManufacturerSource(
            new ModbusDriver(TimeProvider.System, NullLoggerFactory.Instance), new OwnerProfiles(_folder), NullLogger<ModbusManufacturerSource>.Instance);
    }

    public IEnumerable<Manufacturer> Load()
    {
        var manufacturers = _source.Load().ToList();
        return manufacturers.Any(known => known.Key == BenchProfile.Manufacturer)
            ? manufacturers
            : throw new InvalidOperationException(string.Join('\n', _source.ProfileErrors));
    }

    public static HeatPump HeatPump(int number, int port, TimeSpan interval) => new()
    {
        Id = HeatPumpId.FromNumber(number),
        Name = $"Pump {number}",
        Manufacturer = BenchProfile.Manufacturer,
        Model = Model,
        Connection = new ConnectionConfig("modbus_tcp", new Settings([new("host", "127.0.0.1"), new("port", $"{port}")])),
        Interval = interval,
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
