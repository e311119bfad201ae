using HPManager.Core.Sensors;

namespace HPManager.Core.Live;

/// <summary>What a heat pump is doing.</summary>
public enum ActivityKind
{
    /// <summary>Its sensors do not tell.</summary>
    Unknown,

    /// <summary>Nothing is asked of it.</summary>
    Idle,

    /// <summary>It runs, but its sensors do not tell for what.</summary>
    Running,

    /// <summary>Heats rooms.</summary>
    Heating,

    /// <summary>Heats hot water.</summary>
    HotWater,

    /// <summary>Heats a pool.</summary>
    Pool,

    /// <summary>Cools rooms.</summary>
    Cooling,

    /// <summary>Thaws its outdoor unit.</summary>
    Defrosting,
}

/// <summary>
/// What a heat pump is doing now, derived from the signals of one snapshot and so the same for every make. Only good readings count: a stale
/// or implausible value never becomes a statement. Immutable.
/// </summary>
public sealed record Activity
{
    private const double LeastPowerForCop = 0.05;

    private static readonly (string Word, ActivityKind Kind)[] StateWords =
    [
        ("defrost", ActivityKind.Defrosting),
        ("hot water", ActivityKind.HotWater),
        ("dhw", ActivityKind.HotWater),
        ("tank", ActivityKind.HotWater),
        ("pool", ActivityKind.Pool),
        ("cool", ActivityKind.Cooling),
        ("heat", ActivityKind.Heating),
        ("off", ActivityKind.Idle),
        ("idle", ActivityKind.Idle),
        ("standby", ActivityKind.Idle),
        ("stopped", ActivityKind.Idle),
        ("none", ActivityKind.Idle),
        ("no demand", ActivityKind.Idle),
    ];

    /// <summary>What it does.</summary>
    public ActivityKind Kind { get; init; }

    /// <summary>Whether a compressor runs; null when that is not told.</summary>
    public bool? CompressorRunning { get; init; }

    /// <summary>Speed of the compressor while it runs; null when it stands or is not told.</summary>
    public double? CompressorSpeed { get; init; }

    /// <summary>Unit of <see cref="CompressorSpeed"/>: per cent, hertz or revolutions.</summary>
    public Unit CompressorSpeedUnit { get; init; }

    /// <summary>The temperature it heats or cools to, in °C; null when not told or without meaning now.</summary>
    public double? Target { get; init; }

    /// <summary>Electric power drawn in kW; null when not told.</summary>
    public double? ElectricPower { get; init; }

    /// <summary>Heat output in kW; null when not told.</summary>
    public double? ThermalPower { get; init; }

    /// <summary>The fault that is present, in the device's words or by its number; null for none.</summary>
    public string? Fault { get; init; }

    /// <summary>
    /// Heat output by electric power now; null while defrosting, and when either is not told or not above 50 W, where the quotient says nothing.
    /// </summary>
    public double? Cop => Kind != ActivityKind.Defrosting && ElectricPower > LeastPowerForCop && ThermalPower > LeastPowerForCop
        ? ThermalPower / ElectricPower
        : null;

    /// <summary>Derives the activity.</summary>
    public static Activity Of(Snapshot snapshot)
    {
        var speed = Good(snapshot, Signal.CompressorSpeed);
        var running = Good(snapshot, Signal.CompressorRunning) is { } flag ? flag != 0 : speed is { } turning ? turning > 0 : (bool?)null;
        var kind = KindOf(snapshot, running);
        return new Activity
        {
            Kind = kind,
            CompressorRunning = running,
            CompressorSpeed = running is not false && speed > 0 ? speed : null,
            CompressorSpeedUnit = UnitOf(snapshot, Signal.CompressorSpeed),
            Target = TargetOf(snapshot, kind),
            ElectricPower = Kilowatts(snapshot, Signal.ElectricPower),
            ThermalPower = Kilowatts(snapshot, Signal.ThermalPower),
            Fault = FaultOf(snapshot),
        };
    }

    private static ActivityKind KindOf(Snapshot snapshot, bool? running)
    {
        if (Good(snapshot, Signal.DefrostActive) is { } defrost && defrost != 0) return ActivityKind.Defrosting;
        if (KindByState(snapshot) is { } told) return told;
        return running switch
        {
            true => ActivityKind.Running,
            false => ActivityKind.Idle,
            null => ActivityKind.Unknown,
        };
    }

    private static ActivityKind? KindByState(Snapshot snapshot)
    {
        ActivityKind? found = null;
        foreach (var (sensor, reading) in All(snapshot, Signal.OperatingState))
        {
            if (reading.Text is not { } text || KindByWords(text) is not { } kind) continue;
            if (sensor.Circuit is null) return kind;
            if (found is null or ActivityKind.Idle) found = kind;
        }

        return found;
    }

    private static ActivityKind? KindByWords(string text)
    {
        var words = text.Replace('_', ' ');
        foreach (var (word, kind) in StateWords)
        {
            if (words.Contains(word, StringComparison.OrdinalIgnoreCase)) return kind;
        }

        return null;
    }

    private static double? TargetOf(Snapshot snapshot, ActivityKind kind) => kind switch
    {
        // Several circuits ask for different temperatures; the heat pump has to serve the most demanding one.
        ActivityKind.Heating => All(snapshot, Signal.FlowTemperatureTarget).Max(item => item.Reading.Value) is { } most and > 0 ? most : null,
        ActivityKind.Cooling => All(snapshot, Signal.FlowTemperatureTarget)
            .Where(item => item.Reading.Value > 0)
            .Min(item => item.Reading.Value),
        ActivityKind.HotWater => Good(snapshot, Signal.HotWaterTarget),
        _ => null,
    };

    private static string? FaultOf(Snapshot snapshot)
    {
        var active = Good(snapshot, Signal.FaultActive);
        if (active is 0) return null;
        if (snapshot[Signal.FaultCode] is { IsGood: true } code && code.Value is not 0 && (code.Value is not null || !string.IsNullOrEmpty(code.Text)))
        {
            return code.Text ?? code.Value!.Value.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
        }

        return active is null ? null : "no number given";
    }

    private static double? Kilowatts(Snapshot snapshot, Signal signal)
    {
        var power = Good(snapshot, signal);
        return UnitOf(snapshot, signal) == Unit.Watt ? power / 1000 : power;
    }

    private static double? Good(Snapshot snapshot, Signal signal) => snapshot[signal] is { IsGood: true } reading ? reading.Value : null;

    private static Unit UnitOf(Snapshot snapshot, Signal signal) =>
        snapshot.Sensors.PositionOf(signal) is >= 0 and var position ? snapshot.Sensors[position].Unit : Unit.None;

    private static IEnumerable<(SensorDefinition Sensor, Reading Reading)> All(Snapshot snapshot, Signal signal)
    {
        for (var position = 0; position < snapshot.Sensors.Count; position++)
        {
            if (snapshot.Sensors[position].Signal == signal && snapshot.Readings[position].IsGood)
                yield return (snapshot.Sensors[position], snapshot.Readings[position]);
        }
    }
}
