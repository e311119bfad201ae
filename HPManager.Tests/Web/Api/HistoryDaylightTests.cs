using System.Globalization;
using System.Net;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Embedded;
using HPManager.Core.Sensors;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Web.Api;

/// <summary>The two nights of 2026 in which the clocks of central Europe are moved: buckets are of equal length and hold each poll once, whatever the wall clock showed.</summary>
public sealed class HistoryDaylightTests : IAsyncLifetime
{
    private static readonly HeatPumpId Pump = HeatPumpId.Parse("hp-001");
    private ApiServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        await _server.AddHeatPumpAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 23, false)]
    [InlineData("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 23, true)]
    [InlineData("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25, false)]
    [InlineData("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25, true)]
    public async Task Get_ADayOfTheViewersZone_HasItsHoursEachOnce(string from, string to, int hours, bool isSealed)
    {
        var begin = DateTimeOffset.Parse(from, CultureInfo.InvariantCulture);
        await KeepAsync(begin.AddDays(-3), days: 7, isSealed);

        var (status, answer) = await _server.GetAsync($"/api/heatpumps/hp-001/history?sensor=outdoor_temperature&points=30&from={Uri.EscapeDataString(from)}&to={Uri.EscapeDataString(to)}");

        Assert.Equal((HttpStatusCode.OK, 3600), (status, (int)answer!["bucketSeconds"]!));
        Assert.Equal(
            Enumerable.Range(0, hours).Select(hour => begin.AddHours(hour).UtcDateTime),
            answer["times"]!.AsArray().Select(time => ((DateTimeOffset)time!).UtcDateTime));
        Assert.All(answer["times"]!.AsArray(), time => Assert.Matches("(Z|[+]00:00)$", (string)time!));
        var column = answer["sensors"]!["outdoor_temperature"]!;
        Assert.All(column["count"]!.AsArray(), count => Assert.Equal(60, (int)count!));

        // The value tells the minute since the beginning, so that a bucket that were an hour off would show.
        Assert.Equal(Enumerable.Range(0, hours).Select(hour => (3 * 24 * 60) + (hour * 60.0)), column["min"]!.AsArray().Select(value => (double)value!));
    }

    [Theory]
    [InlineData("2026-03-28T00:00:00Z")]
    [InlineData("2026-10-24T00:00:00Z")]
    public async Task Get_DaysOverTheNight_AreWholeDaysInUtc(string from)
    {
        var begin = DateTimeOffset.Parse(from, CultureInfo.InvariantCulture);
        await KeepAsync(begin.AddDays(-1), days: 6, isSealed: true);

        var (_, answer) = await _server.GetAsync($"/api/heatpumps/hp-001/history?sensor=outdoor_temperature&points=4&from={from}&to={begin.AddDays(4):yyyy-MM-ddTHH:mm:ssZ}");

        Assert.Equal(86_400, (int)answer!["bucketSeconds"]!);
        Assert.All(answer["sensors"]!["outdoor_temperature"]!["count"]!.AsArray(), count => Assert.Equal(1440, (int)count!));
    }

    private async Task KeepAsync(DateTimeOffset begin, int days, bool isSealed)
    {
        var store = _server.Services.GetRequiredService<EmbeddedTimeSeriesStore>();
        var sensors = new SensorSet([HPManager.Tests.Shared.FakeMake.Outdoor]);
        var polls = Enumerable.Range(0, days * 24 * 60).Select(minute => new Snapshot(
            Pump, begin.ToUniversalTime().AddMinutes(minute), sensors, [new Reading(minute, null, Quality.Good, begin)]));
        foreach (var batch in polls.Chunk(isSealed ? 6_000 : 400)) await store.AppendAsync(batch, default);
        if (isSealed) await store.SealAsync(default);
    }
}
