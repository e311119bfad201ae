using System.Net;
using System.Text.Json.Nodes;
using HPManager.Core.Manufacturers;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Web.Api;

public sealed class WritesApiTests : IAsyncLifetime
{
    private const string Target = "/api/heatpumps/hp-001/sensors/hot_water_target";
    private const string Mode = "/api/heatpumps/hp-001/sensors/operating_mode";
    private const string Surplus = "/api/heatpumps/hp-001/sensors/pv_surplus";
    private ApiServer _server = null!;

    private FakeDevice Device => _server.Make.Device("10.0.0.1");

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        await _server.AddHeatPumpAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("50", 50)]
    [InlineData("\"51\"", 51)]
    [InlineData("5.2e1", 52)]
    public async Task Put_NumberOrItsText_IsSentReadBackAndConfirmed(string json, double value)
    {
        var (status, answer) = await WriteAsync(Target, json);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("confirmed", (string)answer!["status"]!);
        Assert.Equal(value, (double)answer["sent"]!);
        Assert.Equal(value, (double)answer["readBack"]!["value"]!);
        Assert.Equal((FakeMake.Target.Key, value), Assert.Single(Device.Written));
    }

    [Theory]
    [InlineData("\"standby\"")]
    [InlineData("0")]
    public async Task Put_CodeOrItsWord_AnswersBoth(string json)
    {
        var (_, answer) = await WriteAsync(Mode, json);

        Assert.Equal(0, (double)answer!["sent"]!);
        Assert.Equal("standby", (string)answer["sentText"]!);
        Assert.Equal("standby", (string)answer["readBack"]!["text"]!);
    }

    [Fact]
    public async Task Put_ValueThatIsThereAlready_SendsNothing()
    {
        var (status, answer) = await WriteAsync(Target, "48");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("unchanged", (string)answer!["status"]!);
        Assert.Null(answer["sent"]);
        Assert.Empty(Device.Written);
    }

    [Fact]
    public async Task Put_SensorThatCannotBeReadBack_IsSent()
    {
        var (_, answer) = await WriteAsync(Surplus, "3.5");

        Assert.Equal("sent", (string)answer!["status"]!);
        Assert.Null(answer["readBack"]);
    }

    [Fact]
    public async Task Put_HeatPumpRefuses_IsAConflictThatSaysSo()
    {
        Device.WriteFailure = new Failure(FailureCause.Refused, "Illegal data value.");

        var (status, answer) = await WriteAsync(Target, "50");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("Illegal data value", (string)answer!["detail"]!, StringComparison.Ordinal);
        Assert.Equal("refused", (string)answer["outcome"]!["status"]!);
    }

    [Fact]
    public async Task Put_LinkFails_IsABadGatewayThatSaysItIsNotKnown()
    {
        Device.WriteFailure = new Failure(FailureCause.ConnectionLost, "The connection broke.");

        var (status, answer) = await WriteAsync(Target, "50");

        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.Equal("unknown", (string)answer!["outcome"]!["status"]!);
    }

    [Fact]
    public async Task Put_HeatPumpIsSwitchedOff_IsAConflict()
    {
        var off = ApiServer.Candidate();
        off["enabled"] = false;
        await _server.SendAsync(HttpMethod.Put, "/api/heatpumps/hp-001", off);

        Assert.Equal(HttpStatusCode.Conflict, (await WriteAsync(Target, "50")).Status);
    }

    [Fact]
    public async Task Put_HeatPumpKeepsItsOwnValue_IsAConflictWithWhatItShows()
    {
        var time = new ManualTime();
        await using var server = await ApiServer.StartAsync(time);
        server.Make.Device("10.0.0.1").ForgetsWrites = true;
        await server.AddHeatPumpAsync();

        var writing = server.SendTextAsync(HttpMethod.Put, Target, """{"value":50}""");
        await Eventually.IsTrue(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return writing.IsCompleted;
        });

        var (status, answer) = await writing;
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal("reverted", (string)answer!["outcome"]!["status"]!);
        Assert.Equal(48, (double)answer["outcome"]!["readBack"]!["value"]!);
    }

    private Task<(HttpStatusCode Status, JsonNode? Answer)> WriteAsync(string path, string json) =>
        _server.SendTextAsync(HttpMethod.Put, path, $$"""{"value":{{json}}}""");
}
