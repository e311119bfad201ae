using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HPManager.Core.Manufacturers;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Web.Api;

public sealed class HeatPumpsApiTests : IAsyncLifetime
{
    private ApiServer _server = null!;

    public async Task InitializeAsync() => _server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Post_NewHeatPump_IsCreatedCompletedAndPolled()
    {
        using var response = await _server.Client.PostAsJsonAsync("/api/heatpumps", ApiServer.Candidate());
        var answer = (await response.Content.ReadFromJsonAsync<JsonNode>())!;

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/api/heatpumps/hp-001", response.Headers.Location?.ToString());
        Assert.Equal("hp-001", (string)answer["id"]!);
        Assert.Equal(1, (int)answer["connection"]!["unit_id"]!);
        Assert.Equal("a", (string)answer["options"]!["circuits"]!);
        await Eventually.IsTrue(async () =>
        {
            var (_, now) = await _server.GetAsync("/api/heatpumps/hp-001");
            return (string)now!["status"]!["state"]! == "online" && now["status"]!["at"] is not null;
        });
    }

    [Fact]
    public async Task Post_WithoutInterval_TakesTheModelsOwn()
    {
        var candidate = ApiServer.Candidate();
        candidate.Remove("interval");

        var (_, answer) = await _server.SendAsync(HttpMethod.Post, "/api/heatpumps", candidate);

        Assert.Equal(30, (int)answer!["interval"]!);
    }

    [Fact]
    public async Task Put_WhatGetAnswered_IsTakenAndChangesWhatWasChanged()
    {
        var id = await _server.AddHeatPumpAsync();
        var (_, before) = await _server.GetAsync($"/api/heatpumps/{id}");
        before!["name"] = "Attic";
        before["interval"] = 5;

        var (status, after) = await _server.SendAsync(HttpMethod.Put, $"/api/heatpumps/{id}", before);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Attic", (string)after!["name"]!);
        var (_, kept) = await _server.GetAsync($"/api/heatpumps/{id}");
        Assert.Equal("Attic", (string)kept!["name"]!);
        Assert.Equal(5, (int)kept["interval"]!);
    }

    [Fact]
    public async Task Put_AnotherIdInTheBody_IsRefusedAndChangesNothing()
    {
        var id = await _server.AddHeatPumpAsync();
        var changed = ApiServer.Candidate("Attic");
        changed["id"] = "hp-002";

        var response = await _server.SendAsync(HttpMethod.Put, $"/api/heatpumps/{id}", changed);

        Assert.Contains(id, ApiServer.MessageFor("id", response), StringComparison.Ordinal);
        var (_, kept) = await _server.GetAsync($"/api/heatpumps/{id}");
        Assert.Equal("Cellar", (string)kept!["name"]!);
    }

    [Fact]
    public async Task Delete_KnownThenAgain_IsGoneThenNotFound()
    {
        var id = await _server.AddHeatPumpAsync();

        var (first, _) = await _server.SendAsync(HttpMethod.Delete, $"/api/heatpumps/{id}");
        var (second, _) = await _server.SendAsync(HttpMethod.Delete, $"/api/heatpumps/{id}");
        var (_, left) = await _server.GetAsync("/api/heatpumps");

        Assert.Equal(HttpStatusCode.NoContent, first);
        Assert.Equal(HttpStatusCode.NotFound, second);
        Assert.Empty(left!.AsArray());
    }

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
        var candidate = ApiServer.Candidate();
        candidate[member] = JsonNode.Parse(json);

        var response = await _server.SendAsync(HttpMethod.Post, "/api/heatpumps", candidate);

        Assert.Contains(allowed, ApiServer.MessageFor(field, response), StringComparison.Ordinal);
        Assert.Empty((await _server.GetAsync("/api/heatpumps")).Answer!.AsArray());
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
        await _server.AddHeatPumpAsync();

        var sameName = await _server.SendAsync(HttpMethod.Post, "/api/heatpumps", ApiServer.Candidate("cellar", "10.0.0.2"));
        var sameAddress = await _server.SendAsync(HttpMethod.Post, "/api/heatpumps", ApiServer.Candidate("Attic"));

        Assert.Contains("hp-001", ApiServer.MessageFor("name", sameName), StringComparison.Ordinal);
        Assert.Contains("hp-001", ApiServer.MessageFor("connection", sameAddress), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_HeatPumpThatAnswers_IsOkWithReadingsAndKeepsNothing()
    {
        var candidate = ApiServer.Candidate();
        candidate.Remove("name");

        var (status, answer) = await _server.SendAsync(HttpMethod.Post, "/api/heatpumps/test", candidate);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True((bool)answer!["ok"]!);
        Assert.Equal(5.7, (double)answer["readings"]![0]!["value"]!);
        Assert.Empty((await _server.GetAsync("/api/heatpumps")).Answer!.AsArray());
    }

    [Fact]
    public async Task Test_HeatPumpThatDoesNot_TellsCauseAndHint()
    {
        _server.Make.Device("10.0.0.1").Failure = new Failure(FailureCause.PortClosed, "The port is closed.", "Switch Modbus on.");

        var (status, answer) = await _server.SendAsync(HttpMethod.Post, "/api/heatpumps/test", ApiServer.Candidate());

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False((bool)answer!["ok"]!);
        Assert.Equal("port_closed", (string)answer["cause"]!);
        Assert.Equal("Switch Modbus on.", (string)answer["hint"]!);
    }

    [Fact]
    public async Task Test_WrongPort_IsAWrongFieldAndNotAFailedTest()
    {
        var candidate = ApiServer.Candidate();
        candidate["connection"]!["port"] = 0;

        ApiServer.MessageFor("connection.port", await _server.SendAsync(HttpMethod.Post, "/api/heatpumps/test", candidate));
    }

    [Fact]
    public async Task Get_HeatPumpThatFails_TellsStateAndLastError()
    {
        _server.Make.Device("10.0.0.1").Failure = new Failure(FailureCause.NoAnswer, "No answer.", "Check the unit id.");
        await _server.SendAsync(HttpMethod.Post, "/api/heatpumps", ApiServer.Candidate());

        await Eventually.IsTrue(async () =>
        {
            var status = (await _server.GetAsync("/api/heatpumps/hp-001")).Answer!["status"]!;
            return (string)status["state"]! == "offline" && (string)status["lastError"]!["cause"]! == "no_answer";
        });
    }
}
