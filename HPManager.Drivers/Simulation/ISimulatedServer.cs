namespace HPManager.Drivers.Simulation;

/// <summary>A real socket on 127.0.0.1 behind which a simulated heat pump is found, whatever protocol it speaks. Thread-safe.</summary>
public interface ISimulatedServer : IAsyncDisposable
{
    /// <summary>Where it listens.</summary>
    int Port { get; }
}
