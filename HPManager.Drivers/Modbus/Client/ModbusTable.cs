namespace HPManager.Drivers.Modbus.Client;

/// <summary>The four address spaces of a Modbus device. The same number means something else in each.</summary>
public enum ModbusTable
{
    /// <summary>One bit, read (function 1) and written (5, 15).</summary>
    Coil,

    /// <summary>One bit, read only (function 2).</summary>
    DiscreteInput,

    /// <summary>16 bits, read only (function 4).</summary>
    InputRegister,

    /// <summary>16 bits, read (function 3) and written (6, 16).</summary>
    HoldingRegister,
}

/// <summary>What holds for the tables.</summary>
public static class ModbusTables
{
    /// <summary>Whether it holds registers, not single bits.</summary>
    public static bool IsOfRegisters(this ModbusTable table) => table is ModbusTable.InputRegister or ModbusTable.HoldingRegister;

    /// <summary>Whether it can be written.</summary>
    public static bool IsWritable(this ModbusTable table) => table is ModbusTable.HoldingRegister or ModbusTable.Coil;
}
