using HPManager.Drivers.Luxtronik.Client;

namespace HPManager.Tests.Drivers.Luxtronik.Client;

/// <summary>The frame reader against the test vectors of the protocol's description (T01 to T15) and against answers no controller gives.</summary>
public class AnswerReaderTests
{
    [Theory]
    [InlineData(3003, "00000BBB00000000")]
    [InlineData(3004, "00000BBC00000000")]
    [InlineData(3005, "00000BBD00000000")]
    public void Read_Request_IsTwoWords(int command, string expected) =>
        Assert.Equal(expected, Convert.ToHexString(LuxtronikRequests.Read((LuxtronikCommand)command)));

    [Theory]
    [InlineData(105, 480, "00000BBA00000069000001E0")]
    [InlineData(1, -15, "00000BBA00000001FFFFFFF1")]
    public void Write_Request_IsThreeWords(int index, int raw, string expected) => Assert.Equal(expected, Convert.ToHexString(LuxtronikRequests.Write(index, raw)));

    [Fact]
    public void Take_EchoOfAWrite_NamesTheParameter()
    {
        var reader = Feed(LuxtronikCommand.WriteParameter, 105, "00000BBA00000069");

        Assert.True(reader.IsComplete);
        Assert.Equal(LuxtronikFault.None, reader.Fault);
    }

    [Fact]
    public void Take_EchoOfAWrite_WithTheValueInstead_IsRefused() =>
        Assert.Equal(LuxtronikFault.WrongEcho, Feed(LuxtronikCommand.WriteParameter, 105, "00000BBA000001E0").Fault);

    [Fact]
    public void Take_Parameters_AreSignedWords()
    {
        var reader = Feed(LuxtronikCommand.ReadParameters, 0, "00000BBB0000000500000000FFFFFFF1000001E00000000000000002");

        Assert.True(reader.IsComplete);
        Assert.Equal([0, -15, 480, 0, 2], reader.Integers());
    }

    [Fact]
    public void Take_Calculations_ComeBehindAStatus()
    {
        var reader = Feed(
            LuxtronikCommand.ReadCalculations,
            0,
            "00000BBC0000000000000014" + new string('0', 80)
            + "00000156000001460000012C0000012D00000264FFFFFFC9FFFFFFEB000001E7000001E0FFFFFE0C");

        Assert.True(reader.IsComplete);
        Assert.Equal([342, 326, 300, 301, 612, -55, -21, 487, 480, -500], reader.Integers()[10..]);
    }

    [Fact]
    public void Take_Visibilities_AreSingleBytes()
    {
        var reader = Feed(LuxtronikCommand.ReadVisibilities, 0, "00000BBD00000006010100000001");

        Assert.True(reader.IsComplete);
        Assert.Equal([1, 1, 0, 0, 0, 1], reader.Bytes());
    }

    [Fact]
    public void Take_StatusAboveZero_IsBusyWithoutWaitingForMore()
    {
        var reader = Feed(LuxtronikCommand.ReadCalculations, 0, "00000BBC00000001");

        Assert.Equal(LuxtronikFault.Busy, reader.Fault);
        Assert.True(reader.Space.IsEmpty);
    }

    [Theory]
    [InlineData(3003, "00000BBB7FFFFFFF")]
    [InlineData(3003, "00000BBB80000000")]
    [InlineData(3003, "00000BBB00000000")]
    [InlineData(3003, "00000BBB00000FA1")]
    [InlineData(3005, "00000BBDFFFFFFFF")]
    [InlineData(3005, "00000BBD000007D1")]
    [InlineData(3004, "00000BBC00000000000007D1")]
    [InlineData(3004, "00000BBC0000000000000000")]
    [InlineData(3004, "00000BBCFFFFFFFF")]
    public void Take_CountsThatNoControllerHas_AreRefusedAndAllocateNothing(int command, string hex)
    {
        var reader = Feed((LuxtronikCommand)command, 0, hex);

        Assert.Equal(LuxtronikFault.BadLength, reader.Fault);
        Assert.False(reader.IsComplete);
        Assert.True(reader.Space.IsEmpty);
        Assert.Equal(4096, reader.Capacity);
    }

    [Theory]
    [InlineData(3003, 4000)]
    [InlineData(3004, 2000)]
    public void Take_LargestBlock_GrowsOnlyAsBytesCome(int command, int count)
    {
        var reader = new AnswerReader();
        reader.Begin((LuxtronikCommand)command);
        byte[] frame = [.. command == 3004 ? FakeController.Words(3004, 0, count) : FakeController.Words(command, count), .. new byte[4 * count]];
        for (var offset = 0; offset < frame.Length;)
        {
            Assert.True(reader.Capacity <= Math.Max(4096, 2 * offset));
            var part = Math.Min(reader.Space.Length, 700);
            frame.AsMemory(offset, part).CopyTo(reader.Space);
            reader.Take(part);
            offset += part;
        }

        Assert.True(reader.IsComplete);
        Assert.Equal(count, reader.Integers().Length);
        Assert.True(reader.Capacity <= 16_008);
    }

    [Fact]
    public void Take_AnswerCutOff_IsNotComplete()
    {
        var reader = Feed(LuxtronikCommand.ReadParameters, 0, "00000BBB00000003000000000000000A");

        Assert.False(reader.IsComplete);
        Assert.Equal(LuxtronikFault.None, reader.Fault);
        Assert.Equal(4, reader.Space.Length);
    }

    [Fact]
    public void Take_ForeignEcho_IsRefused()
    {
        var reader = Feed(LuxtronikCommand.ReadParameters, 0, "00000BBC000000000000000100000007");

        Assert.Equal(LuxtronikFault.WrongEcho, reader.Fault);
        Assert.False(reader.HasEcho);
    }

    [Fact]
    public void Take_TwoAnswersBackToBack_AreToldApartByCountingAlone()
    {
        var stream = Convert.FromHexString("00000BBB00000002000000000000001900000BBC00000000000000020000000000000000");
        var reader = new AnswerReader();

        var first = Feed(reader, LuxtronikCommand.ReadParameters, 0, stream);
        Assert.Equal([0, 25], reader.Integers());
        var second = Feed(reader, LuxtronikCommand.ReadCalculations, 0, stream[first..]);

        Assert.Equal((16, 20), (first, second));
        Assert.Equal([0, 0], reader.Integers());
    }

    private static AnswerReader Feed(LuxtronikCommand command, int index, string hex)
    {
        var reader = new AnswerReader();
        Feed(reader, command, index, Convert.FromHexString(hex));
        return reader;
    }

    /// <summary>Gives the bytes one by one, as far as the reader wants them.</summary>
    private static int Feed(AnswerReader reader, LuxtronikCommand command, int index, byte[] bytes)
    {
        reader.Begin(command, index);
        var taken = 0;
        while (taken < bytes.Length && !reader.IsComplete && !reader.Space.IsEmpty)
        {
            reader.Space.Span[0] = bytes[taken++];
            reader.Take(1);
        }

        return taken;
    }
}
