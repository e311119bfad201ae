namespace HPManager.Drivers.Simulation;

/// <summary>Faults on demand of one simulated server; may be changed while it runs. Thread-safe.</summary>
/// <typeparam name="TFault">How servers of its protocol misbehave; the default value is that they do not.</typeparam>
public class FaultSwitch<TFault>
    where TFault : struct, Enum
{
    private readonly Lock _gate = new();
    private TFault _fault;
    private TimeSpan _delay;
    private volatile bool _oneClientOnly;

    /// <summary>The fault in force.</summary>
    public TFault Fault
    {
        get
        {
            lock (_gate) return _fault;
        }

        set
        {
            lock (_gate) _fault = value;
        }
    }

    /// <summary>How long every answer is held back.</summary>
    public TimeSpan Delay
    {
        get
        {
            lock (_gate) return _delay;
        }

        set
        {
            lock (_gate) _delay = value;
        }
    }

    /// <summary>Closes every further connection while one is open, as many controllers do.</summary>
    public bool OneClientOnly
    {
        get => _oneClientOnly;
        set => _oneClientOnly = value;
    }
}
