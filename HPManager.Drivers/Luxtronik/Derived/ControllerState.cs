using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Tables;

namespace HPManager.Drivers.Luxtronik.Derived;

/// <summary>What the heat pump does, with the controller's known slips put right.</summary>
internal static class ControllerState
{
    private const int Heating = 0;
    private const int HotWater = 1;
    private const int Defrost = 4;
    private const int Idle = 5;
    private const int Cooling = 7;

    private const int ModeIndex = 80;
    private const int DetailIndex = 119;
    private const int DetailDefrost = 7;
    private const int DetailDisinfection = 9;
    private const int DetailCooling = 10;

    // Outputs: both compressors and the first auxiliary heater.
    private static readonly int[] Generators = [44, 45, 48];

    private static readonly CodeTable States = new(
    [
        new(Heating, "heating"), new(HotWater, "hot water"), new(2, "pool or solar"), new(3, "utility lock"), new(Defrost, "defrost"),
        new(Idle, "idle"), new(6, "heating from external source"), new(Cooling, "cooling"),
    ]);

    private static readonly CodeTable GridStates = new([new(1, "utility lock"), new(2, "reduced"), new(3, "normal"), new(4, "increased")]);

    public static IReadOnlyList<DerivedSensor> Sensors { get; } =
    [
        new(
            DerivedSensors.Define("operating_state", "What the heat pump is doing", SensorCategory.Status, ValueKind.Code, "calculations 80, 119, 44, 45, 48") with
            {
                Signal = Signal.OperatingState,
                Codes = States,
                Notes = "calculation 80, put right where it is known to slip: disinfection and cooling by the status line, idle when nothing runs; passive cooling may still show as idle or heating",
            },
            ReadState),
        new(
            DerivedSensors.Define("defrost_active", "Defrosting", SensorCategory.Status, ValueKind.Switch, "calculations 80, 119") with
            {
                Signal = Signal.DefrostActive,
                Codes = SwitchWords.Table,
            },
            ReadDefrost),
        new(
            DerivedSensors.Define("smart_grid_state", "SmartGrid state", SensorCategory.Status, ValueKind.Code, "parameters 1030, 33; calculations 31, 185, 23") with
            {
                Signal = Signal.SmartGridState,
                Codes = GridStates,
                Notes = "from the two contacts; a Luxtronik 2.0 with a room unit does not tell the second one",
            },
            ReadSmartGrid),
    ];

    private static Reading ReadState(PollFacts facts)
    {
        if (facts.Calculation(ModeIndex) is not { } mode) return facts.Absent();
        var state = facts.Calculation(DetailIndex) switch
        {
            DetailDisinfection => HotWater,
            DetailCooling => Cooling,
            _ when mode == Heating && Array.TrueForAll(Generators, index => facts.Calculation(index) == 0) => Idle,
            _ => mode,
        };
        return facts.Good(state, States.WordFor(state));
    }

    private static Reading ReadDefrost(PollFacts facts) => facts.Calculation(ModeIndex) is { } mode
        ? facts.Switch(mode == Defrost || facts.Calculation(DetailIndex) == DetailDefrost)
        : facts.Absent();

    private static Reading ReadSmartGrid(PollFacts facts)
    {
        const int Function = 1030;
        const int FirstContact = 31;
        if (facts.Parameter(Function) is not { } function || facts.Calculation(FirstContact) is not { } first) return facts.Absent();
        if (function == 0) return facts.Missing("SmartGrid is switched off on the controller");
        if (SecondContact(facts) is not { } second) return facts.Missing("this heat pump does not tell the second contact");
        var state = (first != 0, second) switch
        {
            (true, false) => 1,
            (false, false) => 2,
            (false, true) => 3,
            (true, true) => 4,
        };
        return facts.Good(state, GridStates.WordFor(state));
    }

    // A Luxtronik 2.0 without room unit has it on the terminal of the room station, whose dial then stands at one of its ends.
    private static bool? SecondContact(PollFacts facts)
    {
        const int Contact = 185;
        const int RoomStation = 23;
        const int RoomUnit = 33;
        if (!facts.IsOldSeries) return facts.Calculation(Contact) is { } contact ? contact != 0 : null;
        if (facts.Parameter(RoomUnit) != 0) return null;
        return facts.Calculation(RoomStation) switch
        {
            -50 => true,
            50 => false,
            _ => null,
        };
    }
}
