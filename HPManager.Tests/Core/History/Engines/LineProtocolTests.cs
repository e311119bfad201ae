using System.Text;
using HPManager.Core.History.Engines;

namespace HPManager.Tests.Core.History.Engines;

public sealed class LineProtocolTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("two words", "two\\ words")]
    [InlineData("a,b=c", "a\\,b\\=c")]
    [InlineData("C:\\", "C:/")]
    [InlineData("a\\,b", "a/\\,b")]
    [InlineData("one\ntwo\tthree", "one\\ two\\ three")]
    [InlineData("  °C ", "°C")]
    [InlineData("\"quoted\"", "\"quoted\"")]
    public void Name_AnyText_IsEscaped(string text, string expected) => Assert.Equal(expected, LineProtocol.Name(text));

    [Fact]
    public void Measurement_EqualsSign_NeedsNoEscape() => Assert.Equal("a\\ b\\,c=d", LineProtocol.Measurement("a b,c=d"));

    [Fact]
    public void Series_EmptyTags_AreLeftOutAndTheOthersSorted() =>
        Assert.Equal("m,a=1,b=2", LineProtocol.Series("m", ("b", "2"), ("none", null), ("empty", " "), ("a", "1")));

    [Fact]
    public void Write_LayoutMetrics_IsALineAPollAndItsMark()
    {
        var lines = Lines(LineLayout.Metrics, new RandomPolls(3, SameAnswers.Pump, Start).Batch(0, 1, "s1155", "Keller"));

        Assert.Equal(2, lines.Length);
        Assert.StartsWith("heatpump_metrics,heat_pump_id=hp-001,location=Keller,model=s1155,name=Haus\\,\\ Nr.\\ 5\\ / sensor_", lines[0], StringComparison.Ordinal);
        Assert.Matches("^heatpump_polls,heat_pump_id=hp-001 readings=[0-9]+ 1768435200000$", lines[1]);
    }

    [Fact]
    public void Write_LayoutRegisters_IsALineAReading()
    {
        var lines = Lines(LineLayout.Registers, new RandomPolls(3, SameAnswers.Pump, Start).Batch(0, 1, "s1155"));

        Assert.Matches("^heatpump,heat_pump_id=hp-001,name=Sensor\\\\ [0-9],register_id=sensor_[0-9],type=temperature,unit=°C value=[-.0-9E+]+ 1768435200000$", lines[0]);
        Assert.StartsWith("heatpump_polls,", lines[^1], StringComparison.Ordinal);
    }

    private static string[] Lines(LineLayout layout, EngineBatch batch)
    {
        var buffer = new LineBuffer();
        new HeatPumpLines(batch, new EngineReadings(batch, new EngineRefusals(batch)), layout).Write(buffer, 0, new HashSet<int>());
        return Encoding.UTF8.GetString(buffer.Lines(0, buffer.Count).Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
