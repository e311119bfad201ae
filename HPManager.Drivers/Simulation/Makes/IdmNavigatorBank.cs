using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// An iDM Navigator 2.0 with the heating circuits of its points. It answers per data point, as the controller does: a block that
/// begins at 1392 gets the humidity's second word where circuit A's mode would be. Functions 3 and 4 read the same points. A gap is exception 2.
/// </summary>
internal sealed class IdmNavigatorBank(IEnumerable<ModbusPoint> points, SimulatedHeatPump pump)
    : PointBank(points, pump, Measured, Settings, Initial)
{
    private const float Absent = -1;

    private static readonly Dictionary<string, Func<PlantState, double?>> Measured = new()
    {
        ["outdoor_temperature"] = state => state.Outdoor,
        ["outdoor_temperature_average"] = state => state.OutdoorAverage,
        ["internal_message"] = _ => 0,
        ["smart_grid_status"] = _ => 1,
        ["smart_grid_status_legacy"] = _ => 1,
        ["dhw_temperature_bottom"] = state => state.HotWaterBottom,
        ["dhw_temperature_top"] = state => state.HotWaterTop,
        ["dhw_tap_temperature"] = state => state.HotWaterTop - 2.5,
        ["electricity_price"] = _ => 240,
        ["hp_flow_temperature"] = state => state.Flow,
        ["hp_return_temperature"] = state => state.Return,
        ["heat_source_inlet_temperature"] = state => state.SourceIn,
        ["heat_source_outlet_temperature"] = state => state.SourceOut,
        ["air_intake_temperature"] = state => state.Outdoor,
        ["air_heat_exchanger_temperature"] = state => state.Evaporating,
        ["charging_sensor_temperature"] = state => state.Flow - 0.4,
        ["hp_operating_mode"] = state => state.Activity switch
        {
            PlantActivity.Heating => 1,
            PlantActivity.HotWater => 4,
            PlantActivity.Defrost => 1 + 8,
            _ => 0,
        },
        ["heating_demand"] = state => state.Activity is PlantActivity.Heating or PlantActivity.Defrost ? 1 : 0,
        ["cooling_demand"] = _ => 0,
        ["dhw_demand"] = state => state.Activity == PlantActivity.HotWater ? 1 : 0,
        ["utility_lock"] = _ => 1,
        ["hp_fault"] = _ => 0,
        ["compressor_1_running"] = state => state.IsRunning ? 1 : 0,
        ["charge_pump"] = state => state.ChargePump > 0 ? Math.Round(state.ChargePump) : -1,
        ["brine_pump"] = state => state.SourcePump > 0 ? Math.Round(state.SourcePump) : -1,
        ["heat_source_pump"] = state => state.SourcePump > 0 ? Math.Round(state.SourcePump) : -1,
        ["valve_heating_dhw"] = state => state.Activity == PlantActivity.HotWater ? 1 : 0,
        ["circulation_pump"] = _ => 0,
        ["bivalence_state"] = state => state.HeaterPower > 0 ? 1 : 0,
        ["hc_a_flow_temperature"] = state => state.FlowRate > 0 && state.Activity != PlantActivity.HotWater ? state.Flow - 0.3 : state.Return,
        ["hc_a_room_temperature"] = state => state.Room,
        ["hc_a_flow_setpoint"] = state => state.OutdoorAverage < 15 ? state.FlowTarget : 0,
        ["hc_a_active_mode"] = state => state.OutdoorAverage < 15 ? 1 : 0,
        ["humidity_sensor"] = _ => null,
        ["heat_energy_heating"] = state => state.HeatingEnergy,
        ["heat_energy_total"] = state => state.HeatingEnergy + state.HotWaterEnergy + state.HeaterEnergy,
        ["heat_energy_cooling"] = _ => 0,
        ["heat_energy_dhw"] = state => state.HotWaterEnergy,
        ["heat_energy_defrost"] = state => state.DefrostEnergy,
        ["heat_energy_passive_cooling"] = _ => 0,
        ["heat_energy_solar"] = _ => 0,
        ["heat_energy_electric_heater"] = state => state.HeaterEnergy,
        ["thermal_power"] = state => state.ThermalPower,
        ["solar_thermal_power"] = _ => 0,
        ["firmware_version"] = _ => 20.23,
        ["hp_electrical_power"] = state => state.ElectricPower,
        ["hp_electrical_power_total"] = state => state.ElectricPower + state.HeaterPower,
        ["thermal_power_flow_sensor"] = state => state.ThermalPower,
        ["heat_energy_total_flow_sensor"] = state => state.HeatingEnergy + state.HotWaterEnergy + state.HeaterEnergy,
    };

    private static readonly Dictionary<string, PlantSetting> Settings = new()
    {
        ["system_mode"] = new(
            plant => plant.Mode switch { PlantMode.Standby => 0, PlantMode.HotWaterOnly => 4, PlantMode.HeatingOnly => 5, _ => 1 },
            (plant, code) => plant.Mode = code switch
            {
                0 => PlantMode.Standby,
                4 => PlantMode.HotWaterOnly,
                5 => PlantMode.HeatingOnly,
                _ => PlantMode.Automatic,
            }),
        ["dhw_setpoint"] = new(plant => plant.HotWaterTarget, (plant, value) => plant.HotWaterTarget = value),
        ["hc_a_room_setpoint_heating_normal"] = new(plant => plant.RoomTarget, (plant, value) => plant.RoomTarget = value),
        ["hc_a_heating_curve"] = new(plant => plant.CurveSlope, (plant, value) => plant.CurveSlope = value),
        ["hc_a_parallel_shift"] = new(plant => plant.CurveOffset, (plant, value) => plant.CurveOffset = value),
        ["hc_a_heating_limit"] = new(plant => plant.HeatingLimit, (plant, value) => plant.HeatingLimit = value),
        ["request_dhw_once"] = new(plant => plant.HotWaterBoost ? 1 : 0, (plant, value) => plant.HotWaterBoost = value != 0),
    };

    // The defaults of the vendor's table, where it gives them.
    private static readonly Dictionary<string, double> Initial = new()
    {
        ["pv_surplus"] = 0,
        ["electric_heater_power"] = 0,
        ["pv_production"] = 0,
        ["house_consumption"] = 0,
        ["battery_discharge"] = 0,
        ["dhw_charge_on_temperature"] = 46,
        ["dhw_charge_off_temperature"] = 50,
        ["hc_a_mode"] = 1,
        ["hc_a_room_setpoint_heating_eco"] = 18,
        ["hc_a_flow_setpoint_constant"] = 45,
        ["hc_a_room_setpoint_cooling_normal"] = 23,
        ["hc_a_room_setpoint_cooling_eco"] = 25,
        ["hc_a_cooling_limit"] = 25,
        ["hc_a_flow_setpoint_cooling"] = 18,
        ["external_request_heating_temperature"] = 40,
        ["external_request_cooling_temperature"] = 18,
        ["request_heating"] = 0,
        ["request_cooling"] = 0,
        ["request_dhw_charge"] = 0,
        ["solar_mode"] = 0,
        ["bivalence_point_1_second_generator"] = -5,
        ["bivalence_point_2_second_generator"] = -15,
        ["bivalence_point_1_third_generator"] = -20,
        ["bivalence_point_2_third_generator"] = -20,
    };

    protected override byte UnknownAddress => 2;

    protected override byte InactiveAddress => 2;

    protected override Dictionary<int, ModbusPoint> TableFor(
        bool input, Dictionary<int, ModbusPoint> inputs, Dictionary<int, ModbusPoint> holdings) => holdings;

    // What only the Navigator 10 has, and what came with firmware later than the simulated one.
    protected override bool IsInactive(ModbusPoint point) =>
        point.Address is 88 or (>= 1068 and <= 1088) or (>= 1680 and <= 1683) or (>= 4001 and <= 4112);

    protected override void Words(ModbusPoint point, double? value, Span<ushort> words)
    {
        if (point.Type == RegisterType.Float32)
        {
            var bits = BitConverter.SingleToUInt32Bits(value is { } number ? (float)number : Absent);
            words[0] = (ushort)bits;
            words[1] = (ushort)(bits >> 16);
            return;
        }

        words[0] = value is { } whole ? (ushort)(short)Math.Round(whole) : (ushort)0xFFFF;
    }

    protected override double? Value(ModbusPoint point, ReadOnlySpan<ushort> words) => point.Type switch
    {
        RegisterType.Float32 => BitConverter.UInt32BitsToSingle((uint)(words[0] | (words[1] << 16))),
        RegisterType.Int16 => (short)words[0],
        RegisterType.UInt8 or RegisterType.Bool => (byte)words[0],
        _ => words[0],
    };

    protected override double? Untouched(ModbusPoint point) => null;
}
