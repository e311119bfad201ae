using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Tests.Drivers.Modbus.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Modbus.Driver;

public class ModbusWriteTests
{
    private static readonly string[] Rows =
    [
        "offset 30 int8 access=rw write_class=setting",
        "target 31 int32 scale=0.1 access=rw write_class=setting",
        "mode 33 uint8 access=rw write_class=setting value=code codes=0=off;1=on",
    ];

    [Fact]
    public async Task Write_AnyWidth_GoesOutOnceWithFunction16InTheOrderOfWrites()
    {
        await using var device = new RegisterFake();
        await using var site = DriverSite.Open(device.Port, Rows);

        Assert.Null(await site.WriteAsync("offset", -2));
        Assert.Null(await site.WriteAsync("target", 20.5));

        Assert.Equal(["10001E000102FFFE", "10001F000204000000CD"], device.Writes.Select(Convert.ToHexString));
    }

    [Theory]
    [InlineData(1, FailureCause.Refused, "not active")]
    [InlineData(2, FailureCause.Refused, "does not have this register")]
    [InlineData(3, FailureCause.Refused, "does not allow this value")]
    [InlineData(4, FailureCause.Refused, "failed")]
    [InlineData(5, FailureCause.Busy, "still working")]
    [InlineData(6, FailureCause.Busy, "busy")]
    [InlineData(8, FailureCause.Refused, "memory")]
    [InlineData(10, FailureCause.WrongUnit, "gateway")]
    [InlineData(11, FailureCause.WrongUnit, "gateway")]
    [InlineData(77, FailureCause.Refused, "77")]
    public async Task Write_Refused_SaysWhyInWords(int code, FailureCause cause, string word)
    {
        await using var device = new RegisterFake { RefuseWrites = code };
        await using var site = DriverSite.Open(device.Port, Rows);

        var failure = await site.WriteAsync("offset", 1);

        Assert.Equal(cause, failure?.Cause);
        Assert.Contains(word, failure!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not known whether", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ConnectionThatBreaksUnderIt_IsNeverRepeatedAndSaysThatItMayHaveArrived()
    {
        await using var device = new RegisterFake();
        var requests = 0;
        device.Mood = connection =>
        {
            requests++;
            connection.Reset();
            return Task.FromResult(true);
        };
        await using var site = DriverSite.Open(device.Port, Rows);

        var failure = await site.WriteAsync("offset", 1);

        Assert.Equal(FailureCause.ConnectionLost, failure?.Cause);
        Assert.Contains("It is not known whether the heat pump took the value.", failure!.Message, StringComparison.Ordinal);
        Assert.Equal(1, requests);
    }

    [Fact]
    public async Task Write_DeviceThatIsAway_SaysThatNothingWasSent()
    {
        var device = new RegisterFake();
        var port = device.Port;
        await device.DisposeAsync();
        await using var site = DriverSite.Open(port, Rows);

        var failure = await site.WriteAsync("offset", 1);

        Assert.Equal(FailureCause.PortClosed, failure?.Cause);
        Assert.Contains("Nothing was sent.", failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("offset", 200)]
    [InlineData("offset", double.NaN)]
    [InlineData("mode", 2)]
    public async Task Write_ValueThatCannotBeCoded_IsRefusedBeforeItIsSent(string key, double value)
    {
        await using var device = new RegisterFake();
        await using var site = DriverSite.Open(device.Port, Rows);

        Assert.Equal(FailureCause.Refused, (await site.WriteAsync(key, value))?.Cause);
        Assert.Equal(0, device.Connections);
    }

    [Theory]
    [InlineData("modbus_tcp", "HeatPump.Local", "502", "modbus_tcp://heatpump.local:502")]
    [InlineData("modbus_rtu_over_tcp", "192.168.1.20", "8899", "modbus_rtu_over_tcp://192.168.1.20:8899")]
    [InlineData("modbus_tcp", "[FE80::1]", "502", "modbus_tcp://[fe80::1]:502")]
    [InlineData("modbus_tcp", "fe80::1", "502", "modbus_tcp://[fe80::1]:502")]
    public void EndpointOf_OneDeviceWrittenDifferently_IsOneEndpoint(string kind, string host, string port, string expected)
    {
        var driver = new ModbusDriver(TimeProvider.System, NullLoggerFactory.Instance);
        var connection = new ConnectionConfig(kind, new Settings(new Dictionary<string, string> { ["host"] = host, ["port"] = port, ["unit_id"] = "7" }));

        Assert.Equal((expected, "7"), (driver.EndpointOf(connection).Value, driver.PartOf(connection)));
    }
}
