using HPManager.Drivers.Modbus.Profiles.Owner;

namespace HPManager.Tests.Drivers.Modbus.Profiles.Owner;

/// <summary>The three ways in which manuals count, as the Modbus specification and the vendors' tables give them.</summary>
public class AddressCountingTests
{
    [Theory]
    [InlineData(AddressCounting.Wire, "holding", "0", "holding", 0)]
    [InlineData(AddressCounting.Wire, "input", "40001", "input", 40001)]
    [InlineData(AddressCounting.FromOne, "holding", "1", "holding", 0)]
    [InlineData(AddressCounting.FromOne, "coil", "65536", "coil", 65535)]
    [InlineData(AddressCounting.Manual, "holding", "40001", "holding", 0)]
    [InlineData(AddressCounting.Manual, "holding", "49999", "holding", 9998)]
    [InlineData(AddressCounting.Manual, "holding", "410000", "holding", 9999)]
    [InlineData(AddressCounting.Manual, "holding", "465536", "holding", 65535)]
    [InlineData(AddressCounting.Manual, "holding", "30005", "input", 4)]
    [InlineData(AddressCounting.Manual, "input", "10012", "discrete", 11)]
    [InlineData(AddressCounting.Manual, "coil", "1", "coil", 0)]
    public void TryRead_AnAddress_IsTheOneOnTheWireAndSaysTheTable(AddressCounting counting, string table, string text, string expectedTable, int expected)
    {
        Assert.True(counting.TryRead(ref table, text, out var wire, out var error));

        Assert.Equal((expectedTable, expected, null), (table, wire, error));
        Assert.Equal(text, counting.Write(table, wire));
    }

    [Theory]
    [InlineData(AddressCounting.Wire, "holding", "-1", "Must be a whole number from 0 to 65535, not '-1'.")]
    [InlineData(AddressCounting.Wire, "holding", "65536", "Must be a whole number from 0 to 65535, not '65536'.")]
    [InlineData(AddressCounting.FromOne, "holding", "0", "Must be a whole number from 1 to 65536, not '0'.")]
    [InlineData(AddressCounting.Manual, "holding", "5", "Must be 40001 to 49999 or 400001 to 465536 for holding registers, not '5'.")]
    [InlineData(AddressCounting.Manual, "holding", "40000", "Must be 40001 to 49999 or 400001 to 465536 for holding registers, not '40000'.")]
    [InlineData(AddressCounting.Manual, "coil", "0", "Must be 1 to 65536 for a coil, not '0'.")]
    [InlineData(AddressCounting.Manual, "input", "4x", "Must be 30001 to 39999 or 300001 to 365536 for input registers, not '4x'.")]
    public void TryRead_NoAddress_SaysWhatIsAllowedAndKeepsTheTable(AddressCounting counting, string table, string text, string message)
    {
        var before = table;

        Assert.False(counting.TryRead(ref table, text, out _, out var error));

        Assert.Equal((before, message), (table, error));
    }
}
