namespace HPManager.Drivers.Simulation.Modbus;

/// <summary>A bank with coils and discrete inputs beside its registers. Thread-safe.</summary>
public interface IBitBank : IRegisterBank
{
    /// <summary>Reads coils (function 1) or discrete inputs (function 2).</summary>
    /// <returns>0, or the exception code to answer.</returns>
    byte ReadBits(bool discrete, ushort address, Span<bool> bits);

    /// <summary>Writes one coil (function 5).</summary>
    /// <returns>0, or the exception code to answer.</returns>
    byte WriteBit(ushort address, bool isOn);
}
