namespace HPManager.Drivers.Simulation.Ebusd;

/// <summary>How a simulated ebusd misbehaves.</summary>
public enum EbusdFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Takes commands and never answers.</summary>
    Silence,

    /// <summary>Resets the connection when asked something.</summary>
    Reset,

    /// <summary>Has lost the bus: it still knows what it knew, and says so.</summary>
    NoSignal,

    /// <summary>Was just started: it looks for what is on the bus, and has no definitions yet.</summary>
    Scanning,

    /// <summary>Every read of the bus runs into its timeout.</summary>
    BusTimeout,

    /// <summary>Takes writes, says that it is done, and nothing happens.</summary>
    ForgetsWrites,

    /// <summary>Sends half of the answer and closes.</summary>
    TruncatedAnswer,

    /// <summary>Answers with bytes of another protocol.</summary>
    Garbage,

    /// <summary>Sends lines without an end, until the client leaves.</summary>
    Endless,
}

/// <summary>Faults on demand of one ebusd; may be changed while it runs. Thread-safe.</summary>
public sealed class EbusdFaults : FaultSwitch<EbusdFault>;
