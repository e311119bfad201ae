using System.Globalization;
using System.Text;
using HPManager.Core.Text;

namespace HPManager.Tests.Core.Text;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(21.5, "21.5")]
    [InlineData(-0.05, "-0.05")]
    [InlineData(0.001, "0.001")]
    [InlineData(-12.345, "-12.345")]
    [InlineData(100, "100")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(-0.000123, "-0.000123")]
    [InlineData(0.000099, "9.9E-05")]
    [InlineData(71.833333, "71.833333")]
    [InlineData(999_999_999.999999, "999999999.999999")]
    [InlineData(1_000_000_000.5, "1000000000.5")]
    [InlineData(99_999_999_999.999, "99999999999.999")]
    [InlineData(99_999_999_999.9999, "99999999999.9999")]
    [InlineData(1e14, "100000000000000")]
    [InlineData(1e300, "1E+300")]
    [InlineData(double.Epsilon, "5E-324")]
    [InlineData(double.NaN, "NaN")]
    public void Write_IsTheShortestText(double value, string text) => Assert.Equal(text, Text(value));

    [Fact]
    public void Write_OfADecimal_IsTheShortestText()
    {
        var random = new Random(41);
        for (var turn = 0; turn < 100_000; turn++)
        {
            var digits = random.NextInt64(-10_000_000_000_000_000, 10_000_000_000_000_000) >> random.Next(50);
            AssertShortest(double.Parse(string.Create(CultureInfo.InvariantCulture, $"{digits}E-{random.Next(9)}"), CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Write_OfAnyBits_IsTheShortestText()
    {
        var random = new Random(42);
        for (var turn = 0; turn < 100_000; turn++) AssertShortest(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
    }

    [Fact]
    public void Write_NextToADecimal_IsAnotherText()
    {
        foreach (var value in (double[])[0.001, 21.5, 33.333333, 6553.5, 999_999_999.999999])
        {
            AssertShortest(Math.BitIncrement(value));
            AssertShortest(Math.BitDecrement(value));
        }
    }

    [Fact]
    public void Write_WithoutRoom_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NumberText.Write(1, new byte[NumberText.Longest - 1]));

    private static void AssertShortest(double value) => Assert.Equal(value.ToString("R", CultureInfo.InvariantCulture), Text(value));

    private static string Text(double value)
    {
        var bytes = new byte[NumberText.Longest];
        return Encoding.UTF8.GetString(bytes, 0, NumberText.Write(value, bytes));
    }
}
