using System.Net;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Sensors;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Web.Api;

public sealed class StorageApiTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 10, 6, 0, 0, TimeSpan.Zero);
    private ApiServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        await _server.AddHeatPumpAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Get_WithHistory_TellsWhatIsKeptAndWhereFrom()
    {
        await KeepAsync(600);

        var (status, answer) = await _server.GetAsync("/api/storage");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("embedded", (string)answer!["source"]!);
        var own = Assert.Single(answer["file"]!["heatPumps"]!.AsArray())!;
        Assert.Equal("hp-001", (string)own["heatPump"]!);
        Assert.InRange((int)own["polls"]!, 600, 700);
        Assert.True((long)answer["file"]!["bytes"]! > 0);
        Assert.Empty(answer["file"]!["damage"]!.AsArray());
    }

    [Fact]
    public async Task Check_IntactHistory_SaysSo()
    {
        await KeepAsync(600);

        var answer = await _server.Client.PostAsync(new Uri("/api/storage/check", UriKind.Relative), null);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"isIntact\":true", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackUp_IsASqliteFileAndNothingIsLeftBehind()
    {
        await KeepAsync(600);

        var answer = await _server.Client.GetAsync(new Uri("/api/storage/backup", UriKind.Relative));

        var copy = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal("SQLite format 3\0"u8.ToArray(), copy[..16]);
        Assert.EndsWith(".db", answer.Content.Headers.ContentDisposition!.FileName, StringComparison.Ordinal);
    }

    private async Task KeepAsync(int polls)
    {
        var sensors = _server.Make.Model.Sensors(Settings.Empty);
        await _server.Services.GetRequiredService<ITimeSeriesStore>().AppendAsync(
            [
                .. Enumerable.Range(0, polls).Select(poll => new Snapshot(
                    HeatPumpId.Parse("hp-001"), Start.AddSeconds(poll * 30), sensors, [new Reading(poll, null, Quality.Good, Start), default, default, default])),
            ],
            CancellationToken.None);
    }
}
