using System.Net.WebSockets;
using System.Text.Json.Nodes;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Web.Api;

public sealed class LiveHubTests : IAsyncLifetime
{
    private ApiServer _server = null!;

    public async Task InitializeAsync() => _server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Subscribe_ToAll_SendsEveryHeatPumpAtOnceInTheFormOfReadings()
    {
        await _server.AddHeatPumpAsync();
        await _server.AddHeatPumpAsync("Attic", "10.0.0.2");
        await using var client = await HubConnection.OpenAsync(_server.Address);

        await client.CallAsync("Subscribe", null);

        var first = await client.NextAsync("Snapshot");
        var second = await client.NextAsync("Snapshot");
        Assert.Equal(["hp-001", "hp-002"], new[] { first, second }.Select(snapshot => (string)snapshot["heatPumpId"]!));
        var (_, readings) = await _server.GetAsync("/api/heatpumps/hp-001/readings");
        Assert.Equal(readings!.AsObject().Select(member => member.Key), first.AsObject().Select(member => member.Key));
        Assert.Equal("online", (string)first["state"]!);
        Assert.Equal("°C", (string)first["readings"]![0]!["unit"]!);
    }

    [Fact]
    public async Task Subscribe_ThenAValueChanges_IsSentTheNewSnapshot()
    {
        await _server.AddHeatPumpAsync();
        await using var client = await HubConnection.OpenAsync(_server.Address);
        await client.CallAsync("Subscribe", "hp-001");

        _server.Make.Device("10.0.0.1").Set(FakeMake.Outdoor.Key, -12.5);
        _server.Services.GetRequiredService<HeatpumpManager>().PollSoon(HeatPumpId.Parse("hp-001"));

        await client.UntilAsync("Snapshot", snapshot => (double?)snapshot["readings"]![0]!["value"] == -12.5);
    }

    [Fact]
    public async Task Subscribe_ToOne_IsNotSentTheOther()
    {
        await _server.AddHeatPumpAsync();
        await _server.AddHeatPumpAsync("Attic", "10.0.0.2");
        await using var client = await HubConnection.OpenAsync(_server.Address);
        await client.CallAsync("Subscribe", "hp-002");

        for (var i = 0; i < 3; i++) Assert.Equal("hp-002", (string)(await client.NextAsync("Snapshot"))["heatPumpId"]!);
    }

    [Fact]
    public async Task Subscribe_ThenTheHeatPumpFails_IsSentItsState()
    {
        await _server.AddHeatPumpAsync();
        await using var client = await HubConnection.OpenAsync(_server.Address);
        await client.CallAsync("Subscribe", "hp-001");

        _server.Make.Device("10.0.0.1").Failure = new Failure(FailureCause.ConnectionLost, "Gone.");

        await client.UntilAsync(
            "Snapshot", snapshot => (string)snapshot["state"]! == "offline" && (string)snapshot["lastError"]!["cause"]! == "connection_lost");
    }

    [Fact]
    public async Task Subscribe_ThenTheHeatPumpIsRemoved_IsToldSo()
    {
        await _server.AddHeatPumpAsync();
        await using var client = await HubConnection.OpenAsync(_server.Address);
        await client.CallAsync("Subscribe", null);

        await _server.SendAsync(HttpMethod.Delete, "/api/heatpumps/hp-001");

        Assert.Equal("hp-001", (string)(await client.NextAsync("Removed"))!);
    }

    [Theory]
    [InlineData("hp-009")]
    [InlineData("nonsense")]
    public async Task Subscribe_ToAnUnknownHeatPump_IsAnError(string id)
    {
        await using var client = await HubConnection.OpenAsync(_server.Address);

        Assert.Contains("no such heat pump", await client.CallAsync("Subscribe", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unsubscribe_ThenMorePolls_IsSentNothing()
    {
        await _server.AddHeatPumpAsync();
        await using var client = await HubConnection.OpenAsync(_server.Address);
        await client.CallAsync("Subscribe", "hp-001");
        await client.CallAsync("Unsubscribe", "hp-001");
        client.Forget();

        var polls = _server.Make.Device("10.0.0.1").Polls;
        await Eventually.IsTrue(() => _server.Make.Device("10.0.0.1").Polls > polls + 1);
        await client.CallAsync("Unsubscribe", "hp-001");

        Assert.Equal(0, client.Waiting);
    }

    [Theory]
    [InlineData("hp-001")]
    [InlineData("nonsense")]
    public async Task Unsubscribe_FromWhatWasNotAskedFor_KeepsWhatWas(string id)
    {
        await _server.AddHeatPumpAsync();
        await using var client = await HubConnection.OpenAsync(_server.Address);
        await client.CallAsync("Subscribe", null);

        Assert.Equal("", await client.CallAsync("Unsubscribe", id));
        client.Forget();

        await client.NextAsync("Snapshot");
    }

    [Fact]
    public async Task Subscribe_AClientThatDoesNotRead_HoldsNobodyAndIsSentTheNewestOnly()
    {
        const int Pushes = 60;
        await using var slow = await HubConnection.OpenAsync(_server.Address);
        await using var quick = await HubConnection.OpenAsync(_server.Address);
        Push(0);
        await slow.CallAsync("Subscribe", null);
        await quick.CallAsync("Subscribe", null);
        slow.StopReading();

        for (var i = 1; i <= Pushes; i++)
        {
            Push(i);
            var expected = (double)i;
            await quick.UntilAsync("Snapshot", snapshot => (double?)snapshot["readings"]![0]!["value"] == expected);
        }

        slow.Forget();
        slow.GoOnReading();
        await slow.UntilAsync("Snapshot", snapshot => (double?)snapshot["readings"]![0]!["value"] == Pushes);
        Assert.InRange(slow.Received, 1, Pushes / 2);
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("", true)]
    public async Task Open_FromAPageOfAnotherSite_IsRefused(string origin, bool allowed)
    {
        var opening = HubConnection.OpenAsync(_server.Address, origin);

        if (allowed) await (await opening).DisposeAsync();
        else await Assert.ThrowsAsync<WebSocketException>(() => opening);
    }

    [Fact]
    public async Task Open_FromAPageOfThisSite_IsAllowed() =>
        await (await HubConnection.OpenAsync(_server.Address, _server.Address.GetLeftPart(UriPartial.Authority))).DisposeAsync();

    // A megabyte a message: more than the buffers between server and client hold after some of them.
    private void Push(double value)
    {
        var heatPump = FakeMake.HeatPump("hp-050", "10.0.0.50");
        var at = TimeProvider.System.GetUtcNow();
        var sensors = new SensorSet([FakeMake.Outdoor]);
        _server.Live.Set(new HeatPumpState
        {
            HeatPump = heatPump,
            Model = _server.Make.Model,
            Connection = ConnectionState.Online,
            Since = at,
            Snapshot = new Snapshot(heatPump.Id, at, sensors, [new Reading(value, new string('x', 1_000_000), Quality.Good, at)]),
        });
    }
}
