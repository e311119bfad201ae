using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Tests.Drivers.Modbus.Client;
using HPManager.Tests.Drivers.Modbus.Driver;

namespace HPManager.Tests.Drivers.Modbus.Profiles.Vectors;

/// <summary>
/// The worked vectors of a protocol page, line by line, through the shipped profile of the make. What a line comes to is written as a person reads it:
/// <c>6.7 °C</c>, <c>1 = automatic</c>, <c>none: not fitted</c>.
/// </summary>
internal static class PageVectors
{
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What the words of a sensor come to.</summary>
    public static string Decode(string manufacturer, string model, string sensor, string words)
    {
        var point = Point(manufacturer, model, sensor);
        var registers = Words(words);
        Assert.Equal(point.Words, registers.Length);
        return Text(RegisterDecoder.Decode(point, registers, At), point);
    }

    /// <summary>Where the profile has a sensor: <c>input 1</c>.</summary>
    public static string Place(string manufacturer, string model, string sensor)
    {
        var point = Point(manufacturer, model, sensor);
        return $"{(point.Table == ModbusTable.InputRegister ? "input" : "holding")} {point.Address}";
    }

    /// <summary>The words that a value becomes, in the order of the wire.</summary>
    public static string Encode(string manufacturer, string model, string sensor, double value)
    {
        var point = Point(manufacturer, model, sensor);
        var registers = new ushort[point.Words];
        Assert.True(RegisterEncoder.TryEncode(point, value, registers, out var error), error);
        return string.Join(' ', registers.Select(register => register.ToString("X4", CultureInfo.InvariantCulture)));
    }

    /// <summary>Reads one sensor through driver and profile: the bytes asked for are those of the page, and its answer means what it says.</summary>
    public static async Task ReadAsync(string manufacturer, string model, string sensor, string request, string answer, string expected, Settings? options = null)
    {
        await using var server = Answering(answer);
        await using var site = DriverSite.Open(server.Port, ShippedProfiles.Model(manufacturer, model), options ?? Settings.Empty, 1);

        var result = await site.Device.ReadAsync(SensorKey.Parse(sensor), At, default);

        AssertSent(request, server);
        Assert.Equal(expected, result.Failure is { } failure ? $"failed: {failure.Cause}" : Text(result.Reading, Point(manufacturer, model, sensor)));
    }

    /// <summary>Writes one sensor through driver and profile; the device answers as the page says.</summary>
    public static Task WriteAsync(string manufacturer, string model, string sensor, double value, string request, string answer) =>
        WriteAsync(manufacturer, model, sensor, value, [request], [answer]);

    /// <summary>Writes one sensor that takes several frames.</summary>
    public static async Task WriteAsync(string manufacturer, string model, string sensor, double value, string[] requests, string[] answers)
    {
        await using var server = Answering(answers);
        await using var site = DriverSite.Open(server.Port, ShippedProfiles.Model(manufacturer, model), Settings.Empty, 1);

        Assert.Null(await site.WriteAsync(sensor, value));

        AssertSent(requests, server);
    }

    /// <summary>A block as the page reads it.</summary>
    public static async Task BlockAsync(ModbusTable table, ushort start, int count, string request)
    {
        await using var server = FakeModbusServer.Tcp((connection, asked) => connection.SendAsync(ModbusFrames.AnswerTcp(asked, new ushort[count])));
        await using var client = ModbusClients.Tcp(server.Port);

        Assert.True((await client.ReadRegistersAsync(1, table, start, new ushort[count], default)).IsSuccess);

        AssertSent(request, server);
    }

    private static ModbusPoint Point(string manufacturer, string model, string sensor) => ShippedProfiles.Point(manufacturer, model, sensor);

    // The transaction number is the client's own; everything behind it is the page's.
    private static void AssertSent(string request, FakeModbusServer server) => AssertSent([request], server);

    private static void AssertSent(string[] requests, FakeModbusServer server) => Assert.Equal(
        requests.Select(request => Convert.ToHexString(ModbusFrames.Hex(request)[2..])), server.Requests.Select(request => Convert.ToHexString(request[2..])));

    private static FakeModbusServer Answering(params string[] answers)
    {
        var left = new Queue<string>(answers);
        return FakeModbusServer.Tcp((connection, request) =>
        {
            var bytes = ModbusFrames.Hex(left.Dequeue());
            (bytes[0], bytes[1]) = (request[0], request[1]);
            return connection.SendAsync(bytes);
        });
    }

    private static string Text(Reading reading, ModbusPoint point)
    {
        if (!reading.IsGood) return $"{(reading.Quality == Quality.Missing ? "none" : reading.Quality)}: {reading.Reason}";
        if (reading.Value is not { } value) return reading.Text ?? "";
        var number = value.ToString(CultureInfo.InvariantCulture);
        return reading.Text is { } text ? $"{number} = {text}" : $"{number} {point.Sensor.Unit.Symbol}".TrimEnd();
    }

    private static ushort[] Words(string hex) => [.. hex.Split(' ').Select(word => ushort.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
