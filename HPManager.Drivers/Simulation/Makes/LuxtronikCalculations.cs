using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>What a Luxtronik controller measures and counts. Indices and scales are written down here once more, apart from the driver's tables.</summary>
internal static class LuxtronikCalculations
{
    /// <summary>By how much the return the controller regulates on is below the flow that the plant aims for, K.</summary>
    public const double Spread = 5;

    private const int NoSource = -500;
    private const int NoSensor = 50;
    private const int NoMixer = 750;
    private const int NoTank = 1500;
    private const int Unavailable = int.MaxValue;
    private const int FirmwareText = 81;
    private const int FirmwareLength = 10;
    private const int FaultTimes = 95;
    private const int FaultCodes = 100;
    private const int StopReasons = 106;
    private const int StopTimes = 111;
    private const int PhaseRotation = 729;
    private const int BrineModel = 80;
    private const int AirModel = 88;

    private static readonly (int Index, Func<LuxtronikMoment, double> Raw)[] Entries =
    [
        (10, now => Tenths(now.State.Flow)),
        (11, now => Tenths(now.State.Return)),
        (12, now => Tenths(now.State.FlowTarget - Spread)),
        (13, _ => NoSensor),
        (14, now => Tenths(now.State.HotGas)),
        (15, now => Tenths(now.State.Outdoor)),
        (16, now => Tenths(now.State.OutdoorAverage)),
        (17, now => Tenths(now.State.HotWaterTop)),
        (18, now => now.Kept[LuxtronikSettings.HotWaterLegacy]),
        (19, now => Tenths(now.State.SourceIn)),
        (20, now => now.IsAir ? NoSource : Tenths(now.State.SourceOut)),
        (21, _ => NoMixer),
        (24, _ => NoMixer),
        (26, _ => NoSensor),
        (27, _ => NoTank),
        (28, _ => NoSensor),
        (29, now => Bit(!now.IsAir)),
        (30, now => Bit(now.State.Activity == PlantActivity.HotWater)),
        (31, _ => 1),
        (33, _ => 1),
        (34, _ => 1),
        (37, now => Bit(now.State.Activity == PlantActivity.Defrost)),
        (38, now => Bit(now.State.Activity == PlantActivity.HotWater)),
        (39, now => Bit(now.State.FlowRate > 0 && now.State.Activity != PlantActivity.HotWater)),
        (43, now => Bit(now.State.SourcePump > 0)),
        (44, now => Bit(now.State.IsRunning)),
        (48, now => Bit(now.State.HeaterPower > 0)),
        (56, now => Clock(now.State.Hours)),
        (57, now => now.State.Starts),
        (60, now => Clock(now.State.HeaterHours)),
        (63, now => Clock(now.State.Hours)),
        (64, now => Clock(now.State.Hours - now.State.HotWaterHours)),
        (65, now => Clock(now.State.HotWaterHours)),
        (67, now => now.State.IsRunning ? SinceSwitch(now) : 0),
        (71, now => now.State.IsRunning ? 0 : Math.Max(0, now.House.MinRest.TotalSeconds - SinceSwitch(now))),
        (72, now => now.State.IsRunning ? Math.Max(0, now.House.MinRun.TotalSeconds - SinceSwitch(now)) : 0),
        (73, now => now.State.IsRunning ? 0 : SinceSwitch(now)),
        (78, now => now.IsAir ? AirModel : BrineModel),
        (79, now => now.State.HeaterPower > 0 ? 3 : 1),
        (80, Mode),
        (91, _ => Address(192, 0, 2, 10)),
        (92, _ => Address(255, 255, 255, 0)),
        (93, _ => Address(192, 0, 2, 255)),
        (94, _ => Address(192, 0, 2, 1)),
        (117, MainStatus),
        (119, Cause),
        (120, now => StatusSeconds(now)),
        (124, now => LuxtronikSettings.IsHotWaterOn(now.Plant) ? 1 : 3),
        (125, HeatingState),
        (126, _ => 3),
        (127, _ => 3),
        (134, now => LuxtronikMoment.Seconds(now.State.At)),
        (135, _ => 3),
        (137, _ => NoMixer),
        (141, _ => 2700),
        (144, _ => 3),
        (151, now => Tenths(now.State.HeatingEnergy)),
        (152, now => Tenths(now.State.HotWaterEnergy)),
        (154, now => Tenths(now.State.HeatingEnergy + now.State.HotWaterEnergy)),
        (155, now => now.State.FlowRate * 60),
        (156, now => Tenths(now.State.ChargePump)),
        (160, _ => NoSensor),
        (174, _ => 1),
        (175, now => Tenths(now.State.SuctionGas)),
        (176, now => Tenths(now.State.SuctionGas)),
        (177, now => Tenths((now.State.HotGas + now.State.SuctionGas) / 2)),
        (178, now => Tenths(now.State.IsRunning ? now.State.SuctionGas - now.State.Evaporating : 0)),
        (179, _ => Tenths(6)),
        (180, now => Hundredths(now.State.HighPressure)),
        (181, now => Hundredths(now.State.LowPressure)),
        (183, now => now.State.SourcePump),
        (184, now => now.IsAir ? 8.5 * now.State.SourcePump : 0),
        (189, now => Tenths(now.State.FlowTarget)),
        (191, InverterState),
        (193, now => now.State.Speed * 60),
        (198, now => Tenths(now.State.Condensing)),
        (227, now => Tenths(now.State.Room)),
        (228, now => Tenths(now.Plant.RoomTarget)),
        (231, now => now.State.Speed),
        (232, now => Tenths(now.State.Evaporating)),
        (233, now => Tenths(now.State.Condensing)),
        (236, now => now.State.Speed),
        (237, now => now.House.MinSpeed),
        (238, now => now.House.MaxSpeed),
        (239, _ => Tenths(3)),
        (240, now => Tenths(now.State.SourceIn - now.State.SourceOut)),
        (241, now => now.State.ChargePump),
        (242, _ => Tenths(Spread)),
        (243, now => Tenths(now.State.Flow - now.State.Return)),
        (244, _ => Tenths(60)),
        (252, _ => Tenths(115)),
        (257, now => 1000 * Math.Max(0, now.State.ThermalPower)),
        (258, _ => 215),
        (267, now => LuxtronikSettings.IsHeatingOn(now.Plant) ? Tenths(now.Plant.RoomTarget) : Unavailable),
        (268, now => now.State.IsRunning ? 1000 * Math.Max(0, now.State.ElectricPower - now.House.StandbyPower - now.House.AuxiliaryPower) : 0),
    ];

    /// <summary>Fills a block; entries that the firmware does not have yet are left out.</summary>
    public static void Fill(int[] entries, LuxtronikMoment now)
    {
        foreach (var (index, raw) in Entries)
            if (index < entries.Length) entries[index] = (int)Math.Round(raw(now));

        for (var place = 0; place < FirmwareLength && place < now.Firmware.Text.Length; place++) entries[FirmwareText + place] = now.Firmware.Text[place];
        FillFaults(entries, now);
        var (reasons, times, _) = now.StopRing();
        reasons.CopyTo(entries, StopReasons);
        times.CopyTo(entries, StopTimes);
    }

    // Newest first. The oldest is from the day the controller was put into service, when phases were swapped, as happens.
    private static void FillFaults(int[] entries, LuxtronikMoment now)
    {
        PlantFault[] faults = [.. now.State.History.Faults.Append(new PlantFault(now.Installed, PhaseRotation)).Take(PlantHistory.Length)];
        for (var place = 0; place < faults.Length; place++)
        {
            entries[FaultTimes + place] = LuxtronikMoment.Seconds(faults[place].At);
            entries[FaultCodes + place] = faults[place].Code;
        }

        entries[105] = faults.Length;
    }

    private static double Mode(LuxtronikMoment now) => now.State.Activity switch
    {
        PlantActivity.Heating => 0,
        PlantActivity.HotWater => 1,
        PlantActivity.Defrost => 4,
        _ => 5,
    };

    private static double MainStatus(LuxtronikMoment now) => now switch
    {
        { Plant.FaultCode: not 0 } => 3,
        { State.Activity: PlantActivity.Defrost } => 4,
        _ => now.State.IsRunning ? 0 : 1,
    };

    private static double Cause(LuxtronikMoment now) => now.State.Activity switch
    {
        PlantActivity.Heating => 0,
        PlantActivity.HotWater => 5,
        PlantActivity.Defrost => 7,
        _ => 1,
    };

    private static double HeatingState(LuxtronikMoment now)
    {
        if (!LuxtronikSettings.IsHeatingOn(now.Plant)) return 3;
        return now.State.OutdoorAverage >= now.Plant.HeatingLimit ? 2 : 1;
    }

    private static double InverterState(LuxtronikMoment now) => now switch
    {
        { Plant.FaultCode: not 0 } => 3,
        { State.Activity: PlantActivity.Defrost } => 5,
        _ => now.State.IsRunning ? 2 : 0,
    };

    private static double StatusSeconds(LuxtronikMoment now) => (now.State.At - now.State.History.ActivitySince).TotalSeconds;

    private static double SinceSwitch(LuxtronikMoment now) => (now.State.At - now.State.History.SwitchedAt).TotalSeconds;

    private static double Tenths(double value) => value * 10;

    private static double Hundredths(double value) => value * 100;

    private static double Clock(double hours) => hours * 3600;

    private static double Bit(bool isSet) => isSet ? 1 : 0;

    private static double Address(byte first, byte second, byte third, byte fourth) => (first << 24) | (second << 16) | (third << 8) | fourth;
}
