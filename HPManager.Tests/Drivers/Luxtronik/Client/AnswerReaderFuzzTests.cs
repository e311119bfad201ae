using HPManager.Drivers.Luxtronik.Client;

namespace HPManager.Tests.Drivers.Luxtronik.Client;

/// <summary>Right frames, wrong frames and noise in pieces of any size, against a second reading of the same bytes.</summary>
public class AnswerReaderFuzzTests
{
    private const int Cases = 200_000;
    private const int Bound = 16_008;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Take_AnyBytesInAnyPieces_GivesWhatIsThereOrAFault(int seed)
    {
        var random = new Random(seed);
        var reader = new AnswerReader();
        int[] commands = [3002, 3003, 3004, 3005];
        for (var i = 0; i < Cases; i++)
        {
            var command = commands[random.Next(commands.Length)];
            var index = random.Next(0, 1200);
            var bytes = Frame(random, command, index);
            Mutate(random, bytes);
            var taken = Feed(random, reader, command, index, bytes);
            var expected = ReadAgain(bytes, command, index);

            Assert.True(reader.Capacity <= Bound);
            Assert.Equal(expected.IsComplete, reader.IsComplete);
            if (!expected.IsComplete) continue;
            Assert.Equal(expected.Length, taken);
            if (command is 3003 or 3004) Assert.Equal(expected.Entries, reader.Integers());
            if (command == 3005) Assert.Equal(expected.Entries, reader.Bytes().Select(value => (int)value));
        }
    }

    private static byte[] Frame(Random random, int command, int index)
    {
        // Long blocks cost time and find nothing that short ones do not; now and then one is long enough to make the buffer grow.
        var count = random.Next(100) == 0 ? random.Next(1000, 1300) : random.Next(1, 30);
        var entries = new byte[command == 3005 ? count : count * 4];
        random.NextBytes(entries);
        return command switch
        {
            3002 => FakeController.Words(command, index),
            3004 => [.. FakeController.Words(command, 0, count), .. entries],
            _ => [.. FakeController.Words(command, count), .. entries],
        };
    }

    private static void Mutate(Random random, byte[] bytes)
    {
        switch (random.Next(6))
        {
            case 0:
                random.NextBytes(bytes);
                break;
            case 1:
                bytes[random.Next(Math.Min(12, bytes.Length))] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                break;
            case 3:
                random.NextBytes(bytes.AsSpan(4, 4));
                break;
            default:
                break;
        }
    }

    private static int Feed(Random random, AnswerReader reader, int command, int index, byte[] bytes)
    {
        reader.Begin((LuxtronikCommand)command, index);
        var taken = 0;
        while (taken < bytes.Length && !reader.IsComplete && !reader.Space.IsEmpty)
        {
            var part = Math.Min(Math.Min(reader.Space.Length, bytes.Length - taken), random.Next(1, 500));
            bytes.AsMemory(taken, part).CopyTo(reader.Space);
            reader.Take(part);
            taken += part;
        }

        Assert.True(reader.IsComplete || reader.Fault != LuxtronikFault.None || taken == bytes.Length);
        return taken;
    }

    private static (bool IsComplete, int Length, int[] Entries) ReadAgain(byte[] bytes, int command, int index)
    {
        if (bytes.Length < 8 || Word(0) != command) return default;
        if (command == 3002) return (Word(4) == index, 8, []);
        var header = command == 3004 ? 12 : 8;
        if (bytes.Length < header || (command == 3004 && Word(4) != 0)) return default;
        long count = Word(header - 4);
        if (count < 1 || count > (command == 3003 ? 4000 : 2000)) return default;
        var size = command == 3005 ? 1 : 4;
        var length = header + (count * size);
        if (bytes.Length < length) return default;
        return (true, (int)length, [.. Enumerable.Range(0, (int)count).Select(i => size == 1 ? bytes[header + i] : Word(header + (i * 4)))]);

        int Word(int offset) => (bytes[offset] << 24) | (bytes[offset + 1] << 16) | (bytes[offset + 2] << 8) | bytes[offset + 3];
    }
}
