using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace HPManager.Tests.Web.Api;

public sealed class OwnedApiTests : IAsyncLifetime
{
    private const string Dashboard =
        """{"heatPumpId":"hp-001","name":"Mine","tiles":[{"title":"House","sensors":["outdoor_temperature"],"isChart":true}]}""";

    private const string Alert =
        """{"heatPumpId":"hp-001","name":"Frost","sensor":"outdoor_temperature","condition":"below","threshold":-5.5,"forSeconds":600,"severity":"critical"}""";

    private const string Job =
        """{"heatPumpId":"hp-001","name":"Night","sensor":"hot_water_target","value":"45","days":["monday","sunday"],"at":"22:30"}""";

    private ApiServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        await _server.AddHeatPumpAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("dashboards", Dashboard)]
    [InlineData("alerts", Alert)]
    [InlineData("jobs", Job)]
    public async Task Crud_FromPostToDelete_KeepsWhatWasGiven(string area, string json)
    {
        using var response = await _server.Client.PostAsync($"/api/{area}", new StringContent(json, null, "application/json"));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var path = response.Headers.Location!.ToString();
        var created = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal($"/api/{area}/{(int)created["id"]!}", path);

        var (_, found) = await _server.GetAsync(path);
        Assert.True(JsonNode.DeepEquals(created, found), found!.ToJsonString());
        foreach (var (member, given) in JsonNode.Parse(json)!.AsObject().Where(pair => pair.Key != "at"))
            Assert.True(JsonNode.DeepEquals(given, found[member]), $"{member}: {found[member]?.ToJsonString()}");

        found["name"] = "Another name";
        var (changed, _) = await _server.SendAsync(HttpMethod.Put, path, found);
        Assert.Equal(HttpStatusCode.OK, changed);
        Assert.Equal("Another name", (string)(await _server.GetAsync(path)).Answer!["name"]!);

        Assert.Single((await _server.GetAsync($"/api/{area}?heatPumpId=hp-001")).Answer!.AsArray());
        Assert.Equal(HttpStatusCode.NoContent, (await _server.SendAsync(HttpMethod.Delete, path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.SendAsync(HttpMethod.Delete, path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.SendTextAsync(HttpMethod.Put, path, json)).Status);
        Assert.Empty((await _server.GetAsync($"/api/{area}")).Answer!.AsArray());
    }

    [Theory]
    [InlineData("dashboards", Dashboard)]
    [InlineData("alerts", Alert)]
    [InlineData("jobs", Job)]
    public async Task List_OfAnotherHeatPump_HoldsNothingOfThisOne(string area, string json)
    {
        await _server.AddHeatPumpAsync("Attic", "10.0.0.2");
        await _server.SendTextAsync(HttpMethod.Post, $"/api/{area}", json);

        Assert.Empty((await _server.GetAsync($"/api/{area}?heatPumpId=hp-002")).Answer!.AsArray());
        ApiServer.MessageFor("heatPumpId", await _server.GetAsync($"/api/{area}?heatPumpId=hp-009"));
    }

    [Theory]
    [InlineData("dashboards", Dashboard)]
    [InlineData("alerts", Alert)]
    [InlineData("jobs", Job)]
    public async Task Put_AnotherIdInTheBody_IsRefused(string area, string json)
    {
        await _server.SendTextAsync(HttpMethod.Post, $"/api/{area}", json);
        var body = JsonNode.Parse(json)!;
        body["id"] = 77;

        ApiServer.MessageFor("id", await _server.SendAsync(HttpMethod.Put, $"/api/{area}/1", body));
    }

    [Fact]
    public async Task HeatPump_Removed_TakesThemAlong()
    {
        await _server.SendTextAsync(HttpMethod.Post, "/api/alerts", Alert);

        await _server.SendAsync(HttpMethod.Delete, "/api/heatpumps/hp-001");

        Assert.Empty((await _server.GetAsync("/api/alerts")).Answer!.AsArray());
    }

    [Theory]
    [InlineData("dashboards", Dashboard, "heatPumpId", "\"hp-009\"", "heatPumpId", "hp-009")]
    [InlineData("dashboards", Dashboard, "heatPumpId", "\"pump\"", "heatPumpId", "hp-001")]
    [InlineData("dashboards", Dashboard, "name", "\"\"", "name", "1 to 80")]
    [InlineData("dashboards", Dashboard, "tiles", "{}", "tiles", "list")]
    [InlineData("dashboards", Dashboard, "tiles", "[null]", "tiles[0]", "object")]
    [InlineData("dashboards", Dashboard, "tiles", """[{"title":"A","sensors":[]}]""", "tiles[0].isChart", "required")]
    [InlineData("dashboards", Dashboard, "tiles", """[{"title":"","sensors":["outdoor_temperature"],"isChart":true}]""", "tiles[0].title", "1 to 80")]
    [InlineData("dashboards", Dashboard, "tiles", """[{"title":"A","sensors":[],"isChart":true}]""", "tiles[0].sensors", "1 to 20")]
    [InlineData("dashboards", Dashboard, "tiles", """[{"title":"A","sensors":["x y"],"isChart":true}]""", "tiles[0].sensors[0]", "snake case")]
    [InlineData("dashboards", Dashboard, "tiles", """[{"title":"A","sensors":["nothing"],"isChart":true}]""", "tiles[0].sensors", "nothing")]
    [InlineData("dashboards", Dashboard, "tiles", """[{"title":"A","sensors":["outdoor_temperature"],"isChart":true,"colour":1}]""", "tiles[0].colour", "isChart")]
    [InlineData("alerts", Alert, "sensor", "\"nothing\"", "sensor", "nothing")]
    [InlineData("alerts", Alert, "sensor", "\"pv_surplus\"", "sensor", "pv_surplus")]
    [InlineData("alerts", Alert, "condition", "\"over\"", "condition", "above, below, equal, not_equal")]
    [InlineData("alerts", Alert, "threshold", "\"NaN\"", "threshold", "number")]
    [InlineData("alerts", Alert, "threshold", "\"5\"", "threshold", "number")]
    [InlineData("alerts", Alert, "forSeconds", "-1", "forSeconds", "0 to 86400")]
    [InlineData("alerts", Alert, "severity", "3", "severity", "notice, warning, critical")]
    [InlineData("jobs", Job, "sensor", "\"outdoor_temperature\"", "sensor", "written")]
    [InlineData("jobs", Job, "value", "\"abc\"", "value", "from 35 to 65")]
    [InlineData("jobs", Job, "value", "50", "value", "quotes")]
    [InlineData("jobs", Job, "days", "[]", "days", "at least one")]
    [InlineData("jobs", Job, "days", "[\"monday\",\"monday\"]", "days", "at most once")]
    [InlineData("jobs", Job, "days", "[\"Monday\"]", "days[0]", "monday")]
    [InlineData("jobs", Job, "at", "\"25:00\"", "at", "06:30")]
    public async Task Post_WrongField_NamesItAndWhatIsAllowed(string area, string json, string member, string value, string field, string allowed)
    {
        var body = JsonNode.Parse(json)!;
        body[member] = JsonNode.Parse(value);

        var response = await _server.SendAsync(HttpMethod.Post, $"/api/{area}", body);

        Assert.Contains(allowed, ApiServer.MessageFor(field, response), StringComparison.Ordinal);
        Assert.Empty((await _server.GetAsync($"/api/{area}")).Answer!.AsArray());
    }

    [Fact]
    public async Task Post_ThresholdBeyondADouble_IsNotFinite() =>
        ApiServer.MessageFor(
            "threshold", await _server.SendTextAsync(HttpMethod.Post, "/api/alerts", Alert.Replace("-5.5", "1e999", StringComparison.Ordinal)));
}
