using HPManager.Core.Sensors;

namespace HPManager.Core.Live;

/// <summary>What a battery is doing.</summary>
public enum BatteryActivityKind
{
    /// <summary>Its sensors do not tell.</summary>
    Unknown,

    /// <summary>Neither charges nor delivers.</summary>
    Idle,

    /// <summary>Takes power in.</summary>
    Charging,

    /// <summary>Delivers power.</summary>
    Delivering,
}

/// <summary>What a battery is doing now, derived from the signals of one snapshot; only good readings count. Immutable.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="StateOfCharge">How full it is in per cent; null when not told.</param>
/// <param name="Power">Power in or out in kW, never negative; null when not told.</param>
/// <param name="Mode">What it was told to do, in the device's words; null when not told.</param>
/// <param name="Fault">The fault that is present; null for none.</param>
public sealed record BatteryActivity(BatteryActivityKind Kind, double? StateOfCharge, double? Power, string? Mode, string? Fault)
{
    // Below this an inverter's own consumption and the noise of its clamps hide what the battery does.
    private const double LeastPower = 0.02;

    /// <summary>Derives the activity.</summary>
    public static BatteryActivity Of(Snapshot snapshot)
    {
        var power = Kilowatts(snapshot, Signal.ChargePower);
        var kind = power switch
        {
            null => BatteryActivityKind.Unknown,
            >= LeastPower => BatteryActivityKind.Charging,
            <= -LeastPower => BatteryActivityKind.Delivering,
            _ => BatteryActivityKind.Idle,
        };
        return new BatteryActivity(
            kind,
            snapshot[Signal.StateOfCharge] is { IsGood: true } charge ? charge.Value : null,
            power is { } told ? Math.Abs(told) : null,
            snapshot[Signal.OperatingMode] is { IsGood: true } mode ? mode.Text : null,
            Activity.Of(snapshot).Fault);
    }

    private static double? Kilowatts(Snapshot snapshot, Signal signal)
    {
        var position = snapshot.Sensors.PositionOf(signal);
        if (position < 0 || snapshot.Readings[position] is not { IsGood: true, Value: { } value }) return null;
        return snapshot.Sensors[position].Unit == Unit.Watt ? value / 1000 : value;
    }
}
