using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Viessmann.Accounts;

namespace HPManager.Drivers.Viessmann.Driver;

/// <summary>Reads heat pumps through Viessmann's cloud; those of one account share its budget.</summary>
public sealed class ViessmannDriver : IHeatPumpDriver
{
    private readonly Lazy<CloudAccounts> _accounts;
    private readonly TimeProvider _time;

    /// <summary>Creates the driver; the accounts are looked for with the first heat pump.</summary>
    internal ViessmannDriver(Lazy<CloudAccounts> accounts, TimeProvider time) => (_accounts, _time) = (accounts, time);

    /// <inheritdoc/>
    public SensorSet DescribeSensors(HeatPumpModel model, Settings options) => InstalledSensors.Promised(((ViessmannModel)model).Table);

    /// <inheritdoc/>
    public EndpointKey EndpointOf(ConnectionConfig connection) => new($"viessmann://{ViessmannConnections.AccountOf(connection)}");

    /// <inheritdoc/>
    public string PartOf(ConnectionConfig connection) => (connection.Settings[ViessmannConnections.Device] ?? "").Trim();

    /// <inheritdoc/>
    public string? ConflictOf(ConnectionConfig one, ConnectionConfig other)
    {
        if (EndpointOf(one) != EndpointOf(other)) return null;
        var calls = ViessmannConnections.CallsPerDayOf(other);
        return calls == ViessmannConnections.CallsPerDayOf(one)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"counts {calls} calls a day for the same account");
    }

    /// <inheritdoc/>
    public TimeSpan ShortestInterval(ConnectionConfig connection) => CallBudget.ShortestInterval(ViessmannConnections.CallsPerDayOf(connection));

    /// <inheritdoc/>
    public IEndpointSession Open(ConnectionConfig connection) => new EndpointSession(_accounts.Value, ViessmannConnections.AccountOf(connection), _time);

    private sealed class EndpointSession(CloudAccounts accounts, string account, TimeProvider time) : IEndpointSession
    {
        public IDeviceSession Attach(HeatPump heatPump, HeatPumpModel model, IDeviceMemory memory) =>
            new ViessmannDeviceSession(accounts.Of(account), heatPump, (ViessmannModel)model, memory, time);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
