using System.Net.Sockets;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Drivers.Powervault.Driver;
using HPManager.Drivers.Simulation.Makes;
using HPManager.Drivers.Simulation.Mqtt;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Powervault;

/// <summary>A Powervault P3: the broker that is in it, and what it tells every two seconds. Thread-safe.</summary>
public sealed class SimulatedPowervault : ISimulatedServer
{
    /// <summary>What the battery calls itself.</summary>
    public const string DeviceId = "PV001001DEV";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly SimulatedBroker _broker;
    private readonly SimulatedBattery _battery;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private long _round;

    private SimulatedPowervault(SimulatedBattery battery, TimeProvider time, int port)
    {
        _broker = SimulatedBroker.Start(port);
        _battery = battery;
        _timer = time.CreateTimer(_ => Tell(), null, TimeSpan.Zero, Every);
    }

    /// <inheritdoc/>
    public int Port => _broker.Port;

    /// <summary>Connections open now.</summary>
    public int ClientCount => _broker.ClientCount;

    /// <summary>Makes the battery say nothing, as one whose controller hangs; its broker goes on.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Starts a battery.</summary>
    /// <param name="battery">What lives behind it.</param>
    /// <param name="time">Clock of the messages.</param>
    /// <param name="port">Port on 127.0.0.1; 0 for a free one.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static SimulatedPowervault Start(SimulatedBattery battery, TimeProvider time, int port = 0) => new(battery, time, port);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private void Tell()
    {
        if (IsSilent) return;
        lock (_gate)
        {
            foreach (var (topic, payload) in PowervaultMessages.Of(_battery.State, _round++)) _broker.Publish($"pv/PV3/{DeviceId}/{topic}", payload);
        }
    }
}
