using Bunit;
using HPManager.Core.History;
using HPManager.Web.Components.Controls;

namespace HPManager.Tests.Web.Components.Controls;

public sealed class SparklineTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private readonly PagesRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Render_ValueMissingInTheMiddle_BreaksTheLine() => Assert.Equal(2, Lines([1, 2, null, 4, 5]));

    [Fact]
    public void Render_AllValues_IsOneLine() => Assert.Equal(1, Lines([1, 2, 3]));

    [Fact]
    public void Render_SingleValue_DrawsNothing() => Assert.Equal(0, Lines([null, 2, null]));

    private int Lines(double?[] values)
    {
        var history = new HistoryTable([.. values.Select((_, row) => Start.AddMinutes(row))], [HistoryColumn.OfPolls(values)], TimeSpan.Zero);
        var line = _rig.Render<Sparkline>(parameters => parameters.Add(spark => spark.History, history).Add(spark => spark.Description, "Power"));
        return line.Find(".line").GetAttribute("d")!.Count(c => c == 'M');
    }
}
