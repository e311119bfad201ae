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
}
