using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Tables;

namespace HPManager.Drivers.Luxtronik.Derived;

/// <summary>
/// Whether a fault is there now. The stored faults stay after they are gone, so the status line decides; on firmware whose status lines tell
/// nothing, a fault counts as active for one hour after it was stored, by the controller's own clock.
/// </summary>
internal static class FaultState
{
    private const int StatusLine = 117;
    private const int StatusFault = 3;
    private const int Clock = 134;
    private const int CountIndex = 105;
    private const int ActiveSecondsWithoutStatus = 3600;

    public static IReadOnlyList<DerivedSensor> Sensors(CodeTable faults) =>
    [
        new(
            DerivedSensors.Define("fault_active", "Fault present", SensorCategory.Fault, ValueKind.Switch, "calculation 117") with
            {
                Signal = Signal.FaultActive,
                Codes = SwitchWords.Table,
                Notes = "from the status line; where the firmware leaves it at 0, a fault counts as present for one hour after it was stored",
            },
            facts => IsActive(facts) is { } active ? facts.Switch(active) : facts.Absent()),
        new(
            DerivedSensors.Define("fault_code", "Fault number", SensorCategory.Fault, ValueKind.Code, "calculations 117, 95 to 104") with
            {
                Signal = Signal.FaultCode,
                Codes = faults,
                Notes = "the newest stored fault while a fault is present, otherwise 0",
            },
            facts => ReadCode(facts, faults)),
        new(
            DerivedSensors.Define("fault_count", "Faults in the memory", SensorCategory.Fault, ValueKind.Number, "calculation 105"),
            facts => facts.Calculation(CountIndex) is { } count ? facts.Good(count) : facts.Absent()),
    ];

    private static bool? IsActive(PollFacts facts)
    {
        if (facts.Calculation(StatusLine) is not { } line) return null;
        if (line == StatusFault) return true;
        if (facts.TellsStatus) return false;
        return History.NewestFault(facts) is { } newest && facts.Calculation(Clock) is { } now && (long)now - newest.Time is >= 0 and < ActiveSecondsWithoutStatus;
    }

    private static Reading ReadCode(PollFacts facts, CodeTable faults) => IsActive(facts) switch
    {
        null => facts.Absent(),
        false => facts.Good(0, faults.WordFor(0)),
        _ => History.NewestFault(facts) is { } newest ? History.ReadFault(facts, newest.Code, faults) : facts.Missing("the controller names no fault"),
    };
}
