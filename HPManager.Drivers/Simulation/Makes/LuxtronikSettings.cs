using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// A Luxtronik controller's parameters: settings that act on the plant, others that are merely kept, and counters. Indices and scales are written
/// down here once more, apart from the driver's tables.
/// </summary>
internal static class LuxtronikSettings
{
    /// <summary>The older of the two hot water temperatures, which this firmware keeps and ignores.</summary>
    public const int HotWaterLegacy = 2;

    private const int HeatingMode = 3;
    private const int HotWaterMode = 4;
    private const int HolidaysMode = 3;
    private const int OffMode = 4;
    private const int NeverSet = 1167609600;
    private const double ColdestDay = -20;

    private static readonly Dictionary<int, int> KeptAtFirst = new()
    {
        [HotWaterLegacy] = 480,
        [6] = NeverSet,
        [7] = NeverSet,
        [12] = 210,
        [13] = -50,
        [14] = 320,
        [15] = 200,
        [17] = 300,
        [18] = 350,
        [33] = 4,
        [36] = 1,
        [44] = 70,
        [45] = 15,
        [47] = 600,
        [49] = 1,
        [74] = 70,
        [84] = 550,
        [87] = 500,
        [88] = 20,
        [89] = 70,
        [90] = -50,
        [91] = 350,
        [92] = -200,
        [93] = -90,
        [94] = 1150,
        [98] = 120,
        [110] = 220,
        [111] = -100,
        [116] = 2,
        [117] = 1,
        [118] = 3,
        [119] = 4,
        [122] = 70,
        [123] = 20,
        [124] = 650,
        [132] = 200,
        [133] = 200,
        [141] = 320,
        [142] = 200,
        [145] = 350,
        [149] = 600,
        [155] = 3,
        [223] = 18000,
        [224] = 79200,
        [507] = 21600,
        [508] = 28800,
        [691] = 400,
        [692] = 400,
        [698] = 60,
        [699] = 1,
        [731] = NeverSet,
        [732] = NeverSet,
        [774] = 320,
        [775] = 200,
        [778] = 350,
        [850] = 120,
        [851] = 120,
        [864] = 30,
        [867] = 1000,
        [868] = 300,
        [869] = 1,
        [870] = 1,
        [874] = 330123,
        [875] = 325,
        [876] = 7,
        [883] = 110,
        [973] = 600,
        [974] = 250,
        [979] = 150,
        [992] = 60,
        [993] = 180,
        [1025] = 30,
        [1032] = 100,
        [1033] = 1,
        [1034] = 1,
        [1035] = 60,
        [1041] = 100,
        [1072] = 200,
        [1073] = 200,
        [1074] = 200,
        [1075] = 450,
        [1076] = 450,
        [1077] = 450,
        [1146] = 600,
        [1147] = 14400,
        [1159] = 300,
        [1161] = 1,
    };

    private static readonly Dictionary<int, (Func<SimulatedPlant, double> Raw, Action<SimulatedPlant, int> Set)> Acting = new()
    {
        [1] = (plant => plant.CurveOffset * 10, (plant, raw) => plant.CurveOffset = raw / 10d),
        [11] = (plant => CurveEnd(plant) * 10, (plant, raw) => plant.CurveSlope = SlopeFor(plant, raw / 10d)),
        [105] = (plant => plant.HotWaterTarget * 10, (plant, raw) => plant.HotWaterTarget = raw / 10d),
        [700] = (plant => plant.HeatingLimit * 10, (plant, raw) => plant.HeatingLimit = raw / 10d),
        [1052] = (plant => plant.HotWaterBoost ? 1 : 0, (plant, raw) => plant.HotWaterBoost = raw == 1),
        [1148] = (plant => plant.RoomTarget * 10, (plant, raw) => plant.RoomTarget = raw / 10d),
    };

    private static readonly (int Index, Func<LuxtronikMoment, double> Raw)[] Counters =
    [
        (668, now => now.State.Hours * 3600),
        (669, now => now.State.Hours * 3600),
        (671, now => now.State.HeaterHours * 3600),
        (674, now => now.State.Starts),
        (728, now => (now.State.Hours - now.State.HotWaterHours) * 3600),
        (729, now => now.State.HotWaterHours * 3600),
        (852, now => (now.State.HeatingEnergy + now.State.HotWaterEnergy) * 100),
        (854, now => now.State.HeatingEnergy * 100),
        (878, now => now.State.HotWaterEnergy * 100),
        (880, now => LuxtronikMoment.Seconds(now.Installed)),
        (1059, now => now.Firmware.HasEnergyCounters ? 0 : now.State.HeaterEnergy * 100),
        (1119, now => now.State.History.DefrostedAt is { } end ? LuxtronikMoment.Seconds(end) : 0),
        (1136, now => (now.State.ElectricEnergy - now.State.HeaterEnergy - now.State.HotWaterElectricEnergy) * 100),
        (1137, now => now.State.HotWaterElectricEnergy * 100),
        (1140, now => now.State.HeaterEnergy * 10),
    ];

    /// <summary>Whether the owner allows heating.</summary>
    public static bool IsHeatingOn(SimulatedPlant plant) => plant.Mode is PlantMode.Automatic or PlantMode.HeatingOnly;

    /// <summary>Whether the owner allows charging the tank.</summary>
    public static bool IsHotWaterOn(SimulatedPlant plant) => plant.Mode is PlantMode.Automatic or PlantMode.HotWaterOnly;

    /// <summary>The parameters of a controller that nobody has changed.</summary>
    public static int[] AtFirst(LuxtronikFirmware firmware)
    {
        var entries = new int[firmware.Parameters];
        foreach (var (index, raw) in KeptAtFirst)
            if (index < entries.Length) entries[index] = raw;

        return entries;
    }

    /// <summary>Puts what the plant knows better over the parameters that were kept.</summary>
    public static void Fill(int[] entries, LuxtronikMoment now)
    {
        foreach (var (index, (raw, _)) in Acting)
            if (index < entries.Length) entries[index] = (int)Math.Round(raw(now.Plant));

        foreach (var (index, raw) in Counters)
            if (index < entries.Length) entries[index] = (int)Math.Round(raw(now));

        entries[HeatingMode] = Shown(entries[HeatingMode], HeatingAllows, IsHeatingOn(now.Plant));
        entries[HotWaterMode] = Shown(entries[HotWaterMode], HotWaterAllows, IsHotWaterOn(now.Plant));
        var (reasons, times, next) = now.StopRing();
        entries[31] = next;
        reasons.CopyTo(entries, 716);
        times.CopyTo(entries, 721);
    }

    /// <summary>Lets a parameter that was written act on the plant.</summary>
    public static void Apply(SimulatedPlant plant, int[] kept, int index)
    {
        if (Acting.TryGetValue(index, out var setting)) setting.Set(plant, kept[index]);
        if (index is not (HeatingMode or HotWaterMode)) return;
        var heats = index == HeatingMode ? HeatingAllows(kept[index]) : IsHeatingOn(plant);
        var charges = index == HotWaterMode ? HotWaterAllows(kept[index]) : IsHotWaterOn(plant);
        plant.Mode = (heats, charges) switch
        {
            (true, true) => PlantMode.Automatic,
            (true, false) => PlantMode.HeatingOnly,
            (false, true) => PlantMode.HotWaterOnly,
            _ => PlantMode.Standby,
        };
    }

    private static bool HeatingAllows(int mode) => mode != OffMode;

    // Holidays block hot water; the house is still kept warm.
    private static bool HotWaterAllows(int mode) => mode is not (HolidaysMode or OffMode);

    // Several modes let the plant run; the one that was written stands until something else than this controller has changed the plant.
    private static int Shown(int kept, Func<int, bool> allows, bool isOn)
    {
        if (allows(kept) == isOn) return kept;
        return isOn ? 0 : OffMode;
    }

    // The controller names the return on the coldest day where the plant has the slope of a line.
    private static double CurveEnd(SimulatedPlant plant) =>
        plant.RoomTarget + (plant.CurveSlope * (plant.RoomTarget - ColdestDay)) - LuxtronikCalculations.Spread;

    private static double SlopeFor(SimulatedPlant plant, double end) =>
        Math.Clamp((end + LuxtronikCalculations.Spread - plant.RoomTarget) / (plant.RoomTarget - ColdestDay), 0, 3.5);
}
