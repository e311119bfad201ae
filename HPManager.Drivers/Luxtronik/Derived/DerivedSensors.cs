using HPManager.Core.Sensors;

namespace HPManager.Drivers.Luxtronik.Derived;

/// <summary>All sensors that are no single entry.</summary>
internal static class DerivedSensors
{
    private const string Page = "openhab/openhab-addons, BenPru/luxtronik, coolchip/luxtronik2, Bouni/python-luxtronik: agreeing readings of the entries named under address";

    /// <summary>In the order in which they stand behind the entries.</summary>
    /// <param name="faults">Words of the fault numbers.</param>
    /// <param name="switchOffs">Words of the reasons for which the heat pump stopped.</param>
    public static IReadOnlyList<DerivedSensor> All(CodeTable faults, CodeTable switchOffs) =>
    [
        .. ControllerState.Sensors,
        .. FaultState.Sensors(faults),
        .. History.Sensors(faults, switchOffs),
        .. EnergySums.Sensors,
        .. Housekeeping.Sensors,
    ];

    /// <summary>A definition that is read only.</summary>
    public static SensorDefinition Define(string key, string label, SensorCategory category, ValueKind kind, string address) => new()
    {
        Key = SensorKey.Parse(key),
        Label = label,
        Category = category,
        Kind = kind,
        Address = address,
        Source = Page,
    };
}
