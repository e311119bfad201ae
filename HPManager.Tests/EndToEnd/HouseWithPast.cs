using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.History.Embedded;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.EndToEnd;

/// <summary>
/// The program with two heat pumps that do not answer now and have a past of known values: a poll a minute for ten days until this hour, one in fifteen
/// minutes for the year before. In the third last day nobody polled from 6 to 9 o'clock UTC, and fault 712 was there from 12 to 13 o'clock. One a test class.
/// </summary>
public sealed class HouseWithPast : IAsyncLifetime
{
    private static readonly SensorSet Sensors = new(
    [
        Of("outdoor_temperature"), Of("hp_flow_temperature"), Of("hp_return_temperature"), Of("hp_electrical_power"), Of("hp_operating_mode"), Of("internal_message"),
    ]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-test-");

    /// <summary>End of the past.</summary>
    internal DateTimeOffset Until { get; private set; }

    internal HPManagerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        Until = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        await RememberAsync();
        Server = await HPManagerProcess.StartAsync($"--Storage:DataFolder={_folder.FullName}", "--Discovery:Ranges:0=127.0.0.1/32");
        foreach (var (name, port) in new[] { ("House", 1), ("Barn", 2) }) await AddAsync(name, port);
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task AddAsync(string name, int port)
    {
        using var http = new HttpClient();
        using var body = new StringContent(
            $$"""
            { "name": "{{name}}", "manufacturer": "idm", "model": "navigator_2_0", "connection": { "kind": "modbus_tcp", "host": "127.0.0.1", "port": {{port}} } }
            """,
            Encoding.UTF8,
            "application/json");
        using var answer = await http.PostAsync(new Uri(Server.Address, "/api/heatpumps"), body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task RememberAsync()
    {
        using var store = new EmbeddedTimeSeriesStore(Options.Create(new StorageOptions { DataFolder = _folder.FullName }), TimeProvider.System, NullLogger<EmbeddedTimeSeriesStore>.Instance);
        await store.StartAsync(CancellationToken.None);
        foreach (var number in new[] { 1, 2 })
        {
            foreach (var polls in Polls(number).Chunk(5000)) await store.AppendAsync(polls, CancellationToken.None);
        }

        await store.StopAsync(CancellationToken.None);
    }

    private IEnumerable<Snapshot> Polls(int number)
    {
        var (dense, gap) = (Until.AddDays(-10), new DateTimeOffset(Until.Date, TimeSpan.Zero).AddDays(-2));
        for (var at = Until.AddDays(-365); at < Until; at += at < dense ? TimeSpan.FromMinutes(15) : TimeSpan.FromMinutes(1))
        {
            if (at >= gap.AddHours(6) && at < gap.AddHours(9)) continue;
            yield return Poll(number, at, hasFault: at >= gap.AddHours(12) && at < gap.AddHours(13));
        }
    }

    private static Snapshot Poll(int number, DateTimeOffset at, bool hasFault)
    {
        var (hours, day) = (at.TimeOfDay.TotalHours, at.DayOfYear / 365.25);
        var outdoor = 9 - (10 * Math.Cos((day - 0.05) * Math.Tau)) - (4 * Math.Cos((hours - 3) / 24 * Math.Tau)) + (2 * Math.Sin(at.DayOfYear * 1.7)) - number;
        var cycle = at.Minute + (number * 7);
        var isHotWater = at.Hour is 5 or 17;
        var runs = isHotWater || (outdoor < 15 && cycle % 60 < 42);
        var flow = isHotWater ? 52 + Math.Sin(cycle / 9.0) : runs ? 38 - (outdoor * 0.4) + Math.Sin(cycle / 5.0) : 27 - (outdoor * 0.1);
        double[] values =
        [
            Math.Round(outdoor, 1), Math.Round(flow, 1), Math.Round(flow - (runs ? 5 : 0.5), 1), runs ? Math.Round(1.8 + ((15 - outdoor) * 0.06), 2) : 0.02,
            isHotWater ? 4 : !runs ? 0 : cycle % 180 > 172 ? 8 : 1, hasFault ? 712 : 0,
        ];
        Assert.True(HeatPumpId.TryParse($"hp-00{number}", out var id));
        return new Snapshot(id, at, Sensors, [.. values.Select(value => new Reading(value, null, Quality.Good, at))]);
    }

    private static SensorDefinition Of(string key) => new() { Key = SensorKey.Parse(key), Label = key, Category = SensorCategory.Other, Kind = ValueKind.Number };
}
