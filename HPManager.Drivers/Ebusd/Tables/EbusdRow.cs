using HPManager.Core.Sensors;

namespace HPManager.Drivers.Ebusd.Tables;

/// <summary>What part of the plant a circuit of ebusd stands for; its name differs from plant to plant.</summary>
internal enum CircuitRole
{
    /// <summary>None that is known.</summary>
    None,

    /// <summary>The heat pump unit: aroTHERM, flexoTHERM and their kin.</summary>
    HeatPump,

    /// <summary>The heat pump unit of a geoTHERM, which speaks otherwise.</summary>
    Ehp,

    /// <summary>The system controller.</summary>
    Controller,

    /// <summary>The indoor or hydraulic module.</summary>
    ApplianceModule,

    /// <summary>A wiring module.</summary>
    Module,

    /// <summary>The mixed circuit of a geoTHERM.</summary>
    Mixer,

    /// <summary>The hot water circuit of a geoTHERM.</summary>
    HotWater,

    /// <summary>What is said to everybody on the bus.</summary>
    Broadcast,
}

/// <summary>What a value is in an answer.</summary>
internal enum EbusdValue
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>A number that only grows.</summary>
    Counter,

    /// <summary>One of the codes, as number or word.</summary>
    Code,

    /// <summary>0 or 1, as number or word.</summary>
    Switch,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>From, to and temperature of a slot of a timer: the whole answer.</summary>
    Slot,
}

/// <summary>How often a message is worth a read of the bus.</summary>
internal enum ReadGroup
{
    /// <summary>The system says it anyway; it is asked for only when nobody else does.</summary>
    Heard,

    /// <summary>Status, power, flow temperature.</summary>
    Fast,

    /// <summary>Other measured values.</summary>
    Measured,

    /// <summary>Set-points and modes.</summary>
    Slow,

    /// <summary>Counters, and what hardly ever changes.</summary>
    Counter,
}

/// <summary>One sensor that a plant may have: where it is found in ebusd's messages. Immutable.</summary>
internal sealed record EbusdRow
{
    public required SensorDefinition Sensor { get; init; }

    public required CircuitRole Role { get; init; }

    /// <summary>Names of the message, the published one first.</summary>
    public required IReadOnlyList<string> Messages { get; init; }

    /// <summary>Primary and secondary byte and id, in hex, by which it is known whatever its name; may be empty.</summary>
    public required IReadOnlyList<string> Telegrams { get; init; }

    /// <summary>Name of the field.</summary>
    public required string Field { get; init; }

    /// <summary>Place of the field among the answer's, from 1; for definitions whose fields have no names. 0 for the whole answer.</summary>
    public required int Place { get; init; }

    /// <summary>How many values the answer has.</summary>
    public required int Count { get; init; }

    /// <summary>ebusd's base type, as <c>EXP/1000</c>.</summary>
    public required string Type { get; init; }

    public required EbusdValue Value { get; init; }

    /// <summary>From the message's unit to the sensor's.</summary>
    public required double Factor { get; init; }

    public required ReadGroup Group { get; init; }

    /// <summary>The sensor that must not be 0 for this one to mean something; null for none.</summary>
    public SensorKey? Needs { get; init; }

    /// <summary>What a missing value stands for; null for just that.</summary>
    public double? Absent { get; init; }

    /// <summary>What is believed.</summary>
    public ValueRange Plausible { get; init; }
}
