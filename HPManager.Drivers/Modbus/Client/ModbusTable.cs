namespace HPManager.Drivers.Modbus.Client;

/// <summary>The four address spaces of Modbus; the same number in two of them is two different things.</summary>
public enum ModbusTable
{
    /// <summary>Bits, read (function 1) and written (5, 15).</summary>
    Coil,

    /// <summary>Bits, read only (function 2).</summary>
    DiscreteInput,

    /// <summary>Words, read only (function 4).</summary>
    InputRegister,

    /// <summary>Words, read (function 3) and written (6, 16).</summary>
    HoldingRegister,
}
