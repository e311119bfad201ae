using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Drivers.Modbus.Profiles.Owner;

/// <summary>A few neighbouring registers made ready to be read once, whatever is known about them. Immutable.</summary>
public sealed class RegisterWindow
{
    /// <summary>Registers of the widest number.</summary>
    public const int Width = 4;

    private readonly string _table;
    private readonly int _address;
    private readonly int _count;

    private RegisterWindow(ModbusModel model, string table, int address, int count)
    {
        Model = model;
        (_table, _address, _count) = (table, address, count);
    }

    /// <summary>What to poll.</summary>
    public ModbusModel Model { get; }

    /// <summary>The registers from an address on; null when they are none.</summary>
    /// <param name="table">Word of the Modbus table.</param>
    /// <param name="address">First address on the wire.</param>
    /// <param name="driver">The driver that reads them.</param>
    public static RegisterWindow? At(string table, int address, IHeatPumpDriver driver)
    {
        if (table is not (ProfileWords.Holding or ProfileWords.Input) || address is < 0 or > ushort.MaxValue) return null;
        var count = Math.Min(Width, ushort.MaxValue + 1 - address);
        var draft = new ProfileDraft
        {
            Manufacturer = "own",
            ManufacturerName = "Own",
            Model = "device",
            ModelName = "this device",
            Rows = [.. Enumerable.Range(address, count).Select(at => WordRows.Of(table, at))],
        };
        return OwnerProfiles.Model(draft.Name, draft.ToFiles(), driver) is { } model ? new RegisterWindow(model, table, address, count) : null;
    }

    /// <summary>The words; null for one that could not be read.</summary>
    public IReadOnlyList<ushort?> Words(Snapshot snapshot) => WordRows.Read(snapshot, _table, _address, _count);
}
