using System.Globalization;
using System.Text;
using System.Text.Json;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Drivers;
using HPManager.Tests.Documents;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Deployment;

/// <summary>
/// Every query of every dashboard, asked of the real store. In it is a device of every model, with a value for each of its sensors, in the two
/// layouts that HPManager writes, written here by hand.
/// </summary>
public sealed class DashboardQueryTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);
    private static readonly IReadOnlyDictionary<string, string> Variables = new Dictionary<string, string>
    {
        ["heatpump"] = ".+",
        ["sensor"] = "(outdoor_temperature|flow_temp)",
        ["__interval"] = "10m",
        ["timeFilter"] = string.Create(CultureInfo.InvariantCulture, $"time >= {Now.AddDays(-3).ToUnixTimeMilliseconds()}ms and time <= {Now.ToUnixTimeMilliseconds()}ms"),
    };

    [Fact]
    public async Task InfluxDb_EveryQuery_AnswersForEveryModelThatHasTheSignal()
    {
        var devices = await DevicesAsync();
        await using var server = await InfluxdProcess.StartAsync();
        var lines = new StringBuilder();
        foreach (var (device, at) in devices.SelectMany(device => Moments.Select(at => (device, at))))
        {
            var fields = string.Join(',', device.Sensors.Select(sensor => string.Create(CultureInfo.InvariantCulture, $"{sensor.Key}={Value(at)}")));
            lines.Append(CultureInfo.InvariantCulture, $"heatpump_metrics,heat_pump_id={device.Id},name=Pump\\ {device.Id},location=Cellar,model={device.Model} {fields} {at.ToUnixTimeSeconds()}\n");
        }

        await server.WriteAsync(lines.ToString(), precision: "s");

        await EachAsync("influxdb", devices, async query =>
        {
            var found = new Dictionary<string, HashSet<string>>();
            foreach (var series in Series(await AskAsync(server, query)))
            {
                var columns = series.GetProperty("columns").EnumerateArray().Select(column => column.GetString()!).ToList();
                var id = series.GetProperty("tags").GetProperty("heat_pump_id").GetString()!;
                for (var column = 1; column < columns.Count; column++)
                {
                    if (series.GetProperty("values").EnumerateArray().All(row => row[column].ValueKind == JsonValueKind.Null)) continue;
                    Add(found, id, columns[column][(columns[column].IndexOf('_', StringComparison.Ordinal) + 1)..]);
                }
            }

            return found;
        });
        Assert.Equal(devices.Count, Series(await AskAsync(server, VariableQuery("influxdb", "heatpump"))).Single().GetProperty("values").GetArrayLength());
        Assert.True(Series(await AskAsync(server, VariableQuery("influxdb", "sensor"))).Single().GetProperty("values").GetArrayLength() > 1000);
    }

    [Fact]
    public async Task VictoriaMetrics_EveryQuery_AnswersForEveryModelThatHasTheSignal()
    {
        var devices = await DevicesAsync();
        await using var server = await VictoriaMetricsProcess.StartAsync();
        var lines = new StringBuilder();
        foreach (var (device, at) in devices.SelectMany(device => Moments.Select(at => (device, at))))
        {
            foreach (var sensor in device.Sensors)
                lines.Append(CultureInfo.InvariantCulture, $"{device.Make}_heatpump_{sensor.Key}{{heatpump_id=\"{device.Id}\",manufacturer=\"{device.Make}\",model=\"{device.Model}\"}} {Value(at)} {at.ToUnixTimeMilliseconds()}\n");
        }

        await server.WriteAsync(lines.ToString());

        await EachAsync("victoriametrics", devices, async query =>
        {
            var step = query.Contains("[1d]", StringComparison.Ordinal) ? "1d" : "10m";
            var path = string.Create(CultureInfo.InvariantCulture, $"api/v1/query_range?start={Now.AddDays(-3).ToUnixTimeSeconds()}&end={Now.ToUnixTimeSeconds()}&step={step}&nocache=1");
            using var form = new FormUrlEncodedContent([new("query", query)]);
            using var answer = await server.Client.PostAsync(new Uri(path, UriKind.Relative), form);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{query}\n{text}");
            var found = new Dictionary<string, HashSet<string>>();
            foreach (var series in JsonDocument.Parse(text).RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
            {
                var labels = series.GetProperty("metric");
                var name = labels.GetProperty("__name__").GetString()!;
                Add(found, labels.GetProperty("heatpump_id").GetString()!, name[(name.IndexOf("_heatpump_", StringComparison.Ordinal) + "_heatpump_".Length)..]);
            }

            return found;
        });
    }

    private static DateTimeOffset[] Moments => [Now.AddHours(-50), Now.AddHours(-30), Now.AddHours(-26), Now.AddHours(-2), Now.AddMinutes(-15)];

    private static double Value(DateTimeOffset at) => 100 + ((at - Now).TotalHours / 10);

    // Each target by itself: what it finds is what the models say carries the panel's unit; all of a panel's targets together are the panel.
    private static async Task EachAsync(string store, IReadOnlyList<Device> devices, Func<string, Task<Dictionary<string, HashSet<string>>>> ask)
    {
        var asked = 0;
        foreach (var dashboard in DashboardFile.All.Where(dashboard => dashboard.Path.Contains(store, StringComparison.Ordinal)))
        {
            foreach (var panel in dashboard.Panels)
            {
                var title = $"{dashboard.Path}: {panel.GetProperty("title")}";
                var units = panel.GetProperty("fieldConfig").GetProperty("overrides").EnumerateArray()
                    .Select(change => change.GetProperty("matcher").GetProperty("options").GetString()!).ToHashSet();
                var signals = new HashSet<Signal?>();
                foreach (var target in DashboardFile.Targets(panel))
                {
                    var query = DashboardFile.Query(target, Variables);
                    var found = await ask(query);
                    Assert.True(found.Count > 0, $"{title} answers nothing: {query}");
                    asked++;
                    if (dashboard.Path.EndsWith("sensors.json", StringComparison.Ordinal)) continue;

                    var sensors = found.SelectMany(pair => pair.Value.Select(key => devices.Single(device => device.Id == pair.Key).Sensors.Single(sensor => sensor.Key.Value == key))).ToList();
                    Assert.All(sensors, sensor => Assert.True(sensor.Signal is not null, $"{title}: {sensor.Key} has no signal"));
                    Assert.Single(sensors.Select(sensor => sensor.Unit).Distinct());
                    if (!units.Contains(target.GetProperty("refId").GetString()!))
                        Assert.Equal(UnitOf(panel), sensors[0].Unit.Symbol);
                    signals.UnionWith(sensors.Select(sensor => sensor.Signal));
                }

                if (signals.Count == 0) continue;
                var wanted = devices.SelectMany(device => device.Sensors.Where(sensor => signals.Contains(sensor.Signal)).Select(sensor => (device.Id, sensor.Key.Value))).ToHashSet();
                var shown = new HashSet<(string, string)>();
                foreach (var target in DashboardFile.Targets(panel))
                    shown.UnionWith((await ask(DashboardFile.Query(target, Variables))).SelectMany(pair => pair.Value.Select(key => (pair.Key, key))));
                Assert.True(wanted.SetEquals(shown), $"{title} lacks {string.Join(", ", wanted.Except(shown))} and should not show {string.Join(", ", shown.Except(wanted))}");
            }
        }

        Assert.InRange(asked, 30, 500);
    }

    private static string UnitOf(JsonElement panel) => panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString() switch
    {
        "none" => "",
        "celsius" => "°C",
        "watt" => "W",
        "kwatt" => "kW",
        "watth" => "Wh",
        "kwatth" => "kWh",
        "percent" => "%",
        "pressurebar" => "bar",
        "rothz" => "Hz",
        "rotrpm" => "rpm",
        var other => other!.Replace("suffix: ", "", StringComparison.Ordinal),
    };

    private static string VariableQuery(string store, string name) => DashboardFile.All
        .Single(dashboard => dashboard.Path == $"grafana/dashboards/{store}/sensors.json")
        .Variables.Single(variable => variable.GetProperty("name").GetString() == name).GetProperty("query").GetString()!;

    private static void Add(Dictionary<string, HashSet<string>> found, string id, string sensor)
    {
        if (!found.TryGetValue(id, out var sensors)) found[id] = sensors = [];
        sensors.Add(sensor);
    }

    private static List<JsonElement> Series(JsonElement answer)
    {
        var result = answer.GetProperty("results")[0];
        Assert.False(result.TryGetProperty("error", out var error), error.ToString());
        return result.TryGetProperty("series", out var series) ? [.. series.EnumerateArray()] : [];
    }

    private static async Task<JsonElement> AskAsync(InfluxdProcess server, string query)
    {
        using var form = new FormUrlEncodedContent([new("db", "heatpump"), new("epoch", "ms"), new("q", query)]);
        using var answer = await server.Client.PostAsync(new Uri("query", UriKind.Relative), form);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{query}\n{text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task<IReadOnlyList<Device>> DevicesAsync()
    {
        using var data = new DataFolder();
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddHPManagerDrivers();
        services.Configure<StorageOptions>(options => options.DataFolder = data.Path);
        await using var provider = services.BuildServiceProvider();
        var registry = new ManufacturerRegistry(provider.GetServices<IManufacturerSource>());
        return
        [
            .. registry.All.SelectMany(make => make.Models).Select((model, index) => new Device(
                string.Create(CultureInfo.InvariantCulture, $"hp-{index + 1:000}"), model.Manufacturer, model.Key, model.Sensors(HeatPumpsDocument.Everything(model)).All)),
        ];
    }

    private sealed record Device(string Id, string Make, string Model, IReadOnlyList<SensorDefinition> Sensors);
}
