using HPManager.Core.Sensors;
using HPManager.Drivers.Tables;

namespace HPManager.Drivers.Husdata.Tables;

/// <summary>What is known of one controller's indices: the sensors that come from the gateway, and behind them those about the gateway itself. Immutable.</summary>
internal sealed class HusdataTable
{
    private const string Folder = "Profiles/husdata/gateway/";

    private static readonly SensorDefinition ScalingSensor = new()
    {
        Key = SensorKey.Parse("gateway_scaling"),
        Label = "How the gateway scales numbers",
        Category = SensorCategory.Other,
        Kind = ValueKind.Text,
        Notes = "Firmware before about the winter of 2022/23 hands through what the heat pump says, later firmware multiplies by ten. Found from the values unless it is set.",
    };

    private static readonly SensorDefinition LinkSensor = new()
    {
        Key = SensorKey.Parse("gateway_link"),
        Label = "Ways to the gateway",
        Category = SensorCategory.Other,
        Kind = ValueKind.Text,
    };

    private readonly SensorSet _sparing;
    private readonly SensorSet _full;

    private HusdataTable(IReadOnlyList<HusdataEntry> entries)
    {
        Entries = entries;
        _full = new SensorSet([.. entries.Select(entry => entry.Sensor), ScalingSensor, LinkSensor]);
        _sparing = new SensorSet([.. entries.Select(Sparing), ScalingSensor, LinkSensor]);
    }

    /// <summary>The entries, at the same positions as their sensors.</summary>
    public IReadOnlyList<HusdataEntry> Entries { get; }

    /// <summary>Position of the text about scaling.</summary>
    public int ScalingPosition => Entries.Count;

    /// <summary>Position of the text about the ways to the gateway.</summary>
    public int LinkPosition => Entries.Count + 1;

    /// <summary>The entries of one controller, from the table that comes with the program.</summary>
    public static HusdataTable Load(string controller, IReadOnlyList<MissingNumbers> missing) =>
        new(HusdataTableReader.Read(ReadFile("registers.csv"), controller, missing));

    /// <summary>The text of one of the embedded files.</summary>
    public static string ReadFile(string name) => ShippedFile.Read(Folder + name);

    /// <summary>The sensors; what has never been seen to be written rightly can be written only with the owner's leave.</summary>
    public SensorSet Sensors(bool allowsUnverifiedWrites) => allowsUnverifiedWrites ? _full : _sparing;

    private static SensorDefinition Sparing(HusdataEntry entry) => entry.Proof == WriteProof.Unverified && entry.Sensor.Access == SensorAccess.ReadWrite
        ? entry.Sensor with { Access = SensorAccess.Read, WriteClass = WriteClass.None, Range = entry.Plausible, IsRangePlausibility = entry.Plausible.Max is not null }
        : entry.Sensor;
}
