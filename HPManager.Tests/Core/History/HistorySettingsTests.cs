using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Core.History;

/// <summary>What is saved, what the environment fills in, and what is refused.</summary>
public sealed class HistorySettingsTests
{
    private readonly MemoryDocuments _documents = new();
    private readonly Dictionary<string, string?> _environment = [];

    [Fact]
    public async Task Engines_NothingSavedAndNoEnvironment_AreNone() => Assert.Empty(await Store().EnginesAsync(default));

    [Fact]
    public async Task Engines_TheEnvironmentNamesOne_IsUsedWithDefaultsAndSaysWhereEachValueComesFrom()
    {
        _environment["INFLUXDB_URL"] = "http://127.0.0.1:8086";
        _environment["INFLUXDB_TOKEN"] = "from-environment";

        var engine = Assert.Single(await Store().EnginesAsync(default));

        Assert.Equal(("http://127.0.0.1:8086", "from-environment", "heatpump"), (engine.Settings["url"], engine.Settings["token"], engine.Settings["bucket"]));
        Assert.Equal([ValueOrigin.Environment, ValueOrigin.Environment, ValueOrigin.Default], [engine.Origins["url"], engine.Origins["token"], engine.Origins["bucket"]]);
        Assert.True(engine is { IsOn: true, IsSaved: false });
    }

    [Fact]
    public async Task Engines_VariableIsEmpty_CountsAsNotSet()
    {
        _environment["INFLUXDB_URL"] = " ";

        Assert.Empty(await Store().EnginesAsync(default));
    }

    [Fact]
    public async Task Engines_SavedInTheBrowser_IsNeverOverriddenByTheEnvironment()
    {
        _environment["INFLUXDB_URL"] = "http://127.0.0.1:1";
        _environment["INFLUXDB_BUCKET"] = "other";
        var store = Store();
        await store.SaveAsync(With(new Settings([new("url", "http://127.0.0.1:8086")])), default);

        var engine = Assert.Single(await store.EnginesAsync(default));

        Assert.Equal(("http://127.0.0.1:8086", "other"), (engine.Settings["url"], engine.Settings["bucket"]));
        Assert.Equal((ValueOrigin.Saved, ValueOrigin.Environment), (engine.Origins["url"], engine.Origins["bucket"]));
    }

    [Fact]
    public async Task Save_ASecret_IsNotReadableInWhatIsKeptAndComesBack()
    {
        await Store().SaveAsync(With(new Settings([new("url", "http://127.0.0.1:8086"), new("token", "very-secret")])), default);

        Assert.DoesNotContain("very-secret", _documents.Content["history"], StringComparison.Ordinal);
        Assert.Equal("very-secret", (await Store().ReadAsync(default)).Engines[0].Settings["token"]);
    }

    [Fact]
    public void Check_WrongSettings_NamesEachField()
    {
        var settings = With(new Settings([new("bucket", "x")])) with { Source = "nowhere", Keeping = new HistoryKeeping(0, null) };

        var fields = Store().Check(settings).Select(error => error.Field);

        Assert.Equal(["engines.influxdb.url", "source", "keeping.days"], fields);
    }

    private HistorySettingsStore Store() => new(
        _documents,
        new ReversingProtector(),
        [new FakeEngineType()],
        new ConfigurationBuilder().AddInMemoryCollection(_environment).Build(),
        NullLogger<HistorySettingsStore>.Instance);

    private static HistorySettings With(Settings settings) => HistorySettings.Default with { Engines = [new EngineSettings("influxdb", settings, true, true)] };
}
