using System.Net;
using System.Text.Json.Nodes;
using HPManager.Core.History;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Web.Api;

public sealed class HistoryImportApiTests : IAsyncLifetime
{
    private const string Import = "/api/history/import";

    private readonly MemoryTimeSeriesStore _store = new();
    private readonly DataFolder _folder = new();
    private ApiServer _server = null!;

    private string CsvPath => Path.Combine(_folder.Path, "mine.csv");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(CsvPath, "time,outdoor_temperature,other\n2026-01-10T06:00:00Z,1.5,1\n2026-01-10T06:01:00Z,2.5,1\n");
        _server = await ApiServer.StartAsync(new ManualTime(), services => services.AddSingleton<ITimeSeriesStore>(_store));
        await _server.AddHeatPumpAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Survey_OfAFile_TellsSeriesAndProposals()
    {
        var (status, answer) = await _server.SendAsync(HttpMethod.Post, $"{Import}/survey", Body(CsvPath));

        Assert.Equal(HttpStatusCode.OK, status);
        var series = answer!["series"]!.AsArray();
        Assert.Equal("outdoor_temperature", (string)series[0]!["sensor"]!);
        Assert.Equal(2, (int)series[0]!["series"]!["count"]!);
        Assert.Null(series[1]!["sensor"]);
    }

    [Fact]
    public async Task Start_WithoutMapping_TakesWhatIsProposedAndReportsIt()
    {
        var (status, _) = await _server.SendAsync(HttpMethod.Post, Import, Body(CsvPath));
        Assert.Equal(HttpStatusCode.Accepted, status);
        JsonNode? state = null;
        await Eventually.IsTrue(async () => (string)(state = (await _server.GetAsync($"{Import}/report")).Answer!)["status"]! == "finished");

        Assert.Equal(2, (int)state!["progress"]!["kept"]!);
        Assert.Equal("mine.csv", Path.GetFileName((string)state["plan"]!["source"]!["file"]!));
        Assert.Equal(HttpStatusCode.Conflict, (await _server.SendAsync(HttpMethod.Post, $"{Import}/resume")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await _server.SendAsync(HttpMethod.Delete, Import)).Status);
    }

    [Theory]
    [InlineData("/nowhere/a.csv", "source", "no file")]
    [InlineData("/etc/passwd", "source", ".csv")]
    public async Task Start_SourceThatCannotBeRead_IsRefusedByName(string path, string field, string told) =>
        Assert.Contains(told, ApiServer.MessageFor(field, await _server.SendAsync(HttpMethod.Post, Import, Body(path))), StringComparison.Ordinal);

    [Fact]
    public async Task Start_UnknownHeatPump_IsNotFound()
    {
        var body = Body(CsvPath);
        body["heatPumpId"] = "hp-404";

        Assert.Equal(HttpStatusCode.NotFound, (await _server.SendAsync(HttpMethod.Post, Import, body)).Status);
    }

    [Fact]
    public async Task Start_MappingToNothing_NamesIt()
    {
        var body = Body(CsvPath);
        body["mapping"] = new JsonArray(new JsonObject { ["series"] = "column:1", ["name"] = "x", ["sensor"] = "no_such", ["unit"] = null });

        Assert.Contains("no_such", ApiServer.MessageFor("mapping", await _server.SendAsync(HttpMethod.Post, Import, body)), StringComparison.Ordinal);
    }

    private static JsonObject Body(string path) => new()
    {
        ["heatPumpId"] = "hp-001",
        ["source"] = new JsonObject { ["kind"] = "csv", ["file"] = path },
    };
}
