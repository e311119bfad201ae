namespace HPManager.Drivers.Simulation.Modbus;

/// <summary>How a simulated server misbehaves.</summary>
public enum ServerFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Takes requests and never answers.</summary>
    Silence,

    /// <summary>Resets the connection when asked something.</summary>
    Reset,

    /// <summary>Answers every request with <see cref="ServerFaults.ExceptionCode"/>.</summary>
    Exception,

    /// <summary>Answers with bytes that are no Modbus.</summary>
    Garbage,

    /// <summary>Sends half of the answer and closes.</summary>
    TruncatedFrame,

    /// <summary>Answers under another transaction id, or on a serial line with a wrong checksum.</summary>
    WrongTransaction,

    /// <summary>Accepts connections, and neither answers nor notices that the client is gone.</summary>
    HalfOpen,
}

/// <summary>Faults on demand of one server; may be changed while it runs. Thread-safe.</summary>
public sealed class ServerFaults : FaultSwitch<ServerFault>
{
    private volatile byte _exceptionCode = 4;

    /// <summary>What <see cref="ServerFault.Exception"/> answers.</summary>
    public byte ExceptionCode
    {
        get => _exceptionCode;
        set => _exceptionCode = value;
    }
}
