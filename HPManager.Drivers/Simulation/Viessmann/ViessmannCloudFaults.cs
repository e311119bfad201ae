namespace HPManager.Drivers.Simulation.Viessmann;

/// <summary>How a simulated cloud misbehaves.</summary>
public enum ViessmannCloudFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The gateway is offline.</summary>
    GatewayOffline,

    /// <summary>The heat pump does not answer its gateway.</summary>
    DeviceOffline,

    /// <summary>A proxy answers with a page.</summary>
    Down,

    /// <summary>The plan does not include it.</summary>
    NotPaid,

    /// <summary>The day's calls are spent.</summary>
    LimitReached,

    /// <summary>The sign-in has been taken back.</summary>
    SignedOut,
}

/// <summary>Faults on demand of one cloud; may be changed while it runs. Thread-safe.</summary>
public sealed class ViessmannCloudFaults : FaultSwitch<ViessmannCloudFault>;
