using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Tests.Drivers.Modbus.Profiles;

/// <summary>The profiles that come with the program, and their models with every option switched on.</summary>
internal static class ShippedProfiles
{
    private static readonly Lazy<IReadOnlyList<ProfileResult>> Read = new(() => [.. ModbusManufacturerSource.ReadShipped()]);

    public static IReadOnlyList<ProfileResult> Results => Read.Value;

    public static IEnumerable<ModbusModel> Models => Results.SelectMany(result =>
        result.Profile?.CreateModels(new SilentDriver()) ?? throw new InvalidOperationException(string.Join('\n', result.Errors)));

    public static ModbusModel Model(string manufacturer, string key) =>
        Models.Single(model => model.Manufacturer == manufacturer && model.Key == key);

    /// <summary>All points a model can have.</summary>
    public static IReadOnlyList<ModbusPoint> AllPoints(this ModbusModel model) => model.Profile.Points(model.Key, Everything(model));

    public static ModbusPoint Point(string manufacturer, string model, string sensor) =>
        Model(manufacturer, model).AllPoints().Single(point => point.Sensor.Key.Value == sensor);

    public static Settings Everything(ModbusModel model) => new(model.Options.Select(option => KeyValuePair.Create(option.Key, option.Kind switch
    {
        ParameterKind.Choices => string.Join(',', option.Choices.Select(choice => choice.Key)),
        ParameterKind.Integer => $"{option.Max}",
        ParameterKind.Flag => "true",
        _ => option.Default ?? "",
    })));

    /// <summary>Stands in for a driver where none is spoken through.</summary>
    internal sealed class SilentDriver : IHeatPumpDriver
    {
        public SensorSet DescribeSensors(HeatPumpModel model, Settings options) => ((ModbusModel)model).Profile.Sensors(model.Key, options);

        public EndpointKey EndpointOf(ConnectionConfig connection) => new("silent");

        public string PartOf(ConnectionConfig connection) => "";

        public IEndpointSession Open(ConnectionConfig connection) => throw new NotSupportedException("nothing is opened in these tests");
    }
}
