using System.Buffers.Binary;
using System.Numerics;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Tests.Drivers.Modbus.Profiles;

/// <summary>
/// A million random registers through random points, seed by seed: nothing throws, nothing is good without a value, numbers cost no memory, and whole
/// numbers are what the bytes say by the arithmetic of big integers.
/// </summary>
public class DecoderFuzzTests
{
    private const int CasesPerSeed = 100_000;
    private const int MaxTextBytes = 2048;
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly ushort[] Telling = [0, 1, 0x7FFD, 0x7FFE, 0x7FFF, 0x8000, 0x8001, 0xFFFE, 0xFFFF, 0x7FC0, 0xFF80, 0x7F80, 0x4141, 0x3748];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Decode_AnyRegistersThroughAnyPoint_InventsNothing(int seed)
    {
        var random = new Random(seed);
        var words = new ushort[RegisterDecoder.MaxWords + 16];
        var point = Draw(random);
        RegisterDecoder.Decode(point with { TextLength = 1 }, words, At);
        for (var round = 0; round < CasesPerSeed; round++)
        {
            if (round % 50 == 0) point = Draw(random);
            for (var index = 0; index < point.Words; index++)
                words[index] = random.Next(3) == 0 ? Telling[random.Next(Telling.Length)] : (ushort)random.Next(0x10000);

            var before = GC.GetAllocatedBytesForCurrentThread();
            var reading = RegisterDecoder.Decode(point, words, At);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            var what = $"seed {seed}, round {round}: {point.Type} {point.ReadOrder} {Convert.ToHexString(Bytes(words, point.Words))} → {reading}";
            Assert.True(IsSound(point, reading), what);
            Assert.True(allocated <= (point.Sensor.Kind is ValueKind.Text || reading.Quality == Quality.Implausible ? MaxTextBytes : 0), $"{what}: {allocated} bytes");
            if (WholeNumber(point, words) is { } expected && reading.IsGood)
                Assert.True(IsNearestDouble(reading.Value!.Value, expected), $"{what}, not {expected}");
        }
    }

    private static bool IsSound(ModbusPoint point, Reading reading) => reading.Quality switch
    {
        Quality.Good when point.Sensor.Kind == ValueKind.Text => reading is { Value: null, Text.Length: > 0 } && !reading.Text.Any(char.IsControl),
        Quality.Good => reading.Value is { } value && double.IsFinite(value),
        Quality.Implausible => reading is { Value: not null, Reason: not null },
        _ => reading is { Value: null, Text: null, Reason: not null },
    };

    private static ModbusPoint Draw(Random random)
    {
        var type = Enum.GetValues<RegisterType>()[random.Next(13)];
        var isText = type is RegisterType.Text or RegisterType.FaultCode;
        var hasBits = !isText && type is RegisterType.UInt8 or RegisterType.UInt16 or RegisterType.UInt32 && random.Next(3) == 0;
        var hasPlus = !isText && !hasBits && random.Next(4) == 0;
        var shift = random.Next(8);
        return new ModbusPoint
        {
            Sensor = new SensorDefinition
            {
                Key = SensorKey.Parse("thing"),
                Label = "Thing",
                Category = SensorCategory.Other,
                Kind = isText ? ValueKind.Text : ValueKind.Number,
                Range = random.Next(4) == 0 ? new ValueRange(-100, 1000, null) : default,
                IsRangePlausibility = true,
            },
            Table = ModbusTable.InputRegister,
            Address = 1,
            Type = type,
            TextLength = random.Next(1, RegisterDecoder.MaxWords + 1),
            ReadOrder = Enum.GetValues<RegisterOrder>()[random.Next(4)],
            Bits = hasBits ? new BitField(shift, random.Next(1, 8 - shift + 1)) : null,
            Plus = hasPlus ? [new Addend(4, 1), new Addend(random.Next(5, 9), 1000)] : [],
            Scale = random.Next(2) == 0 ? 1 : new[] { 0.1, 0.01, 0.5, 10, 1 / 60d }[random.Next(5)],
            Offset = random.Next(4) == 0 ? -40 : 0,
            Sentinels = random.Next(2) == 0 ? [new Sentinel(-32768, "absent"), new Sentinel(32767, "absent", IsAbsent: true)] : [],
        };
    }

    /// <summary>What the bytes say for plain whole numbers; null for everything else.</summary>
    private static BigInteger? WholeNumber(ModbusPoint point, ushort[] words)
    {
        if (point.Bits is not null || point.Plus.Count > 0 || point is not { Scale: 1, Offset: 0 }) return null;
        var size = point.Type switch
        {
            RegisterType.Int16 or RegisterType.UInt16 => 2,
            RegisterType.Int32 or RegisterType.UInt32 => 4,
            RegisterType.Int64 or RegisterType.UInt64 => 8,
            _ => 0,
        };
        if (size == 0) return null;
        var bytes = Bytes(words, size / 2);
        if (point.ReadOrder is RegisterOrder.Badc or RegisterOrder.Dcba)
            for (var index = 0; index < size; index += 2) (bytes[index], bytes[index + 1]) = (bytes[index + 1], bytes[index]);
        if (point.ReadOrder is RegisterOrder.Cdab or RegisterOrder.Dcba)
            bytes = [.. bytes.Chunk(2).Reverse().SelectMany(word => word)];
        var isUnsigned = point.Type is RegisterType.UInt16 or RegisterType.UInt32 or RegisterType.UInt64;
        return new BigInteger(bytes, isUnsigned, isBigEndian: true);
    }

    // A double has 53 bits: what is larger may differ from the whole number by half of the last bit.
    private static bool IsNearestDouble(double value, BigInteger expected) =>
        BigInteger.Abs(new BigInteger(value) - expected) << 53 <= BigInteger.Abs(expected);

    private static byte[] Bytes(ushort[] words, int count)
    {
        var bytes = new byte[count * 2];
        for (var index = 0; index < count; index++) BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(index * 2), words[index]);
        return bytes;
    }
}
