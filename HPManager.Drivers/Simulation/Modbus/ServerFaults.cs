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
public sealed class ServerFaults
{
    private volatile ServerFault _fault;
    private volatile bool _oneClientOnly;
    private long _delayTicks;
    private volatile byte _exceptionCode = 4;

    /// <summary>The fault in force.</summary>
    public ServerFault Fault
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary>How long every answer is held back.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>What <see cref="ServerFault.Exception"/> answers.</summary>
    public byte ExceptionCode
    {
        get => _exceptionCode;
        set => _exceptionCode = value;
    }

    /// <summary>Closes every further connection while one is open, as many controllers do.</summary>
    public bool OneClientOnly
    {
        get => _oneClientOnly;
        set => _oneClientOnly = value;
    }
}
