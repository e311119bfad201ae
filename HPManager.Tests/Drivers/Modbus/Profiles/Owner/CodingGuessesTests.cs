using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.Profiles.Owner;

namespace HPManager.Tests.Drivers.Modbus.Profiles.Owner;

public class CodingGuessesTests
{
    // 28.4 as IEEE 754 single is 41E3 3333; 100,000 is 0001 86A0; computed with Python's struct.
    [Theory]
    [InlineData(new ushort[] { 0x41E3, 0x3333 }, "float32", RegisterOrder.Abcd, 28.4)]
    [InlineData(new ushort[] { 0x3333, 0x41E3 }, "float32", RegisterOrder.Cdab, 28.4)]
    [InlineData(new ushort[] { 0xE341, 0x3333 }, "float32", RegisterOrder.Badc, 28.4)]
    [InlineData(new ushort[] { 0x86A0, 0x0001 }, "uint32", RegisterOrder.Cdab, 100_000.0)]
    [InlineData(new ushort[] { 0xFFF6 }, "int16", RegisterOrder.Abcd, -10.0)]
    [InlineData(new ushort[] { 0xF6FF }, "int16", RegisterOrder.Badc, -10.0)]
    public void Of_WordsInACoding_HasTheirValueThere(ushort[] words, string type, RegisterOrder order, double expected)
    {
        var guess = Guess([.. words.Select(word => (ushort?)word)], type, order);

        Assert.Equal(expected, guess.Value);
        Assert.True(guess.IsLikely);
    }

    [Fact]
    public void Of_ScaleOffsetAndUnit_AreAppliedAndSayWhatIsLikely()
    {
        var guesses = CodingGuesses.Of([0x0B1B, 0x0000], 0.01, -3, Unit.Celsius).ToList();

        Assert.Equal((25.43, true), Found(guesses, "int16", RegisterOrder.Abcd));
        Assert.Equal((66.23, true), Found(guesses, "int16", RegisterOrder.Badc));
        Assert.False(Found(guesses, "uint32", RegisterOrder.Abcd).IsLikely);
    }

    [Fact]
    public void Of_MissingWord_GivesNoValueToWhatNeedsIt()
    {
        IReadOnlyList<ushort?> words = [1, null, 3, 4];

        Assert.Equal(1.0, Guess(words, "int16", RegisterOrder.Abcd).Value);
        Assert.Null(Guess(words, "int32", RegisterOrder.Abcd).Value);
        Assert.Null(Guess(words, "float64", RegisterOrder.Abcd).Value);
    }

    [Fact]
    public void Of_FloatThatIsNextToNothing_IsNotLikelyEvenWhenTheScaleRoundsItToZero()
    {
        Assert.Equal((0.0, false), Found([.. CodingGuesses.Of([0x03EB, 0x03EC], 0.1, 0, Unit.Celsius)], "float32", RegisterOrder.Abcd));
        Assert.Equal((0.0, true), Found([.. CodingGuesses.Of([0, 0], 0.1, 0, Unit.Celsius)], "float32", RegisterOrder.Abcd));
    }

    [Fact]
    public void Of_NotANumber_IsNoValue() => Assert.Null(Guess([0x7FC0, 0x0000], "float32", RegisterOrder.Abcd).Value);

    private static CodingGuess Guess(IReadOnlyList<ushort?> words, string type, RegisterOrder order) =>
        CodingGuesses.Of(words, 1, 0, Unit.None).Single(guess => guess.Type == type && guess.Order == order);

    private static (double? Value, bool IsLikely) Found(List<CodingGuess> guesses, string type, RegisterOrder order)
    {
        var guess = guesses.Single(guess => guess.Type == type && guess.Order == order);
        return (guess.Value, guess.IsLikely);
    }
}
