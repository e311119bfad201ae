using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Core.History.Engines;

public sealed class EngineTypesTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AddHPManagerCore_Engines_AreKnownByKey()
    {
        using var host = _folder.CreateHost();

        var types = host.Services.GetServices<IHistoryEngineType>().ToList();

        Assert.Equal(["influxdb", "postgresql", "victoriametrics"], types.Select(type => type.Key).Order());
        Assert.All(types, type => Assert.All(type.Environment.Keys, key => Assert.Contains(type.Parameters, parameter => parameter.Key == key)));
        Assert.All(types, type => Assert.All(
            type.Parameters.Where(parameter => parameter.Key is "token" or "password"), parameter => Assert.Equal(ParameterKind.Secret, parameter.Kind)));
    }

    [Fact]
    public void Environment_InfluxDb_HasTheNamesOfEarlierCollectors()
    {
        using var host = _folder.CreateHost();
        var influx = host.Services.GetServices<IHistoryEngineType>().Single(type => type.Key == "influxdb");

        var defaults = influx.Parameters.WithDefaults(new Settings([new("url", "http://localhost:8086")]));

        Assert.Equal(["INFLUXDB_BUCKET", "INFLUXDB_ORG", "INFLUXDB_TOKEN", "INFLUXDB_URL"], influx.Environment.Values.Order());
        Assert.Equal(("thermia", "heatpump", "heatpump_metrics"), (defaults["org"], defaults["bucket"], defaults["layout"]));
    }

    [Theory]
    [InlineData("http://192.168.1.20:8086", true)]
    [InlineData("https://influx.example/behind/a/path/", true)]
    [InlineData("192.168.1.20:8086", false)]
    [InlineData("ftp://192.168.1.20", false)]
    [InlineData("http://user:secret@192.168.1.20", false)]
    [InlineData("http://192.168.1.20/?token=secret", false)]
    public void Address_AnyText_IsCheckedAndNeverRepeated(string text, bool isAllowed)
    {
        var problem = EngineAddress.ProblemOf(text, "Address");

        Assert.Equal(isAllowed, problem is null);
        Assert.DoesNotContain("secret", problem ?? "", StringComparison.Ordinal);
    }
}
