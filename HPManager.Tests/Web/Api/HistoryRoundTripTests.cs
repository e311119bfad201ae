using System.Net;
using System.Text.Json.Nodes;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Web.Api;

/// <summary>History out of the real store, into it again as another heat pump's, and out again: the same file.</summary>
public sealed class HistoryRoundTripTests
{
    private const string Range = "format=csv&quality=true&from=2026-01-01&to=2026-01-14";

    [Fact]
    public async Task Export_ImportedAsAnothers_IsTheSameFile()
    {
        var random = new Random(23);
        using var folder = new DataFolder();
        await using var server = await ApiServer.StartAsync();
        await server.AddHeatPumpAsync();
        await server.AddHeatPumpAsync("Attic", "10.0.0.2");
        var at = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);
        var sensors = new SensorSet([FakeMake.Outdoor, FakeMake.Target, FakeMake.Mode]);
        var polls = Enumerable.Range(0, 3000).Select(_ =>
        {
            at = at.AddMilliseconds(random.Next(1, 60_000));
            return new Snapshot(HeatPumpId.Parse("hp-001"), at, sensors, [.. Enumerable.Range(0, 3).Select(_ => RandomReading(random, at))]);
        }).ToList();
        await server.Services.GetRequiredService<ITimeSeriesStore>().AppendAsync(polls, CancellationToken.None);

        var first = await server.Client.GetStringAsync($"/api/heatpumps/hp-001/history/export?{Range}");
        var file = Path.Combine(folder.Path, "export.csv");
        await File.WriteAllTextAsync(file, first);
        var body = new JsonObject { ["heatPumpId"] = "hp-002", ["source"] = new JsonObject { ["kind"] = "csv", ["file"] = file } };
        foreach (var kept in new[] { true, false })
        {
            Assert.Equal(HttpStatusCode.Accepted, (await server.SendAsync(HttpMethod.Post, "/api/history/import", body)).Status);
            JsonNode? state = null;
            await Eventually.IsTrue(async () => (string)(state = (await server.GetAsync("/api/history/import")).Answer!)["status"]! == "finished");
            Assert.Equal(kept, (long)state!["progress"]!["kept"]! > 0);
        }

        Assert.True(first.Split('\n').Length > 3000);
        Assert.Equal(first, await server.Client.GetStringAsync($"/api/heatpumps/hp-002/history/export?{Range}"));
    }

    private static Reading RandomReading(Random random, DateTimeOffset at) => random.Next(6) switch
    {
        0 => Reading.Missing(at, "not fitted"),
        1 => Reading.Failed(at, "no answer"),
        2 => new Reading(-0.0, null, Quality.Implausible, at),
        3 => new Reading(random.NextDouble() * 1e-9, null, Quality.Good, at),
        _ => new Reading(Math.Round(random.NextDouble() * 50, 1), null, Quality.Good, at),
    };
}
