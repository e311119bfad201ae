using System.Globalization;
using HPManager.Drivers.Simulation.Ebusd;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// What is on the bus of a Vaillant plant: an aroTHERM plus or a flexoTHERM, as the source of heat has it, a sensoCOMFORT with one heating circuit and one zone,
/// and a hot water tank. Names, telegrams, types and words are those of the published definitions, written down here once more. Thread-safe.
/// </summary>
public sealed class VaillantBus : IEbusdPlant
{
    private const string NoRegister = "ERR: invalid position";
    private const string NoSensor = "empty";
    private const int Frost = 516;

    private readonly SimulatedHeatPump _pump;
    private readonly Dictionary<string, double> _kept = new(StringComparer.Ordinal)
    {
        ["HwcParallelLoading"] = 0,
        ["CylinderChargeHyst"] = 5,
        ["CylinderChargeOffset"] = 8,
        ["MaxCylinderChargeTime"] = 120,
        ["HwcLockTime"] = 30,
        ["HwcMaxFlowTempDesired"] = 65,
        ["AdaptHeatCurve"] = 0,
        ["ContinuousHeating"] = -26,
        ["Hc1MaxFlowTempDesired"] = 50,
        ["Hc1MinFlowTempDesired"] = 20,
        ["Hc1ExcessTemp"] = 0,
        ["Hc1AutoOffMode"] = 0,
        ["Hc1RoomTempSwitchOn"] = 1,
        ["Z1NightTemp"] = 18,
        ["Z1QuickVetoTemp"] = 22,
        ["Z1QuickVetoDuration"] = 3,
        ["Z1SFMode"] = 0,
        ["Z1HolidayTemp"] = 15,
    };

    private readonly Lock _gate = new();

    /// <summary>A plant as it was handed over, wired to a heat pump.</summary>
    public VaillantBus(SimulatedHeatPump pump)
    {
        _pump = pump;
        IsAir = pump.Parameters.Source == HeatSource.Air;
        Messages = [.. HeatPump(), .. Controller(), .. Broadcasts()];
        Scan = [IsAir ? "08;Vaillant;HMU00;0901;5103" : "08;Vaillant;HMU00;0307;0403", "15;Vaillant;CTLV2;0514;1104", "76;Vaillant;VWZIO;0902;5103"];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Scan { get; }

    /// <inheritdoc/>
    public IReadOnlyList<EbusdMessage> Messages { get; }

    private bool IsAir { get; }

    private static string Bit(bool isSet) => isSet ? "1" : "0";

    private static double Gain(PlantState state) => Math.Clamp(state.ThermalPower - state.ElectricPower, -12.7, 12.7);

    private static int Status(PlantState state) => state.Activity switch
    {
        PlantActivity.Heating => 104,
        PlantActivity.HotWater => 134,
        PlantActivity.Defrost => Frost,
        _ => 100,
    };

    private IEnumerable<EbusdMessage> HeatPump()
    {
        const string Words = "34=Frost_protection;100=Standby;104=Heating_Compressor_active;134=Warm_Water_Compressor_active;516=Deicing_active";
        yield return Passive("hmu", "SetMode", "b51000",
            "hcmode,m,UCH,0=auto;1=off;2=heat;3=water,,,flowtempdesired,m,D1C,,°C,,hwctempdesired,m,D1C,,°C,,hwcflowtempdesired,m,UCH,,°C,,ign,m,IGN:1,,,,disablehc,m,BI0,,,,disablehwctapping,m,BI1,,,,disablehwcload,m,BI2,,,,ign_1,m,IGN:1,,,,remotecontrolhcpump,m,BI0,,,,releasebackup,m,BI1,,,,releasecooling,m,BI2,,,",
            state => $"{(state.Activity == PlantActivity.HotWater ? "3;-" : $"0;{EbusdText.HalfDegrees(state.FlowTarget)}")};-;-;0;0;0;0;{Bit(state.HeaterPower > 0)};0");
        yield return Own("Status01", "b51101",
            "temp,s,D1C,,°C,,temp_1,s,D1C,,°C,,temp_2,s,D2B,,°C,,temp_3,s,D1C,,°C,,temp_4,s,D1C,,°C,,pumpstate,s,UCH,0=off;1=on;2=overrun;4=hwc,,",
            state => $"{EbusdText.HalfDegrees(state.Flow)};{EbusdText.HalfDegrees(state.Return)};-;-;-;{(state.FlowRate <= 0 ? "0" : state.Activity == PlantActivity.HotWater ? "4" : "1")}");
        yield return Own("RunDataStatuscode", "b509540200530d", $"ign,s,IGN:4,,,,value,s,UIN,{Words},,", state => EbusdText.Whole(Status(state)));
        yield return Own("FlowTemp", "b51a05ff3220", Triple("D2C", "", "°C"), state => EbusdText.Sixteenths(state.Flow));
        yield return Own("CurrentYieldPower", "b51a05ff3223", Triple("SCH", "10", "kW"), state => EbusdText.Tenths(Gain(state)));
        yield return Own("CurrentConsumedPower", "b51a05ff3224", Triple("SCH", "10", "kW"), state => EbusdText.Tenths(state.ElectricPower + state.HeaterPower));
        yield return Own("CurrentCompressorUtil", "b51a05ff3225", Triple("D2C", "", "%"), state => EbusdText.Sixteenths(100 * state.Speed / _pump.Parameters.MaxSpeed));
        yield return Own("EnergyIntegral", "b51a05ff3221", Triple("SIN", "", "°min"), state => EbusdText.Whole(state.DegreeMinutes));
        yield return Own("BuildingCircuitFlow", "b51a05ff323c", Triple("UIN", "", "l/h"), state => EbusdText.Whole(state.FlowRate * 60));
        yield return Own("FlowPressure", "b51a05ff323d", Triple("D2C", "4", ""), _ => EbusdText.Sixteenths(1.5));
        yield return Own("SourcePressure", "b51a05ff323e", Triple("D2C", "4", ""), _ => IsAir ? NoRegister : EbusdText.Sixteenths(1.75));
        yield return Own("SourceTempInput", "b51a05ff3222", Triple("D2C", "", "°C"), state => IsAir ? NoRegister : EbusdText.Sixteenths(state.SourceIn));
        yield return Own("SourceTempOutput", "b51a05ff3227", Triple("D2C", "", "°C"), state => IsAir ? NoRegister : EbusdText.Sixteenths(state.SourceOut));
        yield return Own("RunDataCompressorSpeed", "b5095402000d0a", Quad("EXP", "rps"), state => EbusdText.Float(state.Speed));
        yield return Own("RunDataAirInletTemp", "b509540200de08", Quad("EXP", "°C"), state => IsAir ? EbusdText.Float(state.SourceIn) : NoSensor);
        yield return Own("RunDataHighPressure", "b5095402006a09", Quad("EXP", "bar"), state => EbusdText.Float(state.HighPressure));
        yield return Own("RunDataCompressorInletTemp", "b5095402009808", Quad("EXP", "°C"), state => EbusdText.Float(state.SuctionGas));
        yield return Own("RunDataCompressorOutletTemp", "b509540200a208", Quad("EXP", "°C"), state => EbusdText.Float(state.HotGas));
        yield return Own("RunDataBuildingCPumpPower", "b509540200c509", Quad("EXP", "%"), state => EbusdText.Float(Math.Round(state.ChargePump)));
        yield return Own("RunDataReturnTemp", "b5095402000609", Quad("EXP", "°C"), state => IsAir ? EbusdText.Float(state.Return) : "4.32721e-42");
        yield return Own("RunDataFan1Speed", "b509540200470a", Quad("EXP", "rpm"), state => IsAir ? EbusdText.Float(state.SourcePump * 8.5) : NoRegister);
        yield return Own("YieldHc", "b51a05ff3210", Triple("UIN", "", "kWh"), state => EbusdText.Whole(10_135 + state.HeatingEnergy));
        yield return Own("YieldHwc", "b51a05ff3216", Triple("ULG", "", "kWh"), state => EbusdText.Whole(4_672 + state.HotWaterEnergy));
        yield return Own("CopHc", "b51a05ff3211", Triple("UIN", "10", ""), _ => "3.9");
        yield return Own("CopHwc", "b51a05ff3217", Triple("UIN", "10", ""), _ => "2.7");
        yield return Own("TotalEnergyUsage", "b51a05ff324d", Triple("UIN", "", "kWh"), state => EbusdText.Whole(8_542 + state.ElectricEnergy));
        yield return Own("RunStatsCompressorHours", "b509540200c20b", Quad("UIN", "h"), state => EbusdText.Whole(2_542 + state.Hours));
        yield return Own("RunStatsCompressorStarts", "b509540200c30b", Quad("UIN", ""), state => EbusdText.Whole(6_481 + state.Starts));
        yield return Own("RunStatsHwcHours", "b509540200bc0b", Quad("UIN", "h"), state => EbusdText.Whole(1_128 + state.HotWaterHours));
        yield return Own("RunStatsCompressorHc", "b5111801", "ign,s,IGN:1,,,,runtime,s,ULG,,min,,cycles,s,ULG,,,", state =>
            $"{EbusdText.Whole(187_055 + (60 * (state.Hours - state.HotWaterHours)))};{EbusdText.Whole(4_327 + state.Starts)}");
        yield return Own("YieldTotal", "b5161801", "ign,s,IGN:1,,,,value,s,UIN,,kWh,", _ => NoRegister);
        yield return Own("Currenterror", "b5030001", Errors, _ => Fault() is > 0 and var fault ? $"{EbusdText.Whole(fault)};-;-;-;-" : "-;-;-;-;-");
        yield return Own("TestReturnTemp", "b5140529", "ign,s,IGN:2,,,,value,s,SIN,10,°C,", state => EbusdText.Tenths(state.Return)) with { Level = "service" };
    }

    private IEnumerable<EbusdMessage> Controller()
    {
        const string Modes = "0=off;1=auto;2=day;3=night";
        const string Special = "0=auto;1=ventilation;2=party;3=veto;4=onedayaway;5=onedayathome;6=load";
        yield return Float("DisplayedOutsideTemp", 0x000073, "°C", now => now.State.Outdoor);
        yield return Float("OutsideTempAvg", 0x000095, "°C", now => now.State.OutdoorAverage);
        yield return Float("WaterPressure", 0x000039, "bar", _ => 1.6);
        yield return Told("SystemFlowTemp", 0x00004b, "EXP", "", "°C", _ => NoRegister);
        yield return Told("HwcStorageTempTop", 0x00009d, "EXP", "", "°C", _ => NoSensor);
        yield return Told("HcStorageTempTop", 0x00009f, "EXP", "", "°C", _ => NoSensor);
        yield return Float("HwcStorageTemp", 0x010005, "°C", now => now.State.HotWaterTop);
        yield return Float("HwcFlowTemp", 0x010008, "°C", now => now.State.Activity == PlantActivity.HotWater ? now.Plant.HotWaterTarget + 8 : 0);
        yield return Float("HwcTempDesired", 0x010004, "°C", now => now.Plant.HotWaterTarget, (plant, value) => plant.HotWaterTarget = Math.Clamp(value, 35, 60));
        yield return Number("HwcOpMode", 0x010003, "UIN", Modes, "", now => now.Plant.Mode is PlantMode.Automatic or PlantMode.HotWaterOnly ? 1 : 0, (plant, value) => Allow(plant, hotWater: value > 0));
        yield return Number("HwcSFMode", 0x01000d, "UCH", Special, "", now => now.Plant.HotWaterBoost ? 6 : 0, (plant, value) => plant.HotWaterBoost = value is 6);
        yield return Kept("HwcMaxFlowTempDesired", 0x000046, "EXP", "", "°C");
        yield return Kept("HwcParallelLoading", 0x00000a, "UCH", "0=off;1=on", "");
        yield return Kept("CylinderChargeHyst", 0x000027, "EXP", "", "K");
        yield return Kept("CylinderChargeOffset", 0x000029, "EXP", "", "K");
        yield return Kept("MaxCylinderChargeTime", 0x000017, "UIN", "", "min");
        yield return Kept("HwcLockTime", 0x000018, "UIN", "", "min");
        yield return Kept("AdaptHeatCurve", 0x000014, "UCH", "0=no;1=yes", "");
        yield return Kept("ContinuousHeating", 0x000002, "EXP", "", "°C");
        yield return Number("MaintenanceDue", 0x000096, "UCH", "0=no;1=yes", "", _ => 0);
        yield return Number("HydraulicScheme", 0x000036, "UIN", "", "", _ => 8, (_, _) => { });
        yield return Number("PrEnergySumHc", 0x000057, "ULG", "", "kWh", now => 6_217 + Math.Floor(now.State.ElectricEnergy - now.State.HotWaterElectricEnergy), (_, _) => { });
        yield return Number("PrEnergySumHwc", 0x000058, "ULG", "", "kWh", now => 2_584 + Math.Floor(now.State.HotWaterElectricEnergy), (_, _) => { });
        yield return Told("Date", 0x000034, "HDA:3", "", "", now => now.State.At.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture));
        yield return Told("Time", 0x000035, "HTI", "", "", now => now.State.At.ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        yield return new EbusdMessage("ctlv2", "Currenterror", "b5030001", Errors, () => "-;-;-;-;-");
        for (var circuit = 0; circuit < 3; circuit++)
        {
            var type = circuit == 0 ? "1" : "0";
            yield return new EbusdMessage(
                "ctlv2", $"Hc{Nth(circuit)}CircuitType", $"b524020002{circuit:x2}0200",
                "ign,s,IGN:4,,,,mctype,s,UCH,0=inactive;1=mixer;2=fixed;3=hwc;4=returnincr;5=pool,,,ign,s,IGN:1,,,", () => type);
            yield return Told($"Hc{Nth(circuit)}FlowTemp", 0x020008 + (circuit << 8), "EXP", "", "°C", circuit == 0 ? now => EbusdText.Float(now.State.Flow) : _ => NoSensor);
            yield return Told($"Z{Nth(circuit)}RoomZoneMapping", 0x030013 + (circuit << 8), "UIN", "0=none;1=VRC700;2=VR91_1;3=VR91_2;4=VR91_3", "", circuit == 0 ? _ => "1" : _ => "0");
            yield return Told($"Z{Nth(circuit)}RoomTemp", 0x03000f + (circuit << 8), "EXP", "", "°C", circuit == 0 ? now => EbusdText.Float(now.State.Room) : _ => NoSensor);
        }

        yield return Float("Hc1ActualFlowTempDesired", 0x020007, "°C", now => now.State.FlowTarget);
        yield return Float("Hc1HeatCurve", 0x02000f, "", now => now.Plant.CurveSlope, (plant, value) => plant.CurveSlope = Math.Clamp(value, 0.1, 3.5));
        yield return Kept("Hc1MaxFlowTempDesired", 0x020010, "EXP", "", "°C");
        yield return Kept("Hc1MinFlowTempDesired", 0x020012, "EXP", "", "°C");
        yield return Float("Hc1SummerTempLimit", 0x020014, "°C", now => now.Plant.HeatingLimit, (plant, value) => plant.HeatingLimit = value);
        yield return Kept("Hc1ExcessTemp", 0x02000b, "EXP", "", "K");
        yield return Kept("Hc1AutoOffMode", 0x02000e, "UIN", "0=eco;1=night", "");
        yield return Kept("Hc1RoomTempSwitchOn", 0x020015, "UIN", "0=off;1=modulating;2=thermostat", "");
        yield return Number("Hc1PumpStatus", 0x02001e, "UIN", "", "", now => now.State.FlowRate > 0 && now.State.Activity != PlantActivity.HotWater ? 1 : 0);
        yield return Float("Z1ActualRoomTempDesired", 0x030014, "°C", now => now.Plant.RoomTarget);
        yield return Float("Z1DayTemp", 0x030022, "°C", now => now.Plant.RoomTarget, (plant, value) => plant.RoomTarget = Math.Clamp(value, 10, 30));
        yield return Kept("Z1NightTemp", 0x030009, "EXP", "", "°C");
        yield return Number("Z1OpMode", 0x030006, "UIN", Modes, "", now => now.Plant.Mode is PlantMode.Automatic or PlantMode.HeatingOnly ? 1 : 0, (plant, value) => Allow(plant, heating: value > 0));
        yield return Kept("Z1SFMode", 0x03000e, "UCH", Special, "");
        yield return Kept("Z1QuickVetoTemp", 0x030008, "EXP", "", "°C");
        yield return Kept("Z1QuickVetoDuration", 0x030026, "EXP", "", "h");
        yield return Told("Z1HolidayStartPeriod", 0x030003, "HDA:3", "", "", _ => "01.01.2015");
        yield return Told("Z1HolidayEndPeriod", 0x030004, "HDA:3", "", "", _ => "01.01.2015");
        yield return Kept("Z1HolidayTemp", 0x030005, "EXP", "", "°C");
        yield return new EbusdMessage("ctlv2", "Z1Timer_Monday0", "b555a300000000", "htm,s,HTM,,,,htm_1,s,HTM,,,,slottemp,s,UIN,10,°C,", () => "06:00;22:00;20.5");
    }

    private IEnumerable<EbusdMessage> Broadcasts()
    {
        yield return Passive("Broadcast", "Outsidetemp", "b51601", "temp2,m,D2B,,°C,", state => EbusdText.Fine(state.Outdoor));
        yield return Passive("Broadcast", "Vdatetime", "b51600", "time,m,BTI,,,,date,m,BDA,,,", state => state.At.ToString("HH:mm:ss;dd.MM.yyyy", CultureInfo.InvariantCulture));
    }

    private const string Errors = "error,s,UIN,,,,error_1,s,UIN,,,,error_2,s,UIN,,,,error_3,s,UIN,,,,error_4,s,UIN,,,";

    private static string Triple(string type, string divisor, string unit) => $"ign,s,IGN:3,,,,value,s,{type},{divisor},{unit},";

    private static string Quad(string type, string unit) => $"ign,s,IGN:4,,,,value,s,{type},,{unit},";

    private static char Nth(int circuit) => (char)('1' + circuit);

    private static void Allow(SimulatedPlant plant, bool? heating = null, bool? hotWater = null)
    {
        var heats = heating ?? plant.Mode is PlantMode.Automatic or PlantMode.HeatingOnly;
        var charges = hotWater ?? plant.Mode is PlantMode.Automatic or PlantMode.HotWaterOnly;
        plant.Mode = (heats, charges) switch
        {
            (true, true) => PlantMode.Automatic,
            (true, false) => PlantMode.HeatingOnly,
            (false, true) => PlantMode.HotWaterOnly,
            _ => PlantMode.Standby,
        };
    }

    private int Fault() => _pump.With(plant => plant.FaultCode);

    private EbusdMessage Own(string name, string telegram, string definition, Func<PlantState, string> read) => new("hmu", name, telegram, definition, () => read(_pump.State));

    private EbusdMessage Passive(string circuit, string name, string telegram, string definition, Func<PlantState, string> read) =>
        new(circuit, name, telegram, definition, () => read(_pump.State)) { Kind = EbusdMessageKind.Passive };

    private EbusdMessage Told(string name, int register, string type, string words, string unit, Func<Now, string> read) => new(
        "ctlv2", name, $"b5240200{register:x6}00", $"ign,s,IGN:4,,,,value,s,{type},{words},{unit},", () => _pump.With(plant => read(new Now(plant, plant.State))));

    private EbusdMessage Float(string name, int register, string unit, Func<Now, double> read, Action<SimulatedPlant, double>? write = null) =>
        Taking(Told(name, register, "EXP", "", unit, now => EbusdText.Float(read(now))), write);

    private EbusdMessage Number(string name, int register, string type, string words, string unit, Func<Now, double> read, Action<SimulatedPlant, double>? write = null) =>
        Taking(Told(name, register, type, words, unit, now => EbusdText.Whole(read(now))), write);

    private EbusdMessage Kept(string name, int register, string type, string words, string unit) => Taking(
        Told(name, register, type, words, unit, _ => type == "EXP" ? EbusdText.Float(Held(name)) : EbusdText.Whole(Held(name))),
        (_, value) =>
        {
            lock (_gate) _kept[name] = value;
        });

    private double Held(string name)
    {
        lock (_gate) return _kept[name];
    }

    // Nothing is checked but the type, and that a word or number of a list is in it.
    private EbusdMessage Taking(EbusdMessage message, Action<SimulatedPlant, double>? write)
    {
        if (write is null) return message;
        var list = message.Definition.Split(',')[9];
        return message with
        {
            Write = text =>
            {
                if (list.Contains('=', StringComparison.Ordinal))
                {
                    var entry = list.Split(';').Select(entry => entry.Split('=', 2)).FirstOrDefault(entry => entry[0] == text || entry[1] == text);
                    if (entry is null) return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? "ERR: element not found" : "ERR: invalid numeric argument";
                    text = entry[0];
                }

                if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return "ERR: invalid numeric argument";
                _pump.Change(plant => write(plant, value));
                return "done";
            },
        };
    }

    private sealed record Now(SimulatedPlant Plant, PlantState State);
}
