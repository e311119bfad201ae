using HPManager.Core.Manufacturers;
using HPManager.Drivers.Ebusd.Tables;

namespace HPManager.Drivers.Ebusd.Driver;

/// <summary>The model that the ebusd driver reads: what a plant has is found out at its ebusd.</summary>
internal sealed record EbusdModel : HeatPumpModel
{
    public required EbusdTables Tables { get; init; }

    /// <summary>Everything that a plant may have.</summary>
    public required SensorCatalogue Catalogue { get; init; }
}
