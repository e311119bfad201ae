namespace HPManager.Drivers.Modbus.Client;

/// <summary>
/// Why a device refuses a request, by the number in its exception answer (Modbus Application Protocol V1.1b3, section 7).
/// A number that is not listed is kept as it came.
/// </summary>
public enum ModbusException : byte
{
    /// <summary>No refusal.</summary>
    None = 0,

    /// <summary>1: the function is unknown, or (NIBE) the register is inactive on this device.</summary>
    IllegalFunction = 1,

    /// <summary>2: an address of the request does not exist.</summary>
    IllegalDataAddress = 2,

    /// <summary>3: a value or count is not allowed.</summary>
    IllegalDataValue = 3,

    /// <summary>4: the device failed while it carried out the request.</summary>
    ServerDeviceFailure = 4,

    /// <summary>5: accepted, but will take long. Temporary.</summary>
    Acknowledge = 5,

    /// <summary>6: busy with something long. Temporary.</summary>
    ServerDeviceBusy = 6,

    /// <summary>8: the device's memory failed its parity check.</summary>
    MemoryParityError = 8,

    /// <summary>10: a gateway has no way to the device. Temporary.</summary>
    GatewayPathUnavailable = 10,

    /// <summary>11: a gateway asked the device and got no answer. Temporary.</summary>
    GatewayTargetFailedToRespond = 11,
}
