using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Benchmarks.Fleet;

/// <summary>A model of consecutive registers, described by a profile like any other and read by the product's driver.</summary>
internal sealed class BenchMake : IManufacturerSource, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpmanager-bench-").FullName;
    private readonly ModbusManufacturerSource _source;

    public BenchMake(int registers)
    {
        var model = Directory.CreateDirectory(Path.Combine(_folder, "bench", "registers")).FullName;
        File.WriteAllText(Path.Combine(model, "profile.yaml"), """
            manufacturer:
              key: bench
              name: Bench
            protocol: modbus
            models:
              - key: registers
                name: Registers
                description: Consecutive registers.
                tags: [registers]
            connection:
              kinds: [modbus_tcp]
              port: 502
              unit_id: 1
              connect_timeout_ms: 2000
              request_timeout_ms: 1000
            default_interval_s: 10
            blocks:
              holding: { max_words: 125, max_hole: 0 }
            word_order:
              read: high_first
              write: high_first
            write_rules:
              read_back_within_ms: 1000
              min_eeprom_interval_s: 60
            setup_guide:
              steps: [Start the benchmark.]
              notes: []
              unverified: []
            """);
        var rows = Enumerable.Range(0, registers).Select(number => $"register_{number},{number},holding,int16,0.1,°C,r,temperature,number,Register {number},bench");
        File.WriteAllLines(
            Path.Combine(model, "registers.csv"), ["key,address,table,type,scale,unit,access,category,value,label,source", .. rows]);
        _source = new ModbusManufacturerSource(
            new ModbusDriver(TimeProvider.System, NullLoggerFactory.Instance), _folder, NullLogger<ModbusManufacturerSource>.Instance);
    }

    public IEnumerable<Manufacturer> Load()
    {
        var manufacturers = _source.Load().ToList();
        return manufacturers.Any(known => known.Key == "bench")
            ? manufacturers
            : throw new InvalidOperationException(string.Join('\n', _source.ProfileErrors));
    }

    public static HeatPump HeatPump(int number, int port, TimeSpan interval) => new()
    {
        Id = HeatPumpId.FromNumber(number),
        Name = $"Pump {number}",
        Manufacturer = "bench",
        Model = "registers",
        Connection = new ConnectionConfig("modbus_tcp", new Settings([new("host", "127.0.0.1"), new("port", $"{port}")])),
        Interval = interval,
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
