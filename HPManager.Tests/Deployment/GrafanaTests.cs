using System.Text.Json;
using HPManager.Tests.Shared;
using YamlDotNet.Serialization;

namespace HPManager.Tests.Deployment;

/// <summary>What is provisioned fits together, as far as that can be said without a Grafana.</summary>
public sealed class GrafanaTests : IDisposable
{
    private static readonly string[] PanelTypes = ["stat", "state-timeline", "table", "timeseries"];
    private static readonly string[] BuiltIn = ["timeFilter", "__interval", "tag_name", "col"];
    private static readonly string[] Stores = ["influxdb", "victoriametrics"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-provisioning-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Dashboards_Uids_AreStableAndSingle()
    {
        var uids = DashboardFile.All.Select(dashboard => dashboard.Root.GetProperty("uid").GetString()!).ToList();

        Assert.Equal(6, uids.Count);
        Assert.Equal(uids.Count, uids.Distinct().Count());
        Assert.All(uids, uid => Assert.Matches("^[a-z-]{8,40}$", uid));
        Assert.All(DashboardFile.All, dashboard => Assert.False(dashboard.Root.TryGetProperty("id", out _), dashboard.Path));
    }

    [Fact]
    public void Dashboards_EveryDataSource_IsProvisioned()
    {
        var provisioned = Stores.Select(store => Provisioned(store, "datasources")).ToDictionary(source => source["uid"].ToString()!, source => source["type"].ToString()!);

        Assert.All(DashboardFile.All, dashboard => Assert.All(Sources(dashboard.Root), source =>
            Assert.Equal(provisioned[source.GetProperty("uid").GetString()!], source.GetProperty("type").GetString())));
        Assert.All(Stores, store => Assert.Equal(3, DashboardFile.All.Count(dashboard => Sources(dashboard.Root).All(source => source.GetProperty("uid").GetString() == $"hpmanager-{store}"))));
    }

    [Fact]
    public void Dashboards_EveryVariable_IsDefinedAndUsed() => Assert.All(DashboardFile.All, dashboard =>
    {
        var defined = dashboard.Variables.Select(variable => variable.GetProperty("name").GetString()!).ToHashSet();
        var used = Texts(dashboard.Root.GetProperty("panels")).Where(text => !text.StartsWith("$1", StringComparison.Ordinal))
            .SelectMany(text => DashboardFile.Variable().Matches(text)).Select(match => match.Groups["name"].Value).ToHashSet();

        Assert.Empty(used.Except(defined).Except(BuiltIn));
        Assert.Empty(defined.Except(used));
        Assert.All(dashboard.Variables, variable => Assert.True(variable.GetProperty("multi").GetBoolean()));
    });

    [Fact]
    public void Dashboards_Panels_AreOfGrafanasOwnAndDoNotOverlap() => Assert.All(DashboardFile.All, dashboard =>
    {
        var taken = new HashSet<(int X, int Y)>();
        Assert.Equal(dashboard.Panels.Count, dashboard.Panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        foreach (var panel in dashboard.Panels)
        {
            Assert.Contains(panel.GetProperty("type").GetString(), PanelTypes);
            var place = panel.GetProperty("gridPos");
            var (x, y, w, h) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32(), place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
            Assert.InRange(x + w, 1, 24);
            for (var column = x; column < x + w; column++)
                for (var row = y; row < y + h; row++) Assert.True(taken.Add((column, row)), $"{dashboard.Path}: {panel.GetProperty("title")}");
            var ids = DashboardFile.Targets(panel).Select(target => target.GetProperty("refId").GetString()).ToList();
            Assert.NotEmpty(ids);
            Assert.Equal(ids.Count, ids.Distinct().Count());
            Assert.All(
                panel.GetProperty("fieldConfig").GetProperty("overrides").EnumerateArray(),
                change => Assert.Contains(change.GetProperty("matcher").GetProperty("options").GetString(), ids));
        }
    });

    [Fact]
    public void Providers_Folders_AreWhereComposeMountsTheDashboards()
    {
        Assert.Contains("./grafana:/grafana:ro", new ComposeFile().Services["grafana"].List("volumes"));
        Assert.All(Stores, store =>
        {
            var path = ((Dictionary<object, object>)Provisioned(store, "dashboards", "providers")["options"])["path"].ToString()!;
            Assert.True(Directory.Exists(Repository.PathOf(path.TrimStart('/'))), path);
        });
    }

    [Theory]
    [InlineData("", "t", "", "", "set GRAFANA_PASSWORD in .env")]
    [InlineData("secret", "", "", "", "set INFLUXDB_TOKEN or VICTORIAMETRICS_URL in .env")]
    [InlineData("secret", "t", "", "influxdb", "")]
    [InlineData("secret", "", "http://victoriametrics:8428", "victoriametrics", "")]
    [InlineData("secret", "t", "http://victoriametrics:8428", "influxdb,victoriametrics", "")]
    public async Task Start_StoresInUse_AreProvisionedAndNoOthers(string password, string token, string victoriaMetrics, string provisioned, string said)
    {
        var settings = new ComposeFile(("GRAFANA_PASSWORD", password), ("INFLUXDB_TOKEN", token), ("VICTORIAMETRICS_URL", victoriaMetrics)).Services["grafana"];
        var folder = Path.Combine(_folder.FullName, "provisioning");
        var environment = new Dictionary<string, string>(settings.Environment) { ["GF_PATHS_PROVISIONING"] = folder, ["GRAFANA_RUN"] = "/bin/true" };

        var outcome = await Shell.RunAsync(["/bin/sh", Repository.PathOf("grafana/start")], environment);

        Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(said.Length == 0 ? 0 : 1, outcome.ExitCode);
        if (said.Length > 0) return;
        Assert.All(["datasources", "dashboards"], kind => Assert.Equal(
            provisioned, string.Join(',', Directory.GetFiles(Path.Combine(folder, kind)).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal))));
    }

    private static Dictionary<object, object> Provisioned(string store, string kind, string? list = null)
    {
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(File.ReadAllText(Repository.PathOf($"grafana/provisioning/{kind}/{store}.yaml")));
        return (Dictionary<object, object>)Assert.Single((List<object>)file[list ?? kind]);
    }

    private static IEnumerable<JsonElement> Sources(JsonElement element) => Everything(element)
        .Where(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("datasource", out _)).Select(item => item.GetProperty("datasource"));

    private static IEnumerable<string> Texts(JsonElement element) => Everything(element).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!);

    private static IEnumerable<JsonElement> Everything(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Everything(member.Value)).Prepend(element),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Everything).Prepend(element),
        _ => [element],
    };
}
