using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Derived;
using HPManager.Drivers.Tables;

namespace HPManager.Drivers.Luxtronik.Tables;

/// <summary>
/// What is known of the controller's entries: the sensors that are entries, and behind them those that follow from several. The same for every
/// model; what one heat pump does not have is found out by reading. Immutable and thread-safe.
/// </summary>
internal sealed class LuxtronikTables
{
    /// <summary>Where the tables and the models' description lie among the embedded files.</summary>
    private const string Folder = "Profiles/luxtronik/controller/";

    private LuxtronikTables(IReadOnlyList<LuxtronikEntry> entries, IReadOnlyList<DerivedSensor> derived)
    {
        Entries = entries;
        Derived = derived;
        Sensors = new SensorSet([.. entries.Select(entry => entry.Sensor), .. derived.Select(sensor => sensor.Definition)]);
    }

    /// <summary>Single entries, at the same positions as in <see cref="Sensors"/>.</summary>
    public IReadOnlyList<LuxtronikEntry> Entries { get; }

    /// <summary>Sensors behind them that follow from several entries.</summary>
    public IReadOnlyList<DerivedSensor> Derived { get; }

    public SensorSet Sensors { get; }

    /// <summary>Reads the tables that come with the program.</summary>
    public static LuxtronikTables Load()
    {
        IReadOnlyList<LuxtronikEntry> entries =
        [
            .. EntryTableReader.Read(ReadFile("calculations.csv"), LuxtronikBlock.Calculations),
            .. EntryTableReader.Read(ReadFile("parameters.csv"), LuxtronikBlock.Parameters),
        ];
        var faults = EntryTableReader.ReadCodes(ReadFile("faults.csv"));
        var switchOffs = EntryTableReader.ReadCodes(ReadFile("switch_offs.csv"));
        return new LuxtronikTables(entries, DerivedSensors.All(faults, switchOffs));
    }

    /// <summary>The text of one of the embedded files.</summary>
    public static string ReadFile(string name) => ShippedFile.Read(Folder + name);
}
