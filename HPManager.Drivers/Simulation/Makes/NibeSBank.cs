using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// A NIBE S-series controller. 32-bit values are read low word first; a written one counts only with the high word first and is otherwise
/// acknowledged and dropped. Registers of missing accessories answer exception 1, unknown numbers exception 2, missing sensors 0x8000 and its kin.
/// </summary>
internal sealed class NibeSBank(IEnumerable<ModbusPoint> points, SimulatedHeatPump pump) : PointBank(points, pump, Measured, Settings, Initial)
{
    private const double CurvePerSlope = 12;

    private static readonly Dictionary<string, Func<PlantState, double?>> Measured = new()
    {
        ["outdoor_temp_bt1"] = state => state.Outdoor,
        ["outdoor_temp_bt1_average"] = state => state.OutdoorAverage,
        ["supply_temp_bt2"] = state => state.Flow,
        ["return_temp_bt3"] = state => state.Return,
        ["external_supply_temp_bt25"] = state => state.Flow,
        ["external_return_temp_bt71"] = state => state.Return,
        ["calculated_supply_s1"] = state => state.FlowTarget,
        ["room_temp_s1_bt50"] = state => state.Room,
        ["room_temp_s1_average"] = state => state.Room,
        ["hot_water_top_bt7"] = state => state.HotWaterTop,
        ["hot_water_charging_bt6"] = state => state.HotWaterBottom,
        ["hot_water_start_bt5"] = state => state.HotWaterBottom,
        ["hot_water_valve_qn10"] = state => state.Activity == PlantActivity.HotWater ? 1 : 0,
        ["brine_in_bt10"] = state => state.SourceIn,
        ["brine_out_bt11"] = state => state.SourceOut,
        ["brine_delta_t_current"] = state => state.SourceIn - state.SourceOut,
        ["brine_delta_t_setpoint"] = _ => 4,
        ["condenser_supply_bt12"] = state => state.Flow,
        ["discharge_bt14"] = state => state.HotGas,
        ["liquid_line_bt15"] = state => state.Return + 1.5,
        ["suction_gas_bt17"] = state => state.SuctionGas,
        ["compressor_oil_bt29"] = state => state.HotGas - 8,
        ["evaporator_bt84"] = state => state.Evaporating,
        ["high_pressure_dew_bp9"] = state => state.Condensing,
        ["low_pressure_dew_bp8"] = state => state.Evaporating,
        ["high_pressure_bp9"] = state => state.HighPressure,
        ["low_pressure_bp8"] = state => state.LowPressure,
        ["inverter_temp"] = state => 24 + (state.Speed / 4),
        ["compressor_status"] = state => state.IsRunning ? 1 : 0,
        ["compressor_frequency"] = state => state.Speed,
        ["compressor_frequency_rounded"] = state => state.Speed,
        ["compressor_frequency_requested"] = state => state.Speed,
        ["compressor_frequency_min"] = _ => 22,
        ["compressor_frequency_max"] = _ => 95,
        ["compressor_power_input"] = state => 1000 * (state.ElectricPower - 0.1 > 0 ? state.ElectricPower - 0.1 : 0),
        ["compressor_power_input_average"] = state => 1000 * (state.ElectricPower - 0.1 > 0 ? state.ElectricPower - 0.1 : 0),
        ["compressor_current"] = state => 1000 * state.PhaseCurrent,
        ["compressor_starts"] = state => state.Starts,
        ["compressor_hours_total"] = state => Math.Floor(state.Hours),
        ["compressor_hours_hot_water"] = state => Math.Floor(state.HotWaterHours),
        ["eb101_condenser_supply_bt12"] = state => state.Flow,
        ["eb101_return_bt3"] = state => state.Return,
        ["eb101_discharge_bt14"] = state => state.HotGas,
        ["eb101_liquid_line_bt15"] = state => state.Return + 1.5,
        ["eb101_suction_gas_bt17"] = state => state.SuctionGas,
        ["eb101_outdoor_bt28"] = state => state.Outdoor,
        ["eb101_evaporator_bt16"] = state => state.Evaporating,
        ["eb101_evaporator_bt84"] = state => state.Evaporating,
        ["eb101_low_pressure_dew_bp8"] = state => state.Evaporating,
        ["eb101_high_pressure_dew_bp9"] = state => state.Condensing,
        ["eb101_high_pressure_bp4"] = state => state.HighPressure,
        ["eb101_low_pressure_bp8"] = state => state.LowPressure,
        ["eb101_compressor_status"] = state => state.IsRunning ? 1 : 0,
        ["eb101_compressor_frequency"] = state => state.Speed,
        ["eb101_compressor_frequency_requested"] = state => state.Speed,
        ["eb101_compressor_frequency_min"] = _ => 22,
        ["eb101_compressor_frequency_max"] = _ => 95,
        ["eb101_fan_rpm"] = state => state.SourcePump * 8,
        ["eb101_heat_output"] = state => Math.Max(0, state.ThermalPower),
        ["eb101_power"] = state => state.ElectricPower,
        ["eb101_current"] = state => state.PhaseCurrent,
        ["eb101_inverter_temp"] = state => 24 + (state.Speed / 4),
        ["eb101_defrosting"] = state => state.Activity == PlantActivity.Defrost ? 1 : 0,
        ["eb101_compressor_starts"] = state => state.Starts,
        ["eb101_compressor_hours_total"] = state => Math.Floor(state.Hours),
        ["eb101_compressor_hours_hot_water"] = state => Math.Floor(state.HotWaterHours),
        ["eb101_alarm_number"] = _ => 0,
        ["eb101_outdoor_alarm_number"] = _ => 0,
        ["eb101_charge_pump_speed"] = state => state.ChargePump,
        ["defrosting_main"] = state => state.Activity == PlantActivity.Defrost ? 1 : 0,
        ["heating_pump_speed_gp1"] = state => state.ChargePump,
        ["brine_pump_speed_gp2"] = state => state.SourcePump,
        ["flow_bf1"] = state => state.FlowRate,
        ["phase_current_be1"] = state => state.PhaseCurrent,
        ["phase_current_be2"] = state => state.PhaseCurrent,
        ["phase_current_be3"] = state => state.PhaseCurrent,
        ["power_consumption"] = state => state.ElectricPower + state.HeaterPower,
        ["power_consumption_components"] = state => state.ElectricPower + state.HeaterPower,
        ["instantaneous_power"] = state => 1000 * (state.ElectricPower + state.HeaterPower),
        ["additional_heat_power"] = state => state.HeaterPower,
        ["additional_heat_hours_total"] = state => state.HeaterHours,
        ["energy_produced_total"] = state => state.HeatingEnergy + state.HotWaterEnergy + state.HeaterEnergy,
        ["energy_consumed_total"] = state => state.ElectricEnergy,
        ["heat_meter_hot_water_incl_additional"] = state => state.HotWaterEnergy,
        ["heat_meter_heating_incl_additional"] = state => state.HeatingEnergy + state.HeaterEnergy,
        ["heat_meter_hot_water_compressor"] = state => state.HotWaterEnergy,
        ["heat_meter_heating_compressor"] = state => state.HeatingEnergy,
        ["priority"] = Priority,
        ["priority_copy"] = Priority,
        ["alarm_number"] = _ => 0,
        ["alarm_number_non_module"] = _ => 0,
        ["class1_alarm"] = _ => 0,
        ["sg_ready_state"] = _ => 10,
        ["hot_water_mode_current"] = _ => 1,
        ["forecast_temp"] = state => state.OutdoorAverage,
    };

    private static readonly Dictionary<string, PlantSetting> Settings = new()
    {
        ["degree_minutes"] = new(plant => plant.State.DegreeMinutes, (plant, value) => plant.SetDegreeMinutes(value)),
        ["heating_curve_s1"] = new(plant => Math.Round(plant.CurveSlope * CurvePerSlope), (plant, value) => plant.CurveSlope = value / CurvePerSlope),
        ["heating_offset_s1"] = new(plant => plant.CurveOffset, (plant, value) => plant.CurveOffset = value),
        ["room_setpoint_heating_s1"] = new(plant => plant.RoomTarget, (plant, value) => plant.RoomTarget = value),
        ["auto_stop_heating_temp"] = new(plant => plant.HeatingLimit, (plant, value) => plant.HeatingLimit = value),
        ["hot_water_stop_medium"] = new(plant => plant.HotWaterTarget, (plant, value) => plant.HotWaterTarget = value),
        ["more_hot_water"] = new(plant => plant.HotWaterBoost ? 4 : 0, (plant, value) => plant.HotWaterBoost = value != 0),
        ["hot_water_permitted"] = new(
            plant => plant.Mode is PlantMode.Automatic or PlantMode.HotWaterOnly ? 1 : 0,
            (plant, value) => plant.Mode = Allowed(plant.Mode is PlantMode.Automatic or PlantMode.HeatingOnly, value != 0)),
        ["permit_heating"] = new(
            plant => plant.Mode is PlantMode.Automatic or PlantMode.HeatingOnly ? 1 : 0,
            (plant, value) => plant.Mode = Allowed(value != 0, plant.Mode is PlantMode.Automatic or PlantMode.HotWaterOnly)),
    };

    private static readonly Dictionary<string, double> Initial = new()
    {
        ["hot_water_demand_mode"] = 1,
        ["hot_water_start_large"] = 45,
        ["hot_water_start_medium"] = 41,
        ["hot_water_start_small"] = 38,
        ["hot_water_stop_large"] = 52,
        ["hot_water_stop_small"] = 44,
        ["permit_additional_heat"] = 1,
        ["max_supply_s1"] = 55,
        ["min_supply_s1"] = 20,
        ["dm_start_compressor"] = -60,
        ["fuse_size"] = 16,
        ["heating_pump_mode"] = 10,
        ["brine_pump_mode"] = 10,
        ["spa_area"] = 255,
    };

    protected override byte UnknownAddress => 2;

    protected override byte InactiveAddress => 1;

    protected override Dictionary<int, ModbusPoint> TableFor(
        bool input, Dictionary<int, ModbusPoint> inputs, Dictionary<int, ModbusPoint> holdings) => input ? inputs : holdings;

    // A house without a solar link, ventilation or pool.
    protected override bool IsInactive(ModbusPoint point) =>
        point.Sensor.Key.Value.StartsWith("pv_", StringComparison.Ordinal)
        || point.Sensor.Key.Value.StartsWith("vent_", StringComparison.Ordinal)
        || point.Sensor.Key.Value.StartsWith("ers1_", StringComparison.Ordinal)
        || point.Sensor.Key.Value.StartsWith("pool_", StringComparison.Ordinal)
        || point.Sensor.Key.Value.StartsWith("eb102_", StringComparison.Ordinal);

    protected override void Words(ModbusPoint point, double? value, Span<ushort> words)
    {
        var raw = value is { } number ? (long)Math.Round(number / point.Scale) : Missing(point.Type);
        words[0] = point.Type == RegisterType.UInt8 ? (byte)raw : (ushort)raw;
        words[1] = (ushort)(raw >> 16);
    }

    protected override double? Value(ModbusPoint point, ReadOnlySpan<ushort> words)
    {
        double raw = point.Type switch
        {
            RegisterType.Int8 => (sbyte)words[0],
            RegisterType.UInt8 => (byte)words[0],
            RegisterType.Int16 => (short)words[0],
            RegisterType.UInt16 => words[0],
            RegisterType.Int32 => (words[0] << 16) | words[1],
            _ => (uint)((words[0] << 16) | words[1]),
        };
        var value = raw * point.Scale;
        return point.Sensor.Range.Contains(value) ? value : null;
    }

    // Settings of a controller always have a value; sensors that are not fitted have none.
    protected override double? Untouched(ModbusPoint point) =>
        point.Sensor.IsWritable ? Math.Max(point.Sensor.Range.Min ?? 0, Math.Min(0, point.Sensor.Range.Max ?? 0)) : null;

    private static double? Priority(PlantState state) => state.Activity switch
    {
        PlantActivity.HotWater => 20,
        PlantActivity.Heating or PlantActivity.Defrost => 30,
        _ => 10,
    };

    private static PlantMode Allowed(bool heating, bool hotWater) => (heating, hotWater) switch
    {
        (true, true) => PlantMode.Automatic,
        (true, false) => PlantMode.HeatingOnly,
        (false, true) => PlantMode.HotWaterOnly,
        _ => PlantMode.Standby,
    };

    private static long Missing(RegisterType type) => type switch
    {
        RegisterType.Int8 => -128,
        RegisterType.UInt8 => 0xFF,
        RegisterType.Int16 => -32768,
        RegisterType.UInt16 => 0xFFFF,
        RegisterType.Int32 => int.MinValue,
        _ => 0xFFFFFFFF,
    };
}
