using HPManager.Tests.Shared;
using YamlDotNet.Serialization;

namespace HPManager.Tests.Packaging;

/// <summary>The container files, as far as they can be checked without a container engine.</summary>
public class ComposeFileTests
{
    [Fact]
    public void Compose_Services_AreHPManagerAndWhatCanBeLeftOut()
    {
        var services = Services();

        Assert.Equal(["grafana", "hpmanager", "influxdb"], services.Keys.Order());
        Assert.Equal(".", services["hpmanager"]["build"]);
        Assert.False(services["hpmanager"].ContainsKey("profiles"));
        Assert.Equal("influxdb:2.7", services["influxdb"]["image"]);
        Assert.Equal(["influxdb"], Texts(services["influxdb"]["profiles"]));
        Assert.Equal(["grafana"], Texts(services["grafana"]["profiles"]));
    }

    [Fact]
    public void Compose_EveryPort_IsPublishedOnLoopbackOnly() =>
        Assert.All(Services().Values.SelectMany(service => Texts(service["ports"])), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));

    [Fact]
    public void Compose_NoSecret_HasADefault()
    {
        var settings = Services().Values.Where(service => service.ContainsKey("environment"))
            .SelectMany(service => (Dictionary<object, object>)service["environment"])
            .Where(setting => setting.Key.ToString()!.Contains("PASSWORD", StringComparison.Ordinal) || setting.Key.ToString()!.Contains("TOKEN", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(3, settings.Count);
        Assert.All(settings, setting => Assert.EndsWith(":-}", setting.Value.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Dockerfile_RunsAsAUserAndUsesTheSystemsSqlite()
    {
        var lines = File.ReadAllLines(Repository.PathOf("Dockerfile"));

        Assert.Contains("USER app", lines);
        Assert.Contains(lines, line => line.Contains("libsqlite3-0", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("HEALTHCHECK", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Texts(object list) => ((List<object>)list).Select(item => item.ToString()!);

    private static Dictionary<string, Dictionary<string, object>> Services()
    {
        var file = new DeserializerBuilder().Build()
            .Deserialize<Dictionary<string, object>>(File.ReadAllText(Repository.PathOf("docker-compose.yml")));
        return ((Dictionary<object, object>)file["services"]).ToDictionary(
            service => service.Key.ToString()!,
            service => ((Dictionary<object, object>)service.Value).ToDictionary(setting => setting.Key.ToString()!, setting => setting.Value));
    }
}
