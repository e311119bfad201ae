using System.Net;
using System.Text.Json.Nodes;

namespace HPManager.Tests.Web.Api;

public sealed class ApiDocumentTests : IAsyncLifetime
{
    private ApiServer _server = null!;

    public async Task InitializeAsync() => _server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Document_HoldsEveryRouteWithANameAndASummary()
    {
        var (status, document) = await _server.GetAsync("/openapi/v1.json");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            [
                "/api/alerts/{id}: delete get put", "/api/alerts: get post",
                "/api/dashboards/{id}: delete get put", "/api/dashboards: get post", "/api/discovery: delete get post",
                "/api/heatpumps/test: post", "/api/heatpumps/{id}/history/export: get", "/api/heatpumps/{id}/history: get", "/api/heatpumps/{id}/readings: get",
                "/api/heatpumps/{id}/sensors/{key}/hold: delete", "/api/heatpumps/{id}/sensors/{key}: put", "/api/heatpumps/{id}: delete get put", "/api/heatpumps: get post", "/api/history/import/report: get", "/api/history/import/resume: post", "/api/history/import/survey: post", "/api/history/import: delete get post",
                "/api/import: post",
                "/api/jobs/{id}: delete get put", "/api/jobs: get post",
                "/api/manufacturers/{make}/models/{model}: get", "/api/manufacturers: get",
                "/api/readings: get",
                "/api/storage/backup: get", "/api/storage/check: post", "/api/storage/engines/{type}/test: post", "/api/storage/engines/{type}: delete put",
                "/api/storage/engines: get", "/api/storage/settings: get put", "/api/storage: get",
            ],
            document!["paths"]!.AsObject()
                .Select(path => $"{path.Key}: {string.Join(' ', path.Value!.AsObject().Select(operation => operation.Key).Order(StringComparer.Ordinal))}")
                .Order(StringComparer.Ordinal));
        Assert.All(
            document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()),
            operation =>
            {
                Assert.False(string.IsNullOrEmpty((string?)operation.Value!["operationId"]), operation.Key);
                Assert.False(string.IsNullOrEmpty((string?)operation.Value["summary"]), operation.Key);
            });
    }

    [Fact]
    public async Task Document_TellsTheWordsAndTheFormOfWhatIsSent()
    {
        var (_, document) = await _server.GetAsync("/openapi/v1.json");
        var schemas = document!["components"]!["schemas"]!;

        Assert.Contains("implausible", Words(schemas["Quality"]!));
        Assert.Contains("not_equal", Words(schemas["AlertCondition"]!));
        Assert.Equal("string", (string)schemas["Reading"]!["properties"]!["key"]!["type"]!);
        Assert.Equal("string", (string)schemas["Reading"]!["properties"]!["unit"]!["type"]!);
        Assert.Equal(["connection", "manufacturer", "model"], Words(schemas["HeatPump"]!, "required").Order(StringComparer.Ordinal));
        Assert.Contains("sunday", Words(schemas["Job"]!["properties"]!["days"]!["items"]!));
        Assert.Equal("string", (string)schemas["Tile"]!["properties"]!["sensors"]!["items"]!["type"]!);
        Assert.Equal(["boolean", "number", "string"], Words(schemas["WriteBody"]!["properties"]!["value"]!, "type").Order(StringComparer.Ordinal));
        var mean = schemas["HistoryColumn"]!["properties"]!["mean"]!;
        Assert.Equal("array", (string)mean["type"]!);
        Assert.Equal(["null", "number"], Words(mean["items"]!, "type").Order(StringComparer.Ordinal));
        var points = document["paths"]!["/api/heatpumps/{id}/history"]!["get"]!["parameters"]!.AsArray().Single(parameter => (string)parameter!["name"]! == "points")!;
        Assert.Equal(20_000, (int)points["schema"]!["maximum"]!);
        var write = document["paths"]!["/api/heatpumps/{id}/sensors/{key}"]!["put"]!;
        Assert.Equal("#/components/schemas/WriteBody", (string)write["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!);
        Assert.Equal(["200", "400", "404", "409", "413", "415", "502"], write["responses"]!.AsObject().Select(response => response.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Page_IsServedAndFindsTheDocument()
    {
        using var page = await _server.Client.GetAsync("/swagger");
        var html = await page.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("HPManager API", html, StringComparison.Ordinal);
        using var script = await _server.Client.GetAsync("/swagger/index.js");
        Assert.Contains("openapi/v1.json", await script.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Words(JsonNode schema, string member = "enum") => schema[member]!.AsArray().Select(word => (string)word!);
}
