using HPManager.Core.Sensors;

namespace HPManager.Tests.Drivers.Powervault;

/// <summary>The worked payloads of the protocol page, in its order, through the shipped table.</summary>
public sealed class PowervaultVectorTests
{
    private readonly ToldBattery _battery = new();

    [Fact]
    public void Vector01_ListWithStateOfCharge()
    {
        _battery.Tell("bms/soc", """[{"measurement":"StateOfCharge","value":9700}]""");
        Assert.Equal(97.0, _battery.Value("battery_soc"));
    }

    [Fact]
    public void Vector02_OneModule_LeavesTheBatteryAlone()
    {
        _battery.Tell("bms/soc", """[{"measurement":"StateOfCharge","value":9700}]""");
        _battery.Tell("bms/soc", """{"module_addr":4,"StateOfCharge":8200}""");

        Assert.Equal(82.0, _battery.Value("module_soc_4"));
        Assert.Equal(97.0, _battery.Value("battery_soc"));
    }

    [Fact]
    public void Vector03_UsableCharge()
    {
        _battery.Tell("bms/soc", """{"usable_soc":1100}""");
        Assert.Equal(11.0, _battery.Value("battery_soc"));
    }

    [Fact]
    public void Vector04_InverterMeasurements()
    {
        _battery.Tell(
            "inverter/measurements",
            """[{"channel":"BATTERY","measurement":"Voltage","value":49800},{"channel":"GRID","measurement":"Voltage","type":"Ac","value":225800},{"channel":"GRID","measurement":"Frequency","value":50000},{"channel":"BATTERY","measurement":"Capacity","value":77},{"channel":"BATTERY","measurement":"ChargeCurrent","value":0}]""");

        Assert.Equal(49.8, _battery.Value("battery_voltage"));
        Assert.Equal(225.8, _battery.Value("grid_voltage"));
        Assert.Equal(50.0, _battery.Value("grid_frequency"));
        Assert.Equal(77, _battery.Value("battery_capacity"));
        Assert.Equal(0, _battery.Value("battery_charge_current"));
    }

    [Theory]
    [InlineData(5, """{"power":591}""", -591)]
    [InlineData(6, """{"power":-1500}""", 1500)]
    public void Vectors05And06_InverterPower_IsPositiveWhileItDelivers(int vector, string payload, double charging)
    {
        Assert.InRange(vector, 5, 6);
        _battery.Tell("inverter/charge", payload);

        Assert.Equal(-charging, _battery.Value("battery_power"));
        Assert.Equal(charging, _battery.Value("charge_power"));
    }

    [Fact]
    public void Vector07_Alarms()
    {
        _battery.Tell("inverter/alarms", """{"fan_lock":"1","battery_low":"0","inverter_temperature":"42.5","warnings_summary":"x"}""");

        Assert.Equal("on", _battery["alarm_fan_lock"].Text);
        Assert.Equal("off", _battery["alarm_battery_low"].Text);
        Assert.Equal(42.5, _battery.Value("inverter_temperature"));
        Assert.Equal("x", _battery["warnings_summary"].Text);
        Assert.Equal(1, _battery.Value("alarms_on"));
        Assert.Equal(1, _battery.Value("fault_active"));
        Assert.Equal("fan lock", _battery["fault_names"].Text);
    }

    [Theory]
    [InlineData(8, """[{"measurement":"CellTemperature","type":"Avg","value":20100}]""", "cell_temp_avg", 20.1)]
    [InlineData(9, """[{"measurement":"CellVoltage","type":"Max","value":3317}]""", "cell_voltage_max", 3.317)]
    [InlineData(10, """[{"measurement":"Current","type":"Total","value":-10230}]""", "battery_current_total", -10.23)]
    [InlineData(11, """[{"measurement":"DischargeCurrentLimit","type":"","value":-150000}]""", "discharge_current_limit", 150.0)]
    public void Vectors08To11_Modules(int vector, string payload, string sensor, double value)
    {
        Assert.InRange(vector, 8, 11);
        _battery.Tell("pylontech/info", payload);

        Assert.Equal([sensor], _battery.Told());
        Assert.Equal(value, _battery.Value(sensor));
    }

    [Fact]
    public void Vector12_Clamps()
    {
        _battery.Tell(
            "ffr/measurements",
            """[{"channel":"LOCAL","measurement":"Power","type":"Active","value":-406464},{"channel":"HOUSE","measurement":"Power","type":"Active","value":11736},{"channel":"AUX1","measurement":"Power","type":"Active","value":-1480}]""");

        Assert.Equal(-406.464, _battery.Value("clamp_local_power"));
        Assert.Equal(11.736, _battery.Value("grid_power"));
        Assert.Equal(-1.48, _battery.Value("aux1_power"));
        Assert.Equal(418.2, _battery.Value("house_power"));
    }

    [Fact]
    public void Vector13_ApparentPower_IsNotTaken()
    {
        Assert.Null(_battery.Tell("ffr/measurements", """[{"channel":"LOCAL","measurement":"Power","type":"Apparent","value":5000}]"""));
        Assert.Empty(_battery.Told());
    }

    [Theory]
    [InlineData(14, """{"time":"2025-12-18T07:46:49","event":0,"setpoint":0}""", "normal", 0)]
    [InlineData(15, """{"event":3,"setpoint":2000}""", "force charge", 2000)]
    public void Vectors14And15_Mode(int vector, string payload, string mode, double power)
    {
        Assert.InRange(vector, 14, 15);
        _battery.Tell("schedule/event", payload);

        Assert.Equal(mode, _battery["schedule_event"].Text);
        Assert.Equal(power, _battery.Value("schedule_setpoint"));
    }

    [Theory]
    [InlineData(16, """[{"ChgPower":4792,"DchgPower":-6750}]""", 4792, 6750)]
    [InlineData(17, """{"ChgPower":3000,"DchgPower":-5000}""", 3000, 5000)]
    public void Vectors16And17_Limits(int vector, string payload, double charge, double delivery)
    {
        Assert.InRange(vector, 16, 17);
        _battery.Tell("m4/maxpower", payload);

        Assert.Equal(charge, _battery.Value("max_charge_power"));
        Assert.Equal(delivery, _battery.Value("max_discharge_power"));
    }

    [Fact]
    public void Vector18_OutageSupply()
    {
        _battery.Tell("eps/status", """{"Reserve":20,"Mode":0}""");

        Assert.Equal(20, _battery.Value("eps_reserve"));
        Assert.Equal("off", _battery["eps_mode"].Text);
    }

    [Fact]
    public void Vector19_OutageTimetable()
    {
        _battery.Tell("eps_schedule/event", """{"reserved_soc":0,"time":"2025-12-18T07:46:49","event":"off"}""");

        Assert.Equal(0, _battery.Value("eps_schedule_reserve"));
        Assert.Equal("off", _battery["eps_schedule_event"].Text);
    }

    [Theory]
    [InlineData("[]", true)]
    [InlineData("{}", true)]
    [InlineData("hello", false)]
    public void Vector20_NothingInIt_TellsNothing(string payload, bool isUsable)
    {
        Assert.Equal(isUsable, _battery.Tell("bms/soc", payload) is null);
        Assert.Empty(_battery.Told());
    }

    [Fact]
    public void Sensors_OfTheBattery_CarryItsSignals()
    {
        Signal[] wanted =
        [
            Signal.StateOfCharge, Signal.ChargePower, Signal.GridPower, Signal.HousePower, Signal.StateOfHealth, Signal.OperatingMode, Signal.FaultActive,
        ];
        Assert.All(wanted, signal => Assert.True(_battery.State.Sensors.PositionOf(signal) >= 0, signal.ToString()));
    }
}
