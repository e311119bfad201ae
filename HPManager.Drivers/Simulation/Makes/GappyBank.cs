using HPManager.Drivers.Simulation.Modbus;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>A register of one word that acts on the plant.</summary>
/// <param name="Get">What it reads.</param>
/// <param name="Set">What a written word does.</param>
internal sealed record WordSetting(Func<SimulatedPlant, short> Get, Action<SimulatedPlant, short> Set);

/// <summary>
/// A controller whose registers take one word each and whose numbering has gaps: inside a request a gap reads as a filler word, a request of nothing but
/// gaps is refused. Addresses and codes are written down here once more, apart from the profiles.
/// </summary>
/// <param name="pump">What lives behind it.</param>
/// <param name="filler">What gaps and missing sensors read as.</param>
/// <param name="input">Input registers: the raw value, or null for a sensor that is not fitted.</param>
/// <param name="settings">Holding registers that act on the plant.</param>
/// <param name="kept">Holding registers that are merely kept, with what they hold at first.</param>
internal abstract class GappyBank(
    SimulatedHeatPump pump,
    ushort filler,
    IReadOnlyDictionary<int, Func<PlantState, double?>> input,
    IReadOnlyDictionary<int, WordSetting> settings,
    IReadOnlyDictionary<int, short> kept) : IRegisterBank
{
    private const byte IllegalAddress = 2;
    private readonly Dictionary<int, short> _kept = new(kept);
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public byte Read(bool isInput, ushort address, Span<ushort> words)
    {
        var isAnyKnown = false;
        var state = pump.State;
        for (var index = 0; index < words.Length; index++)
        {
            if (IsRefused(isInput, address + index)) return IllegalAddress;
            var word = isInput ? InputWord(address + index, state, ref isAnyKnown) : HoldingWord(address + index, ref isAnyKnown);
            words[index] = word ?? filler;
        }

        return isAnyKnown ? (byte)0 : IllegalAddress;
    }

    /// <inheritdoc/>
    public byte Write(ushort address, ReadOnlySpan<ushort> words)
    {
        if (words.Length != 1) return IllegalAddress;
        var value = Admitted(address, (short)words[0]);
        if (settings.TryGetValue(address, out var setting))
        {
            if (value is { } changed) pump.Change(plant => setting.Set(plant, changed));
            return 0;
        }

        lock (_gate)
        {
            if (!_kept.ContainsKey(address)) return IllegalAddress;
            if (value is not { } changed) return 0;
            _kept[address] = changed;
        }

        pump.Change(Written);
        return 0;
    }

    /// <summary>Whether the device lacks a whole range and refuses every request that touches it.</summary>
    protected virtual bool IsRefused(bool isInput, int address) => false;

    /// <summary>What the device makes of a written value; null when it takes it and ignores it.</summary>
    protected virtual short? Admitted(int address, short value) => value;

    /// <summary>What a kept register does to the plant after it has been written.</summary>
    protected virtual void Written(SimulatedPlant plant)
    {
    }

    /// <summary>An input register that follows from settings; null for none. Asked before the measured ones.</summary>
    protected virtual int? Answer(int address) => null;

    /// <summary>A holding register that is merely kept.</summary>
    protected short Kept(int address)
    {
        lock (_gate) return _kept[address];
    }

    private ushort? InputWord(int address, PlantState state, ref bool isKnown)
    {
        if (Answer(address) is { } answer)
        {
            isKnown = true;
            return unchecked((ushort)answer);
        }

        if (!input.TryGetValue(address, out var read)) return null;
        isKnown = true;
        return read(state) is { } raw ? unchecked((ushort)(long)Math.Round(raw)) : null;
    }

    private ushort? HoldingWord(int address, ref bool isKnown)
    {
        if (settings.TryGetValue(address, out var setting))
        {
            isKnown = true;
            return unchecked((ushort)pump.With(setting.Get));
        }

        lock (_gate)
        {
            if (!_kept.TryGetValue(address, out var word)) return null;
            isKnown = true;
            return unchecked((ushort)word);
        }
    }
}
