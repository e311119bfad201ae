using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Tables;

namespace HPManager.Drivers.Luxtronik.Derived;

/// <summary>The last five faults and the last five times the heat pump stopped, the newest first, whatever slots the controller keeps them in.</summary>
internal static class History
{
    private const int Slots = 5;
    private const int FirstFault = 700;
    private const int LastFault = 999;
    private const int UnknownFault = -1;

    private static readonly Ring Faults = new(Times: 95, Codes: 100);
    private static readonly Ring SwitchOffs = new(Times: 111, Codes: 106);
    private static readonly Ring SecondUnit = new(Times: 222, Codes: 217);

    public static IEnumerable<DerivedSensor> Sensors(CodeTable faults, CodeTable switchOffs) =>
    [
        .. Of(Faults, "fault", "Fault", SensorCategory.Fault, faults, (facts, code) => ReadFault(facts, code, faults)),
        .. Of(SwitchOffs, "switch_off", "Stop", SensorCategory.Status, switchOffs, (facts, code) => facts.Good(code, switchOffs.WordFor(code))),
        .. Of(SecondUnit, "unit_2_switch_off", "Unit 2: stop", SensorCategory.Status, switchOffs, ReadSecondUnit),
    ];

    /// <summary>The newest stored fault; null when none is stored or the firmware keeps none.</summary>
    public static Entry? NewestFault(PollFacts facts) => Newest(facts, Faults, 0);

    /// <summary>The reading of a fault number.</summary>
    public static Reading ReadFault(PollFacts facts, int code, CodeTable faults) => code switch
    {
        UnknownFault => facts.Missing("the controller does not know the fault"),
        0 or (>= FirstFault and <= LastFault) => facts.Good(code, faults.WordFor(code)),
        _ => facts.Good(code) with { Quality = Quality.Implausible, Reason = "no fault has such a number" },
    };

    private static Reading ReadSecondUnit(PollFacts facts, int code)
    {
        const int TwinUnit = 1010;
        return facts.Parameter(TwinUnit) is 1 or null ? facts.Good(code) : facts.Missing("this heat pump does not have it (one unit)");
    }

    private static IEnumerable<DerivedSensor> Of(
        Ring ring, string key, string label, SensorCategory category, CodeTable words, Func<PollFacts, int, Reading> read)
    {
        for (var place = 0; place < Slots; place++)
        {
            var rank = place;
            var number = (place + 1).ToString(CultureInfo.InvariantCulture);
            var title = place == 0 ? $"{label} {number} (newest)" : $"{label} {number}";
            yield return new DerivedSensor(
                DerivedSensors.Define($"{key}_{number}", title, category, ValueKind.Code, ring.Address) with { Codes = words },
                facts => ReadPlace(facts, ring, rank, entry => WithWord(read(facts, entry.Code), words)));
            yield return new DerivedSensor(
                DerivedSensors.Define($"{key}_{number}_time", $"{title}: time", category, ValueKind.Text, ring.Address) with { Notes = "UTC, if the controller's clock is" },
                facts => ReadPlace(facts, ring, rank, entry => EntryDecoder.DecodeTime(entry.Time, facts.At)));
        }
    }

    private static Reading WithWord(Reading reading, CodeTable words) =>
        reading is { IsGood: true, Text: null, Value: { } code } ? reading with { Text = words.WordFor((int)code) } : reading;

    private static Reading ReadPlace(PollFacts facts, Ring ring, int rank, Func<Entry, Reading> read)
    {
        if (facts.Calculation(ring.LastIndex) is null) return facts.Absent();
        return Newest(facts, ring, rank) is { } entry ? read(entry) : facts.Missing("no entry");
    }

    private static Entry? Newest(PollFacts facts, Ring ring, int rank)
    {
        if (facts.Calculation(ring.LastIndex) is null) return null;
        Span<Entry> entries = stackalloc Entry[Slots];
        for (var slot = 0; slot < Slots; slot++) entries[slot] = new Entry(facts.Calculation(ring.Times + slot)!.Value, facts.Calculation(ring.Codes + slot)!.Value, slot);

        // Of two with the same time the lower slot counts as newer, as it is where the controller keeps a list.
        entries.Sort(static (one, other) => one.Time != other.Time ? other.Time.CompareTo(one.Time) : one.Slot.CompareTo(other.Slot));
        return entries[rank].Time != 0 ? entries[rank] : null;
    }

    /// <summary>One stored event.</summary>
    /// <param name="Time">Unix seconds.</param>
    /// <param name="Code">Fault number or reason.</param>
    /// <param name="Slot">Where the controller keeps it.</param>
    internal readonly record struct Entry(int Time, int Code, int Slot);

    private sealed record Ring(int Times, int Codes)
    {
        public int LastIndex => Math.Max(Times, Codes) + Slots - 1;

        public string Address => string.Create(CultureInfo.InvariantCulture, $"calculations {Math.Min(Times, Codes)} to {LastIndex}");
    }
}
