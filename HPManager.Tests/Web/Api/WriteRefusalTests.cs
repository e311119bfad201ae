using System.Net;
using System.Text.Json.Nodes;

namespace HPManager.Tests.Web.Api;

public sealed class WriteRefusalTests(SharedApiServer shared) : IClassFixture<SharedApiServer>
{
    private const string Target = "/api/heatpumps/hp-001/sensors/hot_water_target";
    private readonly ApiServer _server = shared.Server;

    [Theory]
    [InlineData("\"abc\"", "from 35 to 65 °C in steps of 1")]
    [InlineData("66", "from 35 to 65")]
    [InlineData("50.5", "steps of 1")]
    [InlineData("\"NaN\"", "from 35 to 65")]
    [InlineData("1e999", "from 35 to 65")]
    [InlineData("\"\"", "from 35 to 65")]
    [InlineData("null", "null")]
    [InlineData("[50]", "number")]
    [InlineData("{}", "number")]
    public async Task Put_ValueThatIsNotAllowed_NamesValueAndWhatIs(string json, string allowed)
    {
        var response = await WriteAsync(Target, json);

        Assert.Contains(allowed, ApiServer.MessageFor("value", response), StringComparison.Ordinal);
        Assert.Empty(_server.Make.Device("10.0.0.1").Written);
    }

    [Fact]
    public async Task Put_TextOfAThousandCharacters_IsRefused() =>
        ApiServer.MessageFor("value", await WriteAsync(Target, $"\"{new string('9', 1000)}\""));

    [Fact]
    public async Task Put_WithoutValue_NamesIt() =>
        Assert.Contains("required", ApiServer.MessageFor("value", await _server.SendTextAsync(HttpMethod.Put, Target, "{}")), StringComparison.Ordinal);

    [Fact]
    public async Task Put_UnknownSensor_IsNotFound()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await WriteAsync("/api/heatpumps/hp-001/sensors/nothing", "1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await WriteAsync("/api/heatpumps/hp-001/sensors/No%20Key", "1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await WriteAsync("/api/heatpumps/hp-009/sensors/hot_water_target", "1")).Status);
    }

    [Fact]
    public async Task Put_SensorThatIsOnlyRead_NamesTheSensor() =>
        ApiServer.MessageFor("sensor", await WriteAsync("/api/heatpumps/hp-001/sensors/outdoor_temperature", "1"));

    private Task<(HttpStatusCode Status, JsonNode? Answer)> WriteAsync(string path, string json) =>
        _server.SendTextAsync(HttpMethod.Put, path, $$"""{"value":{{json}}}""");
}
