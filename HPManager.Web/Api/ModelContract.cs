using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Web.Api;

/// <summary>A manufacturer and the models of it that can be configured.</summary>
/// <param name="Key">Lower snake case, such as idm.</param>
/// <param name="Name">What a person reads.</param>
/// <param name="Models">At least one.</param>
public sealed record ManufacturerContract(string Key, string Name, IReadOnlyList<ModelSummary> Models)
{
    internal static ManufacturerContract Of(Manufacturer manufacturer) => new(
        manufacturer.Key,
        manufacturer.Name,
        [.. manufacturer.Models.Select(model => new ModelSummary(model.Key, model.Name, model.Description))]);
}

/// <summary>A model in the list of its manufacturer.</summary>
/// <param name="Key">Lower snake case, such as navigator_2_0.</param>
/// <param name="Name">What a person reads.</param>
/// <param name="Description">Which heat pumps have it.</param>
public sealed record ModelSummary(string Key, string Name, string Description);

/// <summary>All that is needed to configure a model.</summary>
/// <param name="Manufacturer">Key of the manufacturer.</param>
/// <param name="Key">Key of the model.</param>
/// <param name="Name">What a person reads.</param>
/// <param name="Description">Which heat pumps have it.</param>
/// <param name="DefaultInterval">Suggested seconds between two polls.</param>
/// <param name="Connections">Ways to connect, the usual one first, each with its parameters.</param>
/// <param name="Options">Device options.</param>
/// <param name="Guide">How to enable access on the controller.</param>
/// <param name="Capabilities">What a heat pump with the options of the request can tell or be told.</param>
/// <param name="Dashboard">What an owner sees first.</param>
/// <param name="Sensors">The sensors of a heat pump with the options of the request.</param>
public sealed record ModelContract(
    string Manufacturer,
    string Key,
    string Name,
    string Description,
    int DefaultInterval,
    IReadOnlyList<ConnectionKind> Connections,
    IReadOnlyList<ParameterDefinition> Options,
    SetupGuide Guide,
    HeatPumpCapabilities Capabilities,
    IReadOnlyList<DashboardTile> Dashboard,
    IReadOnlyList<SensorDefinition> Sensors)
{
    internal static ModelContract Of(HeatPumpModel model, Settings options)
    {
        var sensors = model.Sensors(options);
        return new ModelContract(
            model.Manufacturer,
            model.Key,
            model.Name,
            model.Description,
            (int)model.DefaultInterval.TotalSeconds,
            model.Connections,
            model.Options,
            model.Guide,
            HeatPumpCapabilities.Of(sensors),
            model.Dashboard,
            sensors.All);
    }
}
