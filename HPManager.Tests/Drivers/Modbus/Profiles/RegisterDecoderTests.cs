using FsCheck;
using FsCheck.Fluent;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Tests.Drivers.Modbus.Profiles;

public class RegisterDecoderTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly IReadOnlyList<ModbusPoint> AllPoints = [.. ShippedProfiles.Models.SelectMany(model => model.AllPoints())];

    [Fact]
    public void Decode_CodeWithoutAWord_StaysVisibleAsNumber()
    {
        var point = Point(RegisterType.UInt8) with { Sensor = Sensor(ValueKind.Code) with { Codes = new CodeTable([new(0, "off"), new(1, "on")]) } };

        Assert.Equal(new Reading(7, null, Quality.Good, At), RegisterDecoder.Decode(point, [7], At));
    }

    [Fact]
    public void Decode_SentinelThatIsADocumentedCode_IsTheCode()
    {
        var point = Point(RegisterType.UInt8) with
        {
            Sensor = Sensor(ValueKind.Code) with { Codes = new CodeTable([new(255, "all")]) },
            Sentinels = [new Sentinel(255, "not fitted")],
        };

        Assert.Equal("all", RegisterDecoder.Decode(point, [0x00FF], At).Text);
    }

    [Fact]
    public void Decode_OutsideAMeasuredRange_IsImplausibleWithItsValue()
    {
        var point = Point(RegisterType.Int16) with
        {
            Sensor = Sensor(ValueKind.Number) with { Unit = Unit.Percent, Range = new ValueRange(0, 100, null), IsRangePlausibility = true },
        };

        var reading = RegisterDecoder.Decode(point, [250], At);

        Assert.Equal((250d, Quality.Implausible, "outside of 0 to 100 %"), (reading.Value, reading.Quality, reading.Reason));
    }

    [Fact]
    public void Decode_OutsideAWritableRange_IsGood()
    {
        var point = Point(RegisterType.Int16) with { Sensor = Sensor(ValueKind.Number) with { Range = new ValueRange(0, 100, null) } };

        Assert.True(RegisterDecoder.Decode(point, [250], At).IsGood);
    }

    [Fact]
    public void Decode_TooFewRegisters_Throws() =>
        Assert.Throws<ArgumentException>(() => RegisterDecoder.Decode(Point(RegisterType.Int32), [1], At));

    [Theory]
    [InlineData(RegisterType.UInt8, 1, double.NaN)]
    [InlineData(RegisterType.Float32, 1, double.PositiveInfinity)]
    [InlineData(RegisterType.Float32, 1, 1e39)]
    [InlineData(RegisterType.UInt8, 1, 256)]
    [InlineData(RegisterType.UInt8, 1, -1)]
    [InlineData(RegisterType.UInt8, 1, 47.5)]
    [InlineData(RegisterType.Int8, 1, 128)]
    [InlineData(RegisterType.Int16, 0.1, 3276.8)]
    [InlineData(RegisterType.Bool, 1, 2)]
    [InlineData(RegisterType.UInt32, 0.1, -0.1)]
    [InlineData(RegisterType.Int32, 1, 2147483648d)]
    public void TryEncode_WhatTheRegisterCannotHold_IsRefused(RegisterType type, double scale, double value)
    {
        var words = new ushort[2];

        Assert.False(RegisterEncoder.TryEncode(Point(type) with { Scale = scale }, value, words, out var error));
        Assert.False(string.IsNullOrWhiteSpace(error));
        Assert.Equal([0, 0], words);
    }

    [Fact]
    public void TryEncode_CodeTheSensorDoesNotHave_IsRefusedWithThoseItHas()
    {
        var point = Point(RegisterType.UInt8) with { Sensor = Sensor(ValueKind.Code) with { Codes = new CodeTable([new(0, "off"), new(1, "on")]) } };

        Assert.False(RegisterEncoder.TryEncode(point, 3, new ushort[1], out var error));
        Assert.Equal("The value must be one of: 0 (off), 1 (on).", error);
    }

    [Fact]
    public void TryEncode_ASentinel_IsRefused()
    {
        var point = Point(RegisterType.UInt8) with { Sentinels = [new Sentinel(255, "not fitted")] };

        Assert.False(RegisterEncoder.TryEncode(point, 255, new ushort[1], out _));
    }

    [Fact]
    public void Decode_AnyWords_NeverThrowsAndIsNeverGoodWithoutANumber() => Prop.ForAll(
        ArbMap.Default.ArbFor<ushort>(),
        ArbMap.Default.ArbFor<ushort>(),
        (first, second) => AllPoints.All(point =>
        {
            var reading = RegisterDecoder.Decode(point, [.. Enumerable.Range(0, point.Words).Select(word => word % 2 == 0 ? first : second)], At);
            return reading.Quality switch
            {
                Quality.Good when point.Sensor.Kind == ValueKind.Text => reading.Text is { Length: > 0 },
                Quality.Good => reading.Value is { } value && double.IsFinite(value),
                Quality.Implausible => reading is { Value: not null, Reason: not null },
                _ => reading is { Value: null, Reason: not null },
            };
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void Decode_WhatWasEncoded_IsTheValueForEveryWritablePoint() => Prop.ForAll(
        Gen.Choose(0, 10_000).ToArbitrary(),
        position =>
        {
            foreach (var point in AllPoints.Where(point => point.Sensor.IsWritable))
            {
                var value = ValueAt(point, position / 10_000d);
                var words = new ushort[2];
                if (point.Sentinels.Any(sentinel => Math.Abs((sentinel.Raw * point.Scale) - value) < point.Scale / 2)) continue;
                Assert.True(RegisterEncoder.TryEncode(point, value, words, out var error), $"{point.Sensor.Key} = {value}: {error}");

                // A device answers in the order of reads, which may not be that of writes.
                if (point.Words == 2 && point.ReadOrder != point.WriteOrder) Array.Reverse(words);
                Assert.Equal(value, RegisterDecoder.Decode(point, words, At).Value);
            }
        }).QuickCheckThrowOnFailure();

    /// <summary>A value that may be written, at a share of the way through what may be written.</summary>
    private static double ValueAt(ModbusPoint point, double share)
    {
        var sensor = point.Sensor;
        if (sensor.Kind is ValueKind.Code or ValueKind.Switch)
        {
            var entries = sensor.Codes!.Entries;
            return entries[Math.Min((int)(share * entries.Count), entries.Count - 1)].Key;
        }

        var limits = point.Type switch
        {
            RegisterType.Int8 => (-128, 127),
            RegisterType.UInt8 => (0, 255),
            RegisterType.UInt16 => (0, 65535),
            RegisterType.Float32 => (-5000, 5000),
            _ => (-32768, 32767),
        };
        var (min, max) = (sensor.Range.Min ?? limits.Item1 * point.Scale, sensor.Range.Max ?? limits.Item2 * point.Scale);
        var step = point.Type == RegisterType.Float32 ? 0.1 : point.Scale;
        return Math.Round(Math.Floor((min + (share * (max - min))) / step) * step, 2) is var value && value < min ? min : value;
    }

    private static ModbusPoint Point(RegisterType type) => new()
    {
        Sensor = Sensor(ValueKind.Number),
        Table = ModbusTable.HoldingRegister,
        Address = 1,
        Type = type,
    };

    private static SensorDefinition Sensor(ValueKind kind) => new()
    {
        Key = SensorKey.Parse("thing"),
        Label = "Thing",
        Category = SensorCategory.Other,
        Kind = kind,
    };
}
