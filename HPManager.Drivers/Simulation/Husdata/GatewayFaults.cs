namespace HPManager.Drivers.Simulation.Husdata;

/// <summary>How a simulated gateway misbehaves.</summary>
public enum GatewayFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Takes requests and never answers.</summary>
    Silence,

    /// <summary>Resets the connection when asked something.</summary>
    Reset,

    /// <summary>Has its API switched off.</summary>
    ApiOff,

    /// <summary>Lets nobody write.</summary>
    ReadOnly,

    /// <summary>Has lost the heat pump, and has no value.</summary>
    NoData,

    /// <summary>Has been restarted, and has only zeros.</summary>
    OnlyZeros,

    /// <summary>Answers with a web page.</summary>
    WebPage,

    /// <summary>Sends half of the answer and closes.</summary>
    TruncatedAnswer,

    /// <summary>Goes on sending until the client leaves.</summary>
    Endless,

    /// <summary>Says Ok to writes, and forgets them.</summary>
    ForgetsWrites,
}

/// <summary>Faults on demand of one gateway; may be changed while it runs. Thread-safe.</summary>
public sealed class GatewayFaults : FaultSwitch<GatewayFault>;
