using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>Reads the columns that say how a value is coded in its registers: <c>length</c>, <c>bits</c>, <c>order</c>, <c>plus</c>.</summary>
internal static class RegisterCodingReader
{
    private const int FarthestAddend = 16;

    public static RegisterType ReadType(RegisterFields fields, ModbusTable table)
    {
        var type = ProfileWords.TryParseType(fields.Required("type", 20), out var known)
            ? known
            : throw fields.Error("type", $"must be one of {string.Join(", ", ProfileWords.TypeKeys)}.");
        return table.IsOfRegisters() || type == RegisterType.Bool ? type : throw fields.Error("type", $"a {fields["table"]} is always bool.");
    }

    public static int ReadLength(RegisterFields fields, RegisterType type)
    {
        var length = fields.OptionalInteger("length", 1, RegisterDecoder.MaxWords);
        if (length is null == (type != RegisterType.Text)) return length ?? 1;
        throw fields.Error("length", "must be given for type text, and only there.");
    }

    public static BitField? ReadBits(RegisterFields fields, RegisterType type, SensorAccess access)
    {
        if (fields["bits"] is not { } text) return null;
        if (!type.HasBits()) throw fields.Error("bits", "are only in bool, uint8, uint16 and uint32.");
        if (access != SensorAccess.Read) throw fields.Error("bits", "cannot be written: the others in the same register would be lost.");
        var ends = text.Split("..");
        var most = (type == RegisterType.Bool ? 1 : type.WordsOf()) * 16;
        return ends.Length <= 2 && TryBit(ends[0], out var first) && TryBit(ends[^1], out var last) && first <= last && last < most
            ? new BitField(first, last - first + 1)
            : throw fields.Error("bits", $"'{text}' must be a bit or first..last, from 0 (least significant) to {most - 1}.");
    }

    public static (RegisterOrder? Read, RegisterOrder? Write) ReadOrders(RegisterFields fields)
    {
        if (fields["order"] is not { } text) return (null, null);
        var orders = text.Split('/', StringSplitOptions.TrimEntries);
        return orders.Length <= 2 && ProfileWords.TryParseOrder(orders[0], out var read) && ProfileWords.TryParseOrder(orders[^1], out var write)
            ? (read, write)
            : throw fields.Error("order", $"'{text}' must be one of {string.Join(", ", ProfileWords.OrderKeys)}, or two as read/write.");
    }

    public static IReadOnlyList<Addend> ReadPlus(RegisterFields fields, RegisterType type, SensorAccess access, int address)
    {
        if (fields["plus"] is null) return [];
        if (access != SensorAccess.Read) throw fields.Error("plus", "cannot be written.");
        if (type.IsText() || fields["bits"] is not null || !ProfileWords.Table(fields["table"])!.Value.IsOfRegisters())
            throw fields.Error("plus", "adds whole registers of numbers.");
        var addends = fields.Pairs("plus").Select(pair => ReadAddend(fields, type, address, pair)).OrderBy(addend => addend.Offset).ToList();
        return addends.DistinctBy(addend => addend.Offset).Count() == addends.Count ? addends : throw fields.Error("plus", "an address is there twice.");
    }

    private static Addend ReadAddend(RegisterFields fields, RegisterType type, int address, (string Left, string Right) pair)
    {
        var isNumber = int.TryParse(pair.Left, NumberStyles.None, CultureInfo.InvariantCulture, out var at);
        return isNumber && at - address >= type.WordsOf() && at - address <= FarthestAddend
            ? new Addend(at - address, fields.ParseNumber("plus", pair.Right))
            : throw fields.Error(
                "plus", $"'{pair.Left}' must be an address behind the row's own, at most {FarthestAddend} registers away: put the lowest into address.");
    }

    private static bool TryBit(string text, out int bit) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bit);
}
