namespace HPManager.Drivers.Simulation.Husdata;

/// <summary>What a gateway knows of the heat pump behind it. Thread-safe.</summary>
public interface IGatewayBank
{
    /// <summary>The gateway's two characters for the controller.</summary>
    string InterfaceType { get; }

    /// <summary>Indices and numbers, in the order the gateway sends them.</summary>
    IReadOnlyList<KeyValuePair<string, long>> Read();

    /// <summary>Hands a 16-bit word to the heat pump, which may ignore it.</summary>
    void Write(string index, short word);
}
