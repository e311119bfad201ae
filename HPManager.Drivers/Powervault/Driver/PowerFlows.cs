using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Core.Text;
using HPManager.Drivers.Powervault.Tables;

namespace HPManager.Drivers.Powervault.Driver;

/// <summary>How the clamps of an installation are read; what they measure is disputed, so that the owner may choose.</summary>
internal enum ClampReading
{
    /// <summary>HOUSE is the grid, LOCAL the battery's own connection: the one reading that both published moments fit.</summary>
    HouseIsGrid,

    /// <summary>LOCAL is the grid, HOUSE the house.</summary>
    LocalIsGrid,

    /// <summary>HOUSE is the grid, LOCAL the house.</summary>
    LocalIsHouse,
}

/// <summary>Where power flows, from the clamps and the inverter. Immutable.</summary>
internal sealed class PowerFlows
{
    // Below these the inverter's own consumption decides the sign.
    private const double NoisePower = 100;
    private const double NoiseCurrent = 2;

    private readonly int _power;
    private readonly int _current;
    private readonly int _house;
    private readonly int _local;
    private readonly int _aux;
    private readonly ClampReading _clamps;
    private readonly bool _hasSolarClamp;
    private readonly double _deliverySign;

    public PowerFlows(PowervaultTable table, Settings options)
    {
        _power = PositionOf(table, "battery_power");
        _current = PositionOf(table, "battery_current_total");
        _house = PositionOf(table, "clamp_house_power");
        _local = PositionOf(table, "clamp_local_power");
        _aux = PositionOf(table, "aux1_power");
        Needs = [_power, _house, _local];
        _clamps = SnakeCaseEnum.TryParse<ClampReading>(options[PowervaultConnections.Clamps], out var clamps) ? clamps : ClampReading.HouseIsGrid;
        _hasSolarClamp = options.Flag(PowervaultConnections.SolarClamp);
        _deliverySign = options[PowervaultConnections.PowerSign] == PowervaultConnections.ChargingIsPositive ? -1 : 1;
    }

    /// <summary>The sensors, in the order of <see cref="Read"/>.</summary>
    public static IReadOnlyList<SensorDefinition> Sensors { get; } =
    [
        Define("charge_power", "Charge power", Signal.ChargePower, "inverter/charge: power", "positive while it charges; compared with the battery's current"),
        Define("grid_power", "Power from the grid", Signal.GridPower, "ffr/measurements", "positive while power is bought; which clamp it is, is an option"),
        Define("house_power", "Power of the house", Signal.HousePower, "ffr/measurements", "from two clamps, or three with solar; which ones is an option"),
    ];

    /// <summary>Positions of the table's values without which there are no flows.</summary>
    public IReadOnlyList<int> Needs { get; }

    /// <summary>The readings that follow from those of the table.</summary>
    /// <param name="told">Readings at the positions of the table's values.</param>
    /// <param name="at">Time of the snapshot.</param>
    public IEnumerable<Reading> Read(Reading[] told, DateTimeOffset at)
    {
        var (house, local) = (told[_house], told[_local]);
        yield return ChargePower(told[_power], told[_current], at);
        yield return _clamps == ClampReading.LocalIsGrid ? local : house;
        yield return _clamps switch
        {
            ClampReading.LocalIsGrid => house,
            ClampReading.LocalIsHouse => local,
            _ => _hasSolarClamp ? Sum(at, (house, 1), (local, -1), (told[_aux], 1)) : Sum(at, (house, 1), (local, -1)),
        };
    }

    private Reading ChargePower(Reading power, Reading current, DateTimeOffset at)
    {
        if (power.Value is not { } wire) return power.Reason is null ? Reading.Missing(at, "not received yet") : power;
        var charge = power with { Value = -wire * _deliverySign };
        var contradicts = power.IsGood && current is { IsGood: true, Value: { } amperes } && Math.Abs(wire) > NoisePower && Math.Abs(amperes) > NoiseCurrent
            && Math.Sign(charge.Value.Value) != Math.Sign(amperes);
        return contradicts
            ? charge with { Quality = Quality.Implausible, Reason = "the battery's current flows the other way; see the option for the sign of the inverter's power" }
            : charge;
    }

    private static Reading Sum(DateTimeOffset at, params (Reading Reading, int Sign)[] parts)
    {
        var worst = parts.MinBy(part => part.Reading.IsGood ? 1 : 0).Reading;
        if (parts.Any(part => part.Reading.Value is null)) return Reading.Missing(at, worst.Reason ?? "not received yet");
        return worst with { Value = parts.Sum(part => part.Sign * part.Reading.Value), At = parts.Min(part => part.Reading.At) };
    }

    private static int PositionOf(PowervaultTable table, string key) => table.Values.Index().Single(value => value.Item.Sensor.Key.Value == key).Index;

    private static SensorDefinition Define(string key, string label, Signal signal, string address, string notes) => new()
    {
        Key = SensorKey.Parse(key),
        Label = label,
        Category = SensorCategory.Power,
        Kind = ValueKind.Number,
        Unit = Unit.Watt,
        Signal = signal,
        Address = address,
        Notes = notes,
    };
}
