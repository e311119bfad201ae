namespace HPManager.Drivers.Simulation.Luxtronik;

/// <summary>How a simulated Luxtronik controller misbehaves.</summary>
public enum LuxtronikFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Takes requests and never answers.</summary>
    Silence,

    /// <summary>Resets the connection when asked something.</summary>
    Reset,

    /// <summary>Says in the status word of the calculations that a setting is being changed, and no more.</summary>
    Busy,

    /// <summary>Answers a read with another block than the one that was asked for.</summary>
    ForeignBlock,

    /// <summary>Claims 2³¹−1 entries.</summary>
    HostileCount,

    /// <summary>Sends half of the answer and closes.</summary>
    TruncatedAnswer,

    /// <summary>Answers with bytes of another protocol.</summary>
    Garbage,

    /// <summary>Goes on sending behind the last entry, until the client leaves.</summary>
    Endless,

    /// <summary>Takes writes, answers as always, and forgets the value.</summary>
    ForgetsWrites,
}

/// <summary>Faults on demand of one controller; may be changed while it runs. Thread-safe.</summary>
public sealed class LuxtronikFaults : FaultSwitch<LuxtronikFault>;
