using System.Net;

namespace HPManager.Tests.Web.Api;

public sealed class ManufacturersApiTests : IAsyncLifetime
{
    private ApiServer _server = null!;

    public async Task InitializeAsync() => _server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task List_NamesMakesAndModels()
    {
        var (status, answer) = await _server.GetAsync("/api/manufacturers");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("fake", (string)answer![0]!["key"]!);
        Assert.Equal("one", (string)answer[0]!["models"]![0]!["key"]!);
    }

    [Fact]
    public async Task Get_KnownModel_TellsAllThatIsNeededToConfigureIt()
    {
        var (status, answer) = await _server.GetAsync("/api/manufacturers/fake/models/one");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("fake_tcp", (string)answer!["connections"]![0]!["kind"]!);
        Assert.Equal("host", (string)answer["connections"]![0]!["parameters"]![0]!["kind"]!);
        Assert.Equal("circuits", (string)answer["options"]![0]!["key"]!);
        Assert.Equal("Switch Modbus on.", (string)answer["guide"]!["steps"]![0]!);
        Assert.Equal(4, (int)answer["capabilities"]!["sensorCount"]!);
        Assert.Contains("outdoor_temperature", answer["capabilities"]!["signals"]!.AsArray().Select(signal => (string)signal!));
        Assert.Equal(30, (int)answer["defaultInterval"]!);

        var target = answer["sensors"]!.AsArray().Single(sensor => (string)sensor!["key"]! == "hot_water_target")!;
        Assert.Equal("read_write", (string)target["access"]!);
        Assert.Equal("°C", (string)target["unit"]!);
        Assert.Equal(65, (double)target["range"]!["max"]!);
        var mode = answer["sensors"]!.AsArray().Single(sensor => (string)sensor!["key"]! == "operating_mode")!;
        Assert.Equal("hot water only", (string)mode["codes"]!["4"]!);
    }

    [Fact]
    public async Task Get_OptionThatIsNotOffered_NamesItAndWhatIs()
    {
        var response = await _server.GetAsync("/api/manufacturers/fake/models/one?circuits=z");

        Assert.Contains("a, b", ApiServer.MessageFor("circuits", response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_UnknownModel_IsNotFound()
    {
        var (status, answer) = await _server.GetAsync("/api/manufacturers/fake/models/two");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("fake/two", (string)answer!["detail"]!, StringComparison.Ordinal);
    }
}
