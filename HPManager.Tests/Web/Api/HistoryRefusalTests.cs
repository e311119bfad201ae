namespace HPManager.Tests.Web.Api;

public sealed class HistoryRefusalTests(SharedApiServer shared) : IClassFixture<SharedApiServer>
{
    private const string History = "/api/heatpumps/hp-001/history";
    private readonly ApiServer _server = shared.Server;

    [Theory]
    [InlineData("", "sensor", "1 to 64")]
    [InlineData("sensor=", "sensor", "1 to 64")]
    [InlineData("sensor=nothing", "sensor", "nothing")]
    [InlineData("sensor=No%20Key", "sensor", "No Key")]
    [InlineData("sensor=pv_surplus", "sensor", "pv_surplus")]
    [InlineData("sensor=outdoor_temperature&from=yesterday", "from", "ISO 8601")]
    [InlineData("sensor=outdoor_temperature&from=-99999999999d", "from", "ISO 8601")]
    [InlineData("sensor=outdoor_temperature&from=-2000000d", "from", "ISO 8601")]
    [InlineData("sensor=outdoor_temperature&to=2026-13-01", "to", "ISO 8601")]
    [InlineData("sensor=outdoor_temperature&from=2026-01-02&to=2026-01-01", "from", "earlier than to")]
    [InlineData("sensor=outdoor_temperature&from=2026-01-02&to=2026-01-02", "from", "earlier than to")]
    [InlineData("sensor=outdoor_temperature&from=now", "from", "earlier than to")]
    [InlineData("sensor=outdoor_temperature&points=1", "points", "2 to 20000")]
    [InlineData("sensor=outdoor_temperature&points=20001", "points", "2 to 20000")]
    [InlineData("sensor=outdoor_temperature&points=NaN", "points", "2 to 20000")]
    [InlineData("sensor=outdoor_temperature&to=0001-01-01", "to", "1970")]
    [InlineData("sensor=outdoor_temperature&to=9999-12-31&from=9999-12-31", "from", "earlier than to")]
    public async Task Get_WrongQuestion_NamesTheFieldAndWhatIsAllowed(string query, string field, string allowed)
    {
        var response = await _server.GetAsync($"{History}?{query}");

        Assert.Contains(allowed, ApiServer.MessageFor(field, response), StringComparison.Ordinal);
    }
}
