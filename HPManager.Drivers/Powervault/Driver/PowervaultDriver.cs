using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Mqtt;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Powervault.Driver;

/// <summary>Listens to Powervault P3 batteries, each through the MQTT broker that is in it. Never publishes.</summary>
/// <param name="brokers">The connections, shared with whoever uses the same broker.</param>
/// <param name="time">The clock.</param>
/// <param name="logs">Told what is found out about a battery.</param>
public sealed class PowervaultDriver(MqttBrokers brokers, TimeProvider time, ILoggerFactory logs) : IHeatPumpDriver
{
    /// <inheritdoc/>
    public SensorSet DescribeSensors(HeatPumpModel model, Settings options) => PowervaultState.SensorsOf(((PowervaultModel)model).Table, []);

    /// <inheritdoc/>
    public EndpointKey EndpointOf(ConnectionConfig connection) =>
        new(MqttConnections.NameOf(PowervaultConnections.Kind, MqttConnections.EndpointOf(connection.Settings)));

    /// <inheritdoc/>
    public string PartOf(ConnectionConfig connection) => connection.Settings[PowervaultConnections.DeviceId] ?? "";

    /// <inheritdoc/>
    public string? ConflictOf(ConnectionConfig one, ConnectionConfig other) =>
        MqttConnections.ConflictOf(MqttConnections.EndpointOf(one.Settings), MqttConnections.EndpointOf(other.Settings));

    /// <inheritdoc/>
    public IEndpointSession Open(ConnectionConfig connection) => new EndpointSession(brokers, MqttConnections.EndpointOf(connection.Settings), time, logs);

    private sealed class EndpointSession(MqttBrokers brokers, MqttEndpoint endpoint, TimeProvider time, ILoggerFactory logs) : IEndpointSession
    {
        private MqttLease? _lease;

        public IDeviceSession Attach(HeatPump heatPump, HeatPumpModel model, IDeviceMemory memory) => new PowervaultDeviceSession(
            () => (_lease ??= brokers.Lease(endpoint)).Client, heatPump, (PowervaultModel)model, memory, time, logs.CreateLogger<PowervaultDriver>());

        public ValueTask DisposeAsync() => _lease?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
