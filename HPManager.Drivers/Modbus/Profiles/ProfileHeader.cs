using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Serial;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>What <c>profile.yaml</c> says: everything but the registers. Immutable.</summary>
internal sealed record ProfileHeader
{
    public required string Manufacturer { get; init; }

    public required string ManufacturerName { get; init; }

    public required IReadOnlyList<ProfileModel> Models { get; init; }

    /// <summary>Tags that rows may carry although no model here uses them.</summary>
    public required IReadOnlyList<string> OtherTags { get; init; }

    public required ConnectionDefaults Connection { get; init; }

    public required TimeSpan DefaultInterval { get; init; }

    public required IReadOnlyDictionary<ModbusTable, BlockRules> Blocks { get; init; }

    public required RegisterOrder ReadOrder { get; init; }

    public required RegisterOrder WriteOrder { get; init; }

    /// <summary>Sentinels of rows that name none of their own.</summary>
    public required IReadOnlyDictionary<RegisterType, IReadOnlyList<Sentinel>> Sentinels { get; init; }

    public required WriteRules WriteRules { get; init; }

    /// <summary>Whether single registers are written with function 6; with 16 otherwise.</summary>
    public required bool WritesSingly { get; init; }

    public required IReadOnlyList<ParameterDefinition> Options { get; init; }

    /// <summary>Name of a repeat and the option whose chosen members it runs over.</summary>
    public required IReadOnlyDictionary<string, ParameterDefinition> Repeats { get; init; }

    /// <summary>The option that overrides the table all points are read from; null for none.</summary>
    public required string? ReadTableOption { get; init; }

    /// <summary>Sensors by which the device is known as one of these models: one of them must answer. Empty when any device will do.</summary>
    public required ProfileProof Proof { get; init; }

    /// <summary>The sensor that says which model the device is; null when none does.</summary>
    public required ProfileIdentity? Identity { get; init; }

    /// <summary>Sensors that are calculated from others; a model that lacks one of these does not have them.</summary>
    public required IReadOnlyList<ProfileCalculated> Calculated { get; init; }

    public required SetupGuide Guide { get; init; }

    public required IReadOnlyList<ProfileTile> Dashboard { get; init; }
}

/// <summary>A model of a profile: it has every row that carries one of its tags; a row that only some of its tags have is optional.</summary>
internal sealed record ProfileModel(string Key, string Name, string Description, string Firmware, IReadOnlyList<string> Tags);

/// <summary>The sensors of which one must answer, and the line they are written in.</summary>
internal sealed record ProfileProof(IReadOnlyList<SensorKey> Sensors, int Line);

/// <summary>The sensor that says which model the device is.</summary>
/// <param name="Sensor">Its key.</param>
/// <param name="Codes">What it reads on which model: the key of a model of the profile, or the name of a device that no model here describes.</param>
/// <param name="Line">The line it is written in.</param>
internal sealed record ProfileIdentity(SensorKey Sensor, IReadOnlyList<KeyValuePair<int, string>> Codes, int Line);

/// <summary>A sensor that follows from others, which are named by their keys.</summary>
/// <param name="Sensor">The sensor.</param>
/// <param name="Line">The line it is written in.</param>
internal abstract record ProfileCalculated(SensorDefinition Sensor, int Line)
{
    /// <summary>What it follows from; a model that lacks one of these does not have it.</summary>
    public abstract IEnumerable<SensorKey> Needs { get; }

    /// <summary>The sensor of a model, whose sensors are given.</summary>
    public abstract ICalculatedSensor Create(SensorSet sensors);
}

/// <summary>Heat that is calculated from water flow, flow temperature and return.</summary>
internal sealed record ProfileWaterHeat(SensorDefinition Sensor, SensorKey Flow, SensorKey Supply, SensorKey Return, int Line) : ProfileCalculated(Sensor, Line)
{
    public override IEnumerable<SensorKey> Needs => [Flow, Supply, Return];

    public override ICalculatedSensor Create(SensorSet sensors) =>
        new WaterHeat(Sensor, sensors.PositionOf(Flow), sensors.PositionOf(Supply), sensors.PositionOf(Return));
}

/// <summary>A state that follows from the codes of several sensors.</summary>
internal sealed record ProfileState(SensorDefinition Sensor, IReadOnlyList<ProfileStateRule> Rules, int Line) : ProfileCalculated(Sensor, Line)
{
    public override IEnumerable<SensorKey> Needs => Rules.SelectMany(rule => rule.When, (_, condition) => condition.Key).Distinct();

    public override ICalculatedSensor Create(SensorSet sensors) => new CalculatedState(
        Sensor, [.. Rules.Select(rule => new StateRule(rule.Code, [.. rule.When.Select(condition => new StateCondition(sensors.PositionOf(condition.Key), condition.Value))]))]);
}

/// <summary>A state and the codes of other sensors that must all be read for it.</summary>
internal sealed record ProfileStateRule(int Code, string State, IReadOnlyList<KeyValuePair<SensorKey, int>> When);

/// <summary>A dashboard tile and the line it is written in.</summary>
internal sealed record ProfileTile(DashboardTile Tile, int Line);

/// <summary>What a connection to a model is usually made with.</summary>
/// <param name="Kinds">Keys of <see cref="ModbusConnections"/>, the usual one first.</param>
/// <param name="Port">TCP or UDP port.</param>
/// <param name="UnitId">Unit id.</param>
/// <param name="ConnectTimeout">Longest wait for the connection.</param>
/// <param name="RequestTimeout">Longest wait for an answer.</param>
internal sealed record ConnectionDefaults(
    IReadOnlyList<string> Kinds, int Port, int UnitId, TimeSpan ConnectTimeout, TimeSpan RequestTimeout)
{
    /// <summary>How the device's serial line is set when nobody changed it.</summary>
    public SerialDefaults Serial { get; init; } = SerialDefaults.Usual;

    /// <summary>Whether the connection is closed after every poll and write.</summary>
    public bool ReleasesBetweenPolls { get; init; }

    /// <summary>Whether nobody else of this program may talk to the host meanwhile, whatever the protocol.</summary>
    public bool IsOneClientPerHost { get; init; }
}

/// <summary>How characters travel on a serial line: eight data bits, as RTU needs.</summary>
/// <param name="BaudRate">One of <see cref="SerialLine.BaudRates"/>.</param>
/// <param name="Parity">Check bit.</param>
/// <param name="StopBits">1 or 2.</param>
internal sealed record SerialDefaults(int BaudRate, SerialParity Parity, int StopBits)
{
    /// <summary>What most devices are delivered with. The specification asks for 19,200 baud and even parity, which few makers follow.</summary>
    public static SerialDefaults Usual { get; } = new(9600, SerialParity.None, 1);
}
