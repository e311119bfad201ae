using System.Net;
using System.Text.Json.Nodes;

namespace HPManager.Tests.Web.Api;

public sealed class HeatPumpRefusalTests(SharedApiServer shared) : IClassFixture<SharedApiServer>
{
    private readonly ApiServer _server = shared.Server;

    [Theory]
    [InlineData("GET", "/api/heatpumps/hp-404")]
    [InlineData("GET", "/api/heatpumps/nonsense")]
    [InlineData("GET", "/api/heatpumps/hp-404/readings")]
    [InlineData("GET", "/api/heatpumps/hp-404/history?sensor=outdoor_temperature")]
    [InlineData("DELETE", "/api/heatpumps/hp-404")]
    [InlineData("PUT", "/api/heatpumps/hp-404")]
    public async Task Any_UnknownHeatPump_IsNotFound(string method, string path)
    {
        var (status, answer) = await _server.SendAsync(new HttpMethod(method), path, method == "PUT" ? ApiServer.Candidate() : null);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("heat pump", (string)answer!["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manufacturer", "\"acme\"", "manufacturer", "fake")]
    [InlineData("model", "\"two\"", "model", "one")]
    [InlineData("name", "\"  \"", "name", "1 to 80")]
    [InlineData("interval", "0", "interval", "from 1 to 3600")]
    [InlineData("interval", "-1", "interval", "from 1 to 3600")]
    [InlineData("interval", "1.5", "interval", "whole number")]
    [InlineData("interval", "99999999999", "interval", "whole number")]
    [InlineData("interval", "\"30\"", "interval", "whole number")]
    [InlineData("enabled", "\"yes\"", "enabled", "true or false")]
    [InlineData("name", "null", "name", "null")]
    [InlineData("connection", "{\"kind\":\"fake_tcp\",\"host\":\"10.0.0.1\",\"port\":\"abc\"}", "connection.port", "from 1 to 65535")]
    [InlineData("connection", "{\"kind\":\"fake_tcp\",\"host\":\"10.0.0.1\",\"port\":70000}", "connection.port", "from 1 to 65535")]
    [InlineData("connection", "{\"kind\":\"fake_tcp\",\"port\":502}", "connection.host", "required")]
    [InlineData("connection", "{\"kind\":\"fake_tcp\",\"host\":\"http://x/y\"}", "connection.host", "host name")]
    [InlineData("connection", "{\"kind\":\"fake_tcp\",\"host\":\"x\",\"prot\":1}", "connection.prot", "host, port, unit_id")]
    [InlineData("connection", "{\"host\":\"10.0.0.1\"}", "connection.kind", "fake_tcp")]
    [InlineData("connection", "[]", "connection", "object")]
    [InlineData("options", "{\"circuits\":[\"z\"]}", "options.circuits", "a, b")]
    [InlineData("hots", "1", "hots", "connection")]
    public async Task Post_WrongField_NamesItAndWhatIsAllowedAndKeepsNothing(string member, string json, string field, string allowed)
    {
        var candidate = ApiServer.Candidate("Attic", "10.0.0.2");
        candidate[member] = JsonNode.Parse(json);

        var response = await _server.SendAsync(HttpMethod.Post, "/api/heatpumps", candidate);

        Assert.Contains(allowed, ApiServer.MessageFor(field, response), StringComparison.Ordinal);
        Assert.Single((await _server.GetAsync("/api/heatpumps")).Answer!.AsArray());
    }

    [Fact]
    public async Task Post_SeveralWrongFields_NamesEachOfThem()
    {
        var response = await _server.SendTextAsync(HttpMethod.Post, "/api/heatpumps", """{"name":5,"interval":"x","what":1}""");

        foreach (var field in new[] { "name", "interval", "what", "manufacturer", "model", "connection" }) ApiServer.MessageFor(field, response);
    }

    [Fact]
    public async Task Post_NameOrAddressThatIsTaken_NamesTheField()
    {
        var sameName = await _server.SendAsync(HttpMethod.Post, "/api/heatpumps", ApiServer.Candidate("cellar", "10.0.0.2"));
        var sameAddress = await _server.SendAsync(HttpMethod.Post, "/api/heatpumps", ApiServer.Candidate("Attic"));

        Assert.Contains("hp-001", ApiServer.MessageFor("name", sameName), StringComparison.Ordinal);
        Assert.Contains("hp-001", ApiServer.MessageFor("connection", sameAddress), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_WrongPort_IsAWrongFieldAndNotAFailedTest()
    {
        var candidate = ApiServer.Candidate("Attic", "10.0.0.2");
        candidate["connection"]!["port"] = 0;

        ApiServer.MessageFor("connection.port", await _server.SendAsync(HttpMethod.Post, "/api/heatpumps/test", candidate));
    }
}
