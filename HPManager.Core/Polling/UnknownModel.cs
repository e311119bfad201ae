using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Core.Polling;

/// <summary>Stands in for a model whose profile is gone, so that its heat pump is still shown, with the reason.</summary>
internal sealed class UnknownModel : IHeatPumpDriver
{
    private static readonly UnknownModel Driver = new();

    public static HeatPumpModel For(HeatPump heatPump) => new()
    {
        Manufacturer = heatPump.Manufacturer,
        Key = heatPump.Model,
        Name = heatPump.Model,
        Driver = Driver,
        Connections = [],
        WriteRules = new WriteRules(TimeSpan.Zero, TimeSpan.Zero),
        Guide = new SetupGuide([], [], []),
    };

    public SensorSet DescribeSensors(HeatPumpModel model, Settings options) => SensorSet.Empty;

    public EndpointKey EndpointOf(ConnectionConfig connection) => new("unknown");

    public string PartOf(ConnectionConfig connection) => "";

    public IEndpointSession Open(ConnectionConfig connection) =>
        throw new InvalidOperationException("A heat pump of an unknown model is never polled.");
}
