using HPManager.Core.Manufacturers;
using HPManager.Drivers.Viessmann.Tables;

namespace HPManager.Drivers.Viessmann.Driver;

/// <summary>A model that is read through Viessmann's cloud.</summary>
internal sealed record ViessmannModel : HeatPumpModel
{
    public required FeatureTable Table { get; init; }
}
