using HPManager.Core.Manufacturers;
using HPManager.Drivers.Husdata.Tables;

namespace HPManager.Drivers.Husdata.Driver;

/// <summary>A model that is read through a Husdata gateway.</summary>
internal sealed record HusdataModel : HeatPumpModel
{
    public required HusdataTable Table { get; init; }

    /// <summary>The gateway's two characters for the controller behind it.</summary>
    public required string InterfaceType { get; init; }

    /// <summary>Every controller by the gateway's two characters, for a gateway that is connected to another one.</summary>
    public required IReadOnlyDictionary<string, string> Controllers { get; init; }
}
