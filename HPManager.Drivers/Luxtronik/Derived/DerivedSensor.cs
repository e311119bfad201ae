using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Client;
using HPManager.Drivers.Luxtronik.Tables;

namespace HPManager.Drivers.Luxtronik.Derived;

/// <summary>A sensor that follows from several entries, or from what the session knows.</summary>
/// <param name="Definition">The sensor.</param>
/// <param name="Read">Its reading after a poll.</param>
internal sealed record DerivedSensor(SensorDefinition Definition, Func<PollFacts, Reading> Read);

/// <summary>All that one poll found out.</summary>
/// <param name="Blocks">What the controller told.</param>
/// <param name="Firmware">Its firmware.</param>
/// <param name="IsOldSeries">Whether it is a Luxtronik 2.0.</param>
/// <param name="At">Time of the snapshot.</param>
/// <param name="Now">When it was read.</param>
/// <param name="TellsStatus">Whether the status lines (117 to 120) were ever seen to tell something: some firmware leaves them at 0.</param>
/// <param name="WritesToday">Settings written since midnight UTC.</param>
internal sealed record PollFacts(
    LuxtronikBlocks Blocks, FirmwareVersion Firmware, bool IsOldSeries, DateTimeOffset At, DateTimeOffset Now, bool TellsStatus, int WritesToday)
{
    /// <summary>The raw number of a calculation; null when the firmware does not have it.</summary>
    public int? Calculation(int index) => Blocks.Raw(LuxtronikBlock.Calculations, index);

    /// <summary>The raw number of a parameter; null when the firmware does not have it.</summary>
    public int? Parameter(int index) => Blocks.Raw(LuxtronikBlock.Parameters, index);

    public Reading Good(double value, string? text = null) => new(value, text, Quality.Good, At);

    public Reading Switch(bool isOn) => Good(isOn ? 1 : 0, SwitchWords.Table.WordFor(isOn ? 1 : 0));

    public Reading GoodText(string text) => new(null, text, Quality.Good, At);

    public Reading Missing(string reason) => Reading.Missing(At, reason);

    /// <summary>The firmware ends before what is needed.</summary>
    public Reading Absent() => Missing("this firmware does not have it");
}
