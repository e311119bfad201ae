using HPManager.Core.History;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Charts;

namespace HPManager.Tests.Web.Components.Charts;

public class ChartReaderTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly ChartWindow Window = new(Start, Start.AddHours(1));

    [Fact]
    public async Task ReadAsync_TwoHeatPumps_AreAskedOnceEachAndKeepTheirPlaces()
    {
        var asked = new List<HistoryQuery>();
        var source = new Source(query =>
        {
            asked.Add(query);
            return Table([0], [.. query.Sensors.Select(_ => HistoryColumn.OfPolls([1]))]);
        });
        ChartSeries[] series = [Lines.Of(FakeMake.Outdoor), Lines.Of(FakeMake.Outdoor, "hp-002"), Lines.Of(FakeMake.Target)];

        var blocks = await ChartReader.ReadAsync(source, series, Window, TimeSpan.Zero, CancellationToken.None);

        Assert.Equal(["hp-001 2", "hp-002 1"], asked.Select(query => $"{query.HeatPumpId} {query.Sensors.Count}"));
        Assert.Equal([[0, 2], [1]], blocks.Select(block => block.Series.ToArray()));
    }

    [Fact]
    public async Task ReadAsync_EmptyBuckets_AreLeftOut()
    {
        var source = new Source(_ => Table([0, 60, 120], [new([1, null, 3], [1, null, 3], [1, null, 3], [1, null, 3], [1, 0, 1])]));

        var block = Assert.Single(await ChartReader.ReadAsync(source, [Lines.Of(FakeMake.Outdoor)], Window, TimeSpan.Zero, CancellationToken.None));

        Assert.Equal([Start, Start.AddSeconds(120)], block.Times);
        Assert.Equal([1, 3], block.Columns[0].Mean);
    }

    [Fact]
    public async Task ReadAsync_Activity_IsToldBySignalsAsNow()
    {
        var defrost = Sensor.Switch("defrost", Signal.DefrostActive);
        var state = Sensor.Code("state", Signal.OperatingState) with { Codes = new CodeTable([new(0, "off"), new(1, "heating"), new(2, "hot water")]) };
        var pump = Lines.State() with { Sensors = new SensorSet([state, defrost]) };
        var source = new Source(query => Table(
            [0, 30, 60, 90],
            [.. query.Sensors.Select(key => HistoryColumn.OfPolls(key == defrost.Key ? [0, 0, 1, null] : [1, 2, 1, null]))]));

        var block = Assert.Single(await ChartReader.ReadAsync(source, [new ChartSeries(pump, ActivityLane.Sensor)], Window, TimeSpan.Zero, CancellationToken.None));

        Assert.Equal([ActivityKind.Heating, ActivityKind.HotWater, ActivityKind.Defrosting], block.Columns[0].Last.Select(value => (ActivityKind)(int)value!.Value));
    }

    [Fact]
    public async Task Marks_FaultAndGap_AreToldWithTheirTimes()
    {
        var fault = Sensor.Number("message", "", Signal.FaultCode);
        var pump = Lines.State() with { Sensors = new SensorSet([fault, FakeMake.Outdoor]) };
        var values = HistoryColumn.OfPolls([0, 12, 12, 0, 0, 0]);
        var source = new Source(_ => Table([0, 30, 60, 90, 3600, 3630], [values, HistoryColumn.OfPolls([1, 1, 1, 1, 1, 1])]));

        var marks = await new HistoryMarks(source).ReadAsync(pump, Start, Start.AddHours(2), CancellationToken.None);

        Assert.Equal(
            [(30.0, "Fault 12"), (90.0, "No readings for 58 min"), (90.0, "Fault 12 gone")],
            marks.Select(mark => ((mark.At - Start).TotalSeconds, mark.Text)));
    }

    [Fact]
    public async Task Marks_FaultWithinABucket_IsNotMissed()
    {
        var fault = Sensor.Number("message", "", Signal.FaultCode);
        var pump = Lines.State() with { Sensors = new SensorSet([fault]) };
        var source = new Source(_ => Table([0, 600], [new([0, 0], [0, 3], [0, 12], [0, 0], [20, 20])], TimeSpan.FromMinutes(10)));

        var mark = Assert.Single(await new HistoryMarks(source).ReadAsync(pump, Start, Start.AddHours(2), CancellationToken.None));

        Assert.Equal("Fault 12, soon gone", mark.Text);
    }

    private static HistoryTable Table(int[] seconds, HistoryColumn[] columns, TimeSpan bucket = default) =>
        new([.. seconds.Select(second => Start.AddSeconds(second))], columns, bucket);

    private sealed class Source(Func<HistoryQuery, HistoryTable> answer) : IHistorySource
    {
        public ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) => ValueTask.FromResult(answer(query));
    }
}
