using HPManager.Core.Text;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Web.Components.Devices;

/// <summary>In which byte order a register is read and written.</summary>
/// <param name="Read">When read.</param>
/// <param name="Write">When written.</param>
public readonly record struct RegisterOrders(RegisterOrder Read, RegisterOrder Write)
{
    /// <summary>What holds for a register: its own orders, or those of the device.</summary>
    public static RegisterOrders Of(RegisterForm row, DeviceForm form)
    {
        var device = new RegisterOrders(form.Order, form.WriteOrder ?? form.Order);
        var words = row["order"].Split('/', StringSplitOptions.TrimEntries);
        return SnakeCaseEnum.TryParse<RegisterOrder>(words[0], out var read) && SnakeCaseEnum.TryParse<RegisterOrder>(words[^1], out var write)
            ? new RegisterOrders(read, write)
            : device;
    }

    /// <summary>What the register table holds: empty where it is as the device, one word where both are the same.</summary>
    /// <param name="form">The device.</param>
    /// <param name="isWritable">Whether the register is written at all.</param>
    public string Text(DeviceForm form, bool isWritable)
    {
        var write = isWritable ? Write : Read;
        if (Read == form.Order && (!isWritable || write == (form.WriteOrder ?? form.Order))) return "";
        return Read == write ? SnakeCaseEnum.Key(Read) : $"{SnakeCaseEnum.Key(Read)}/{SnakeCaseEnum.Key(write)}";
    }
}
