using System.Text.Json.Nodes;

namespace HPManager.Tests.Documents.Grafana;

/// <summary>How a panel wants its series.</summary>
internal enum Reduction
{
    /// <summary>The mean of each step.</summary>
    Mean,

    /// <summary>The last value of each step: for states, which have no mean.</summary>
    Last,

    /// <summary>What a counter gained, a day each.</summary>
    PerDay,
}

/// <summary>A store's data source, and its way to say what a panel asks.</summary>
internal abstract record GrafanaStore(string Key, string Name, string DataSourceType)
{
    public static IReadOnlyList<GrafanaStore> All { get; } = [new InfluxQueries(), new PromQueries()];

    /// <summary>The data source's stable uid, as in grafana/provisioning.</summary>
    public string DataSourceUid => $"hpmanager-{Key}";

    public JsonObject DataSource => new() { ["type"] = DataSourceType, ["uid"] = DataSourceUid };

    /// <summary>Choices of heat pumps.</summary>
    public abstract string HeatPumps { get; }

    /// <summary>Choices of sensors.</summary>
    public abstract string Sensors { get; }

    /// <summary>What Grafana takes from a choice; empty for all of it.</summary>
    public virtual string SensorsRegex => "";

    /// <summary>A target for sensors of one meaning.</summary>
    public JsonObject Target(string id, SensorGroup group, Reduction reduction) => Target(
        id, string.Join('|', group.Keys), group.Models.Count == 0 ? null : string.Join('|', group.Models), reduction);

    /// <summary>A target for the sensors that the viewer chose.</summary>
    public JsonObject ChosenTarget(string id, Reduction reduction) => Target(id, "${sensor:regex}", null, reduction);

    /// <summary>Turns the store's column names into what a person reads.</summary>
    public abstract JsonArray Transformations { get; }

    protected abstract JsonObject Target(string id, string sensors, string? models, Reduction reduction);
}

/// <summary>InfluxQL over the measurement <c>heatpump_metrics</c>: tags for the heat pump, a field per sensor.</summary>
internal sealed record InfluxQueries() : GrafanaStore("influxdb", "InfluxDB", "influxdb")
{
    public override string HeatPumps => "SHOW TAG VALUES FROM \"heatpump_metrics\" WITH KEY = \"heat_pump_id\"";

    public override string Sensors => "SHOW FIELD KEYS FROM \"heatpump_metrics\"";

    public override JsonArray Transformations =>
        [new JsonObject { ["id"] = "renameByRegex", ["options"] = new JsonObject { ["regex"] = "^(.*) (?:mean|last|spread)_(.*)$", ["renamePattern"] = "$1 $2" } }];

    protected override JsonObject Target(string id, string sensors, string? models, Reduction reduction)
    {
        var (function, step) = reduction switch { Reduction.Mean => ("mean", "$__interval"), Reduction.Last => ("last", "$__interval"), _ => ("spread", "1d") };
        var model = models is null ? "" : $" AND \"model\" =~ /^({models})$/";
        return new JsonObject
        {
            ["refId"] = id,
            ["datasource"] = DataSource,
            ["rawQuery"] = true,
            ["resultFormat"] = "time_series",
            ["alias"] = "$tag_name $col",
            ["query"] =
                $"SELECT {function}(/^({sensors})$/) FROM \"heatpump_metrics\" WHERE \"heat_pump_id\" =~ /^(${{heatpump:regex}})$/{model} AND $timeFilter GROUP BY time({step}), \"heat_pump_id\", \"name\" fill(none)",
        };
    }
}

/// <summary>PromQL over <c>&lt;manufacturer&gt;_heatpump_&lt;sensor&gt;</c>, with the little that VictoriaMetrics adds to keep names.</summary>
internal sealed record PromQueries() : GrafanaStore("victoriametrics", "VictoriaMetrics", "prometheus")
{
    public override string HeatPumps => "label_values({__name__=~\".+_heatpump_.+\"}, heatpump_id)";

    public override string Sensors => "label_values({__name__=~\".+_heatpump_.+\", heatpump_id=~\"$heatpump\"}, __name__)";

    public override string SensorsRegex => "/^.+?_heatpump_(.+)$/";

    public override JsonArray Transformations =>
        [new JsonObject { ["id"] = "renameByRegex", ["options"] = new JsonObject { ["regex"] = "^(.*) [a-z0-9_]+?_heatpump_(.*)$", ["renamePattern"] = "$1 $2" } }];

    protected override JsonObject Target(string id, string sensors, string? models, Reduction reduction)
    {
        var (function, step) = reduction switch { Reduction.Mean => ("avg_over_time", "$__interval"), Reduction.Last => ("last_over_time", "$__interval"), _ => ("increase", "1d") };
        var model = models is null ? "" : $", model=~\"{models}\"";
        var target = new JsonObject
        {
            ["refId"] = id,
            ["datasource"] = DataSource,
            ["editorMode"] = "code",
            ["range"] = true,
            ["legendFormat"] = "{{heatpump_id}} {{__name__}}",
            ["expr"] = $"{function}({{__name__=~\".+_heatpump_({sensors})\", heatpump_id=~\"$heatpump\"{model}}}[{step}]) keep_metric_names",
        };
        if (reduction == Reduction.PerDay) target["interval"] = "1d";
        return target;
    }
}
