using HPManager.Core.Manufacturers;
using HPManager.Drivers.Luxtronik.Tables;

namespace HPManager.Drivers.Luxtronik.Driver;

/// <summary>A model that the Luxtronik driver reads. Both share the tables; the firmware decides what there is.</summary>
internal sealed record LuxtronikModel : HeatPumpModel
{
    public required LuxtronikTables Tables { get; init; }

    /// <summary>The series of the controller when its firmware does not tell: 2 or 3.</summary>
    public required int Series { get; init; }
}
