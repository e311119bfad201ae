using System.Text.Json.Nodes;

namespace HPManager.Tests.Web.Api;

public sealed class OwnedRefusalTests(SharedApiServer shared) : IClassFixture<SharedApiServer>
{
    private const string Dashboard =
        """{"heatPumpId":"hp-001","name":"Mine","tiles":[{"title":"House","sensors":["outdoor_temperature"],"isChart":true}]}""";

    private const string Alert =
        """{"heatPumpId":"hp-001","name":"Frost","sensor":"outdoor_temperature","condition":"below","threshold":-5.5,"forSeconds":600,"severity":"critical"}""";

    private const string Job =
        """{"heatPumpId":"hp-001","name":"Night","sensor":"hot_water_target","value":"45","days":["monday","sunday"],"at":"22:30"}""";

    private readonly ApiServer _server = shared.Server;

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
