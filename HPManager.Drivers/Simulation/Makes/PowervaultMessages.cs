using System.Globalization;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>What a Powervault P3 tells of a battery's state, message by message: shapes, scales and signs as one unit was seen to send them.</summary>
internal static class PowervaultMessages
{
    private const int Modules = 6;

    // Measurements of the modules in one round; there are nineteen.
    private const int Turns = 4;

    /// <summary>One round of messages, by the topic behind the battery's id.</summary>
    /// <param name="state">The battery.</param>
    /// <param name="round">Counts the rounds: single messages take turns.</param>
    public static IEnumerable<(string Topic, string Payload)> Of(BatteryState state, long round)
    {
        yield return ("bms/soc", List(("measurement", "StateOfCharge"), Hundredths(100 * state.Charge)));

        // Between them one module tells its own charge, which is not the battery's.
        var module = (int)(round % Modules);
        var own = Math.Clamp((100 * state.Charge) + (1.7 * (module - 2.5)), 0, 100);
        yield return ("bms/soc", $$"""{"module_addr":{{module + 1}},"StateOfCharge":{{Hundredths(own)}}}""");
        yield return ("inverter/charge", $$"""{"power":{{Whole(-1000 * state.Power)}}}""");
        yield return (
            "inverter/measurements",
            $$"""
            [{"channel":"BATTERY","measurement":"Voltage","value":{{Thousandths(Voltage(state))}}},{"channel":"GRID","measurement":"Voltage","type":"Ac","value":{{Thousandths(231 + (state.Grid / 3))}}},{"channel":"GRID","measurement":"Frequency","value":{{Thousandths(50 + (0.01 * Math.Sin(round / 9.0)))}}},{"channel":"GRID","measurement":"Power","type":"Active","value":{{Thousandths(1000 * state.Grid)}}},{"channel":"BATTERY","measurement":"Capacity","value":{{Whole(100 * state.Charge)}}},{"channel":"BATTERY","measurement":"ChargeCurrent","value":{{Thousandths(Math.Max(0, Current(state)))}}}]
            """);
        yield return (
            "ffr/measurements",
            $$"""
            [{"channel":"LOCAL","measurement":"Power","type":"Active","value":{{Thousandths(1000 * state.Power)}}},{"channel":"HOUSE","measurement":"Power","type":"Active","value":{{Thousandths(1000 * state.Grid)}}},{"channel":"AUX1","measurement":"Power","type":"Active","value":{{Thousandths(1000 * state.Solar)}}},{"channel":"LOCAL","measurement":"Power","type":"Apparent","value":{{Thousandths(1020 * Math.Abs(state.Power))}}}]
            """);
        for (var turn = 0; turn < Turns; turn++) yield return Pylontech(state, (round * Turns) + turn);
        yield return (
            "inverter/alarms",
            $$"""
            {"fan_lock":"0","initial_fail":"0","battery_weak":"0","battery_low":"{{(state.Charge < 0.08 ? 1 : 0)}}","pv_loss":"{{(state.Solar <= 0 ? 1 : 0)}}","pv1_loss":"0","pv2_loss":"0","pv_low":"0","grid_ip_voltage_outofrange":"0","grid_ip_freq_outofrange":"0","battery_discharge_low":"0","grid_freq_under_limit":"0","grid_freq_over_limit":"0","grid_voltage_under_limit":"0","grid_voltage_over_limit":"0","feeding_av_voltage_over":"0","ground_loss":"0","external_flash_fail":"0","battery_under":"0","overload":"0","islanding_detect":"0","no_battery":"0","over_temperature":"0","warnings_summary":"","inverter_temperature":"{{(24 + (3.5 * Math.Abs(state.Power))).ToString("0.0", CultureInfo.InvariantCulture)}}","boost_temperature":{{(25 + (3.1 * Math.Abs(state.Power))).ToString("0.0", CultureInfo.InvariantCulture)}},"inner_temperature":{{(23 + (2.2 * Math.Abs(state.Power))).ToString("0.0", CultureInfo.InvariantCulture)}}}
            """);
        if (round % 10 != 0) yield break;
        yield return ("schedule/event", $$"""{"time":"{{state.At.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)}}","event":0,"setpoint":0}""");
        yield return ("m4/maxpower", """[{"ChgPower":4792,"DchgPower":-5500}]""");
        yield return ("eps/status", """{"Reserve":5,"Mode":0}""");
    }

    // The modules' measurements arrive one after the other, each in a list of its own.
    private static (string Topic, string Payload) Pylontech(BatteryState state, long round)
    {
        var cell = Voltage(state) / 15;
        (string Measurement, string Type, string Value)[] all =
        [
            ("StateOfHealth", "Avg", "98"), ("StateOfHealth", "Min", "97"), ("Current", "Total", Thousandths(Current(state))), ("CycleNumber", "Avg", Whole(state.Cycles)),
            ("CycleNumber", "Max", Whole(state.Cycles + 4)), ("CellVoltage", "Max", Thousandths(cell + 0.004)), ("CellVoltage", "Min", Thousandths(cell - 0.005)),
            ("Current", "Total", Thousandths(Current(state))), ("CellTemperature", "Avg", Thousandths(state.Cells)), ("CellTemperature", "Max", Thousandths(state.Cells + 1.1)),
            ("CellTemperature", "Min", Thousandths(state.Cells - 0.9)), ("BMSTemperature", "Avg", Thousandths(state.Cells + 3)), ("BMSTemperature", "Max", Thousandths(state.Cells + 4)),
            ("Current", "Total", Thousandths(Current(state))), ("ModuleVoltage", "Avg", Thousandths(Voltage(state))), ("ChargeVoltageLimit", "", "53250"),
            ("DischargeVoltageLimit", "", "45000"), ("ChargeCurrentLimit", "", "150000"), ("DischargeCurrentLimit", "", "-150000"),
        ];
        var (measurement, type, value) = all[round % all.Length];
        return ("pylontech/info", $$"""[{"measurement":"{{measurement}}","type":"{{type}}","value":{{value}}}]""");
    }

    private static double Voltage(BatteryState state) => 47.5 + (4.2 * state.Charge) + (0.12 * state.Power);

    // Amperes; negative while it delivers.
    private static double Current(BatteryState state) => 1000 * state.Power / Voltage(state);

    private static string List((string Name, string Text) pair, string value) => $$"""[{"{{pair.Name}}":"{{pair.Text}}","value":{{value}}}]""";

    private static string Hundredths(double value) => Whole(100 * value);

    private static string Thousandths(double value) => Whole(1000 * value);

    private static string Whole(double value) => Math.Round(value).ToString("0", CultureInfo.InvariantCulture);
}
