using System.Net;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Web.Api;

public sealed class ReadingsApiTests : IAsyncLifetime
{
    private ApiServer _server = null!;

    public async Task InitializeAsync() => _server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Get_AfterAPoll_TellsEverySensorWithUnitQualitySignalAndCategory()
    {
        _server.Make.Device("10.0.0.1").Clear(FakeMake.Target.Key);
        var id = await _server.AddHeatPumpAsync();

        var (status, answer) = await _server.GetAsync($"/api/heatpumps/{id}/readings");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(id, (string)answer!["heatPumpId"]!);
        Assert.Equal("online", (string)answer["state"]!);
        Assert.NotNull(answer["at"]);
        var outdoor = answer["readings"]!.AsArray().Single(reading => (string)reading!["key"]! == "outdoor_temperature")!.AsObject();
        Assert.Equal(
            ["key", "label", "value", "text", "unit", "quality", "signal", "category"],
            outdoor.Select(member => member.Key));
        Assert.Equal(5.7, (double)outdoor["value"]!);
        Assert.Equal("°C", (string)outdoor["unit"]!);
        Assert.Equal("good", (string)outdoor["quality"]!);
        Assert.Equal("outdoor_temperature", (string)outdoor["signal"]!);
        Assert.Equal("temperature", (string)outdoor["category"]!);
        var mode = answer["readings"]!.AsArray().Single(reading => (string)reading!["key"]! == "operating_mode")!;
        Assert.Equal("automatic", (string)mode["text"]!);
        var target = answer["readings"]!.AsArray().Single(reading => (string)reading!["key"]! == "hot_water_target")!;
        Assert.Null(target["value"]);
        Assert.Equal("missing", (string)target["quality"]!);
        Assert.Equal("not fitted", (string)target["reason"]!);
    }

    [Fact]
    public async Task List_TwoHeatPumps_TellsBoth()
    {
        await _server.AddHeatPumpAsync();
        await _server.AddHeatPumpAsync("Attic", "10.0.0.2");

        var (_, answer) = await _server.GetAsync("/api/readings");

        Assert.Equal(["hp-001", "hp-002"], answer!.AsArray().Select(snapshot => (string)snapshot!["heatPumpId"]!));
    }
}
