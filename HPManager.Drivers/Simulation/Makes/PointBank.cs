using System.Collections.Concurrent;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Simulation.Modbus;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>A setting that acts on the plant.</summary>
/// <param name="Get">Its value now.</param>
/// <param name="Set">Changes it.</param>
internal sealed record PlantSetting(Func<SimulatedPlant, double> Get, Action<SimulatedPlant, double> Set);

/// <summary>
/// Serves the points of a profile from a simulated heat pump: measured values by sensor key, settings that act on the plant, other settings
/// that are merely kept, and "not fitted" for what the plant does not have. How values become words is each make's own, written apart from the
/// driver's decoder.
/// </summary>
internal abstract class PointBank : IRegisterBank
{
    private readonly Dictionary<int, ModbusPoint> _input = [];
    private readonly Dictionary<int, ModbusPoint> _holding = [];
    private readonly SimulatedHeatPump _pump;
    private readonly IReadOnlyDictionary<string, Func<PlantState, double?>> _measured;
    private readonly IReadOnlyDictionary<string, PlantSetting> _settings;
    private readonly ConcurrentDictionary<SensorKey, double> _kept = new();

    protected PointBank(
        IEnumerable<ModbusPoint> points,
        SimulatedHeatPump pump,
        IReadOnlyDictionary<string, Func<PlantState, double?>> measured,
        IReadOnlyDictionary<string, PlantSetting> settings,
        IReadOnlyDictionary<string, double> initial)
    {
        _pump = pump;
        _measured = measured;
        _settings = settings;
        foreach (var point in points)
        {
            (point.Table == ModbusTable.InputRegister ? _input : _holding)[point.Address] = point;
            if (initial.TryGetValue(point.Sensor.Key.Value, out var value)) _kept[point.Sensor.Key] = value;
        }
    }

    /// <inheritdoc/>
    public byte Read(bool input, ushort address, Span<ushort> words)
    {
        var table = TableFor(input, _input, _holding);
        var state = _pump.State;
        Span<ushort> value = stackalloc ushort[2];
        for (var offset = 0; offset < words.Length;)
        {
            if (!table.TryGetValue(address + offset, out var point) || !point.Sensor.IsReadable) return UnknownAddress;
            if (IsInactive(point)) return InactiveAddress;
            Words(point, ValueOf(point, state), value);
            var count = Math.Min(point.Words, words.Length - offset);
            value[..count].CopyTo(words[offset..]);
            offset += count;
        }

        return 0;
    }

    /// <inheritdoc/>
    public byte Write(ushort address, ReadOnlySpan<ushort> words)
    {
        for (var offset = 0; offset < words.Length;)
        {
            if (!_holding.TryGetValue(address + offset, out var point) || !point.Sensor.IsWritable) return UnknownAddress;
            if (IsInactive(point)) return InactiveAddress;
            if (offset + point.Words > words.Length) return 3;
            if (Value(point, words.Slice(offset, point.Words)) is { } value) Take(point, value);
            offset += point.Words;
        }

        return 0;
    }

    /// <summary>The exception code for an address without a point.</summary>
    protected abstract byte UnknownAddress { get; }

    /// <summary>The exception code for a point that this heat pump does not have.</summary>
    protected abstract byte InactiveAddress { get; }

    /// <summary>Which table a read goes to; some makes serve both functions from one.</summary>
    protected abstract Dictionary<int, ModbusPoint> TableFor(bool input, Dictionary<int, ModbusPoint> inputs, Dictionary<int, ModbusPoint> holdings);

    /// <summary>Whether this heat pump lacks the point.</summary>
    protected abstract bool IsInactive(ModbusPoint point);

    /// <summary>Codes a value, or "not fitted" for null.</summary>
    protected abstract void Words(ModbusPoint point, double? value, Span<ushort> words);

    /// <summary>Decodes a written value; null when the device takes it and drops it.</summary>
    protected abstract double? Value(ModbusPoint point, ReadOnlySpan<ushort> words);

    /// <summary>What a setting is that nobody has written yet; null when it reads as "not fitted".</summary>
    protected abstract double? Untouched(ModbusPoint point);

    private double? ValueOf(ModbusPoint point, PlantState state)
    {
        var key = point.Sensor.Key.Value;
        if (_measured.TryGetValue(key, out var measure)) return measure(state);
        if (_settings.TryGetValue(key, out var setting)) return _pump.With(setting.Get);
        return _kept.TryGetValue(point.Sensor.Key, out var kept) ? kept : Untouched(point);
    }

    private void Take(ModbusPoint point, double value)
    {
        if (_settings.TryGetValue(point.Sensor.Key.Value, out var setting)) _pump.Change(plant => setting.Set(plant, value));
        else _kept[point.Sensor.Key] = value;
    }
}
