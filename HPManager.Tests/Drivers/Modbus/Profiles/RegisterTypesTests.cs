using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Tests.Drivers.Modbus.Profiles;

/// <summary>Every type in every byte order against bytes written down by hand.</summary>
public class RegisterTypesTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    // 0x0102030405060708 and friends: each byte tells its own place.
    [Theory]
    [InlineData(RegisterType.UInt16, RegisterOrder.Abcd, "0102", 0x0102)]
    [InlineData(RegisterType.UInt16, RegisterOrder.Badc, "0201", 0x0102)]
    [InlineData(RegisterType.UInt16, RegisterOrder.Cdab, "0102", 0x0102)]
    [InlineData(RegisterType.UInt16, RegisterOrder.Dcba, "0201", 0x0102)]
    [InlineData(RegisterType.UInt32, RegisterOrder.Abcd, "0102 0304", 0x01020304)]
    [InlineData(RegisterType.UInt32, RegisterOrder.Cdab, "0304 0102", 0x01020304)]
    [InlineData(RegisterType.UInt32, RegisterOrder.Badc, "0201 0403", 0x01020304)]
    [InlineData(RegisterType.UInt32, RegisterOrder.Dcba, "0403 0201", 0x01020304)]
    [InlineData(RegisterType.Int32, RegisterOrder.Abcd, "FFFF FFFE", -2)]
    [InlineData(RegisterType.Int32, RegisterOrder.Dcba, "FEFF FFFF", -2)]
    [InlineData(RegisterType.Float32, RegisterOrder.Abcd, "41BC CCCD", 23.6)]
    [InlineData(RegisterType.Float32, RegisterOrder.Cdab, "CCCD 41BC", 23.6)]
    [InlineData(RegisterType.Float32, RegisterOrder.Badc, "BC41 CDCC", 23.6)]
    [InlineData(RegisterType.Float32, RegisterOrder.Dcba, "CDCC BC41", 23.6)]
    [InlineData(RegisterType.UInt64, RegisterOrder.Abcd, "0000 0102 0304 0506", 1108152157446)]
    [InlineData(RegisterType.UInt64, RegisterOrder.Cdab, "0506 0304 0102 0000", 1108152157446)]
    [InlineData(RegisterType.UInt64, RegisterOrder.Badc, "0000 0201 0403 0605", 1108152157446)]
    [InlineData(RegisterType.UInt64, RegisterOrder.Dcba, "0605 0403 0201 0000", 1108152157446)]
    [InlineData(RegisterType.Int64, RegisterOrder.Abcd, "FFFF FFFF FFFF FF38", -200)]
    [InlineData(RegisterType.Int64, RegisterOrder.Cdab, "FF38 FFFF FFFF FFFF", -200)]
    [InlineData(RegisterType.Float64, RegisterOrder.Abcd, "4037 999A 0000 0000", 23.600006103515625)]
    [InlineData(RegisterType.Float64, RegisterOrder.Dcba, "0000 0000 9A99 3740", 23.600006103515625)]
    [InlineData(RegisterType.Int8, RegisterOrder.Abcd, "00FE", -2)]
    [InlineData(RegisterType.Int8, RegisterOrder.Badc, "FE00", -2)]
    [InlineData(RegisterType.UInt8, RegisterOrder.Abcd, "12FE", 254)]
    public void DecodeAndEncode_EveryTypeInEveryOrder_AreTheBytesWrittenDown(RegisterType type, RegisterOrder order, string words, double value)
    {
        var point = Point(type) with { ReadOrder = order, WriteOrder = order };

        var reading = RegisterDecoder.Decode(point, Words(words), At);

        Assert.Equal(new Reading(value, null, Quality.Good, At), reading);
        if (type is RegisterType.UInt8 or RegisterType.Int8) return;
        var written = new ushort[point.Words];
        Assert.True(RegisterEncoder.TryEncode(point, value, written, out var error), error);
        Assert.Equal(Words(words), written);
    }

    [Fact]
    public void Decode_ScaleAndOffset_AreRawTimesScalePlusOffset()
    {
        var point = Point(RegisterType.UInt16) with { Scale = 0.1, Offset = -40 };

        Assert.Equal(-17.7, RegisterDecoder.Decode(point, [223], At).Value);
        var words = new ushort[1];
        Assert.True(RegisterEncoder.TryEncode(point, -17.7, words, out _));
        Assert.Equal([223], words);
    }

    [Theory]
    [InlineData(0, 1, 0x0051, 1)]
    [InlineData(4, 1, 0x0051, 1)]
    [InlineData(5, 1, 0x0051, 0)]
    [InlineData(15, 1, 0x8001, 1)]
    [InlineData(4, 4, 0x0A51, 5)]
    [InlineData(8, 8, 0x0A51, 10)]
    public void Decode_Bits_AreThoseAlone(int shift, int count, ushort word, double value) =>
        Assert.Equal(value, RegisterDecoder.Decode(Point(RegisterType.UInt16) with { Bits = new BitField(shift, count) }, [word], At).Value);

    [Fact]
    public void Decode_BitsOfAMissingWord_AreMissing()
    {
        var point = Point(RegisterType.UInt16) with { Bits = new BitField(3, 1), Sentinels = [new Sentinel(0x8000, "not available")] };

        Assert.Equal(Quality.Missing, RegisterDecoder.Decode(point, [0x8000], At).Quality);
        Assert.Equal(1, RegisterDecoder.Decode(point, [0x8008], At).Value);
    }

    [Fact]
    public void Decode_Sum_AddsTheOtherRegisters()
    {
        // Today's kWh, the total's kWh behind it, then its MWh.
        var point = Point(RegisterType.UInt16) with { Plus = [new Addend(1, 1), new Addend(2, 1000)], Sentinels = [new Sentinel(0x8000, "not available")] };

        Assert.Equal(3, point.Words);
        Assert.Equal(2713, RegisterDecoder.Decode(point, [12, 701, 2], At).Value);
        Assert.Equal(Reading.Missing(At, "not available"), RegisterDecoder.Decode(point, [12, 701, 0x8000], At));
        Assert.Equal(Quality.Missing, RegisterDecoder.Decode(point, [0x8000, 701, 2], At).Quality);
    }

    [Fact]
    public void Decode_SumOverOthersRegisters_LeavesThemOut()
    {
        var point = Point(RegisterType.UInt16) with { Scale = 1000, Plus = [new Addend(3, 1)] };

        Assert.Equal(4, point.Words);
        Assert.Equal(30_033, RegisterDecoder.Decode(point, [30, 999, 999, 33], At).Value);
    }

    [Theory]
    [InlineData("4142 4320 0000 5A5A", RegisterOrder.Abcd, "ABC")]
    [InlineData("4241 2043 0000 5A5A", RegisterOrder.Badc, "ABC")]
    [InlineData("C3A9 2020 2020 2020", RegisterOrder.Abcd, "é")]
    public void Decode_Text_IsWhatTheBytesSay(string words, RegisterOrder order, string text) =>
        Assert.Equal(
            new Reading(null, text, Quality.Good, At),
            RegisterDecoder.Decode(Text(RegisterType.Text) with { TextLength = 4, ReadOrder = order }, Words(words), At));

    [Theory]
    [InlineData("0000", Quality.Missing)]
    [InlineData("2020", Quality.Missing)]
    [InlineData("FFFE", Quality.Failed)]
    [InlineData("0741", Quality.Failed)]
    public void Decode_WhatIsNoText_HasNoValue(string words, Quality quality)
    {
        var reading = RegisterDecoder.Decode(Text(RegisterType.Text), Words(words), At);

        Assert.Equal((quality, null, null), (reading.Quality, reading.Text, reading.Value));
        Assert.NotNull(reading.Reason);
    }

    [Theory]
    [InlineData("3748 0013", "7H-19: water flow")]
    [InlineData("5538 000F", "U8-15: link to unit lost")]
    [InlineData("5538 0001", "U8-01")]
    [InlineData("3748 7FFE", "no fault")]
    [InlineData("7FFE 7FFE", "no fault")]
    public void Decode_FaultCode_IsCodeSubCodeAndMeaning(string words, string text)
    {
        var point = Text(RegisterType.FaultCode) with
        {
            TextCodes = new TextCodes([new("7H", "water flow"), new("U8-15", "link to unit lost"), new("32766", "no fault")]),
            Sentinels = [new Sentinel(0x7FFF, "not supported"), new Sentinel(0x7FFD, "not loaded yet")],
        };

        Assert.Equal(new Reading(null, text, Quality.Good, At), RegisterDecoder.Decode(point, Words(words), At));
        Assert.Equal(Quality.Missing, RegisterDecoder.Decode(point, Words("7FFF 7FFF"), At).Quality);
        Assert.Equal(Quality.Missing, RegisterDecoder.Decode(point, Words("3748 7FFD"), At).Quality);
        Assert.Equal(Quality.Missing, RegisterDecoder.Decode(point, Words("0000 0001"), At).Quality);
        Assert.Equal(Quality.Failed, RegisterDecoder.Decode(point, Words("0107 0001"), At).Quality);
    }

    [Theory]
    [InlineData(RegisterType.Int64, 9_007_199_254_740_994)]
    [InlineData(RegisterType.UInt64, -1)]
    [InlineData(RegisterType.Text, 1)]
    public void TryEncode_WhatWouldNotArriveAsGiven_IsRefused(RegisterType type, double value)
    {
        var words = new ushort[4];

        Assert.False(RegisterEncoder.TryEncode(Point(type), value, words, out var error));
        Assert.False(string.IsNullOrWhiteSpace(error));
        Assert.Equal(new ushort[4], words);
    }

    private static ModbusPoint Text(RegisterType type)
    {
        var point = Point(type);
        return point with { Sensor = point.Sensor with { Kind = ValueKind.Text } };
    }

    private static ModbusPoint Point(RegisterType type) => new()
    {
        Sensor = new SensorDefinition { Key = SensorKey.Parse("thing"), Label = "Thing", Category = SensorCategory.Other, Kind = ValueKind.Number },
        Table = ModbusTable.HoldingRegister,
        Address = 1,
        Type = type,
    };

    private static ushort[] Words(string hex) => [.. hex.Split(' ').Select(word => ushort.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
