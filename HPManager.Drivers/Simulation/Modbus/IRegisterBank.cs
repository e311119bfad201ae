namespace HPManager.Drivers.Simulation.Modbus;

/// <summary>What a simulated Modbus server serves. Thread-safe.</summary>
public interface IRegisterBank
{
    /// <summary>Reads words of the input registers (function 4) or the holding registers (function 3).</summary>
    /// <returns>0, or the exception code to answer.</returns>
    byte Read(bool input, ushort address, Span<ushort> words);

    /// <summary>Writes words of the holding registers (functions 6 and 16).</summary>
    /// <returns>0, or the exception code to answer.</returns>
    byte Write(ushort address, ReadOnlySpan<ushort> words);
}
