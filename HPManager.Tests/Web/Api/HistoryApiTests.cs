using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Web.Api;

public sealed class HistoryApiTests : IAsyncLifetime
{
    private const string History = "/api/heatpumps/hp-001/history";
    private static readonly DateTimeOffset Start = new(2026, 1, 10, 6, 0, 0, TimeSpan.Zero);
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero));
    private ApiServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync(_time);
        await _server.AddHeatPumpAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("sensor=outdoor_temperature&sensor=hot_water_target")]
    [InlineData("sensor=outdoor_temperature,hot_water_target")]
    public async Task Get_ARange_AnswersColumnsWithGaps(string sensors)
    {
        await KeepAsync(Start, (1.5, 48), (null, 49), (2.5, null));

        var (status, answer) = await _server.GetAsync($"{History}?{sensors}&from=2026-01-10T06:00:00Z&to=2026-01-10T07:00:00%2B00:00");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("hp-001", (string)answer!["heatPumpId"]!);
        Assert.Equal(
            [Start, Start.AddSeconds(30), Start.AddSeconds(60)],
            answer["times"]!.AsArray().Select(time => DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture)));
        Assert.Equal([1.5, null, 2.5], Column(answer, "outdoor_temperature"));
        Assert.Equal([48, 49, null], Column(answer, "hot_water_target"));
    }

    [Fact]
    public async Task Get_ToIsTheMomentOfARow_LeavesTheRowOut()
    {
        await KeepAsync(Start, (1, 1), (2, 2));

        var (_, answer) = await _server.GetAsync($"{History}?sensor=outdoor_temperature&from=2026-01-10T06:00Z&to=2026-01-10T06:00:30Z");

        Assert.Equal([1], Column(answer!, "outdoor_temperature"));
    }

    [Fact]
    public async Task Get_WithoutFromAndTo_IsTheLastDay()
    {
        var now = _time.GetUtcNow();
        await KeepAsync(now.AddHours(-25), (1, 1));
        await KeepAsync(now.AddHours(-23), (2, 2));

        var (_, answer) = await _server.GetAsync($"{History}?sensor=outdoor_temperature");

        Assert.DoesNotContain(1, Column(answer!, "outdoor_temperature"));
        Assert.Contains(2, Column(answer!, "outdoor_temperature"));
    }

    [Theory]
    [InlineData("-7d", 7 * 24)]
    [InlineData("-90m", 1.5)]
    [InlineData("-2h", 2)]
    public async Task Get_RelativeFrom_CountsBackFromNow(string from, double hours)
    {
        var (status, answer) = await _server.GetAsync($"{History}?sensor=outdoor_temperature&from={from}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(_time.GetUtcNow().AddHours(-hours), DateTimeOffset.Parse((string)answer!["from"]!, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Get_FewerPointsThanPolls_ThinsWithoutLosingThePeak()
    {
        var values = Enumerable.Range(0, 400).Select(i => ((double?)(i == 137 ? 99 : 5), (double?)48)).ToArray();
        await KeepAsync(Start, values);

        var (_, answer) = await _server.GetAsync($"{History}?sensor=outdoor_temperature&from=2026-01-10T06:00:00Z&to=2026-01-10T10:00:00Z&points=20");

        var column = Column(answer!, "outdoor_temperature", "max");
        Assert.InRange(column.Length, 2, 20);
        Assert.Contains(99, column);
        Assert.DoesNotContain(99, Column(answer!, "outdoor_temperature"));
        Assert.True((double)answer!["bucketSeconds"]! > 0);
    }

    private static double?[] Column(JsonNode answer, string sensor, string part = "mean") => [.. answer["sensors"]![sensor]![part]!.AsArray().Select(value => (double?)value)];

    private async Task KeepAsync(DateTimeOffset from, params (double? Outdoor, double? Target)[] rows)
    {
        var sensors = _server.Make.Model.Sensors(Settings.Empty);
        var snapshots = rows.Select((row, position) =>
        {
            var at = from.AddSeconds(30 * position);
            return new Snapshot(HeatPumpId.Parse("hp-001"), at, sensors, [Of(row.Outdoor, at), Of(row.Target, at), default, default]);
        });
        await _server.Services.GetRequiredService<ITimeSeriesStore>().AppendAsync([.. snapshots], CancellationToken.None);
    }

    private static Reading Of(double? value, DateTimeOffset at) =>
        value is null ? Reading.Missing(at, "gap") : new Reading(value, null, Quality.Good, at);
}
