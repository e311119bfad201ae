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
