using HPManager.Core.Manufacturers;
using HPManager.Drivers.Powervault.Tables;

namespace HPManager.Drivers.Powervault.Driver;

/// <summary>A battery's model with what is known of its messages.</summary>
internal sealed record PowervaultModel : HeatPumpModel
{
    public required PowervaultTable Table { get; init; }
}
