using System.Globalization;
using System.Text.Json.Nodes;
using HPManager.Core.Sensors;

namespace HPManager.Tests.Documents.Grafana;

/// <summary>Panels over signals, for one store. A unit of its own brings an axis of its own.</summary>
internal sealed class GrafanaPanels(GrafanaStore store, SignalFields fields)
{
    // Readings of a heat pump that is polled through a cloud may be an hour apart.
    private const int LongestGapMs = 3_600_000;

    /// <summary>Numbers: the newest value of each heat pump.</summary>
    public JsonObject Newest(string title, params Signal[] signals)
    {
        var panel = Panel("stat", title, width: 8, height: 5, Targets(signals, Reduction.Last));
        panel["options"] = new JsonObject
        {
            ["reduceOptions"] = new JsonObject { ["calcs"] = new JsonArray("lastNotNull"), ["fields"] = "", ["values"] = false },
            ["orientation"] = "auto",
            ["textMode"] = "value_and_name",
            ["colorMode"] = "none",
            ["graphMode"] = "area",
            ["justifyMode"] = "auto",
        };
        return panel;
    }

    /// <summary>Lines over time.</summary>
    public JsonObject Chart(string title, params Signal[] signals) => Lines(title, width: 12, height: 9, Targets(signals, Reduction.Mean));

    /// <summary>Bars: what a counter gained each day.</summary>
    public JsonObject Daily(string title, params Signal[] signals)
    {
        var panel = Lines(title, width: 12, height: 9, Targets(signals, Reduction.PerDay));
        panel["description"] = "Days are those of UTC.";
        panel["timeFrom"] = "30d";
        var custom = panel["fieldConfig"]!["defaults"]!["custom"]!;
        (custom["drawStyle"], custom["fillOpacity"], custom["spanNulls"]) = ("bars", 60, false);
        return panel;
    }

    /// <summary>Bands of states over time; the numbers are the make's own codes.</summary>
    public JsonObject States(string title, params Signal[] signals)
    {
        var panel = Panel("state-timeline", title, width: 12, height: 9, Targets(signals, Reduction.Last));
        panel["fieldConfig"]!["defaults"]!["custom"] = new JsonObject { ["fillOpacity"] = 70, ["lineWidth"] = 0, ["spanNulls"] = LongestGapMs };
        panel["options"] = new JsonObject
        {
            ["mergeValues"] = true,
            ["showValue"] = "auto",
            ["alignValue"] = "left",
            ["rowHeight"] = 0.9,
            ["legend"] = new JsonObject { ["showLegend"] = false, ["displayMode"] = "list", ["placement"] = "bottom" },
            ["tooltip"] = new JsonObject { ["mode"] = "single", ["sort"] = "none" },
        };
        return panel;
    }

    /// <summary>Lines of the sensors that the viewer chose.</summary>
    public JsonObject ChosenChart(string title, int y) => At(Lines(title, width: 24, height: 16, [(store.ChosenTarget("A", Reduction.Mean), Unit.None)]), id: 1, y);

    /// <summary>A table of the sensors that the viewer chose.</summary>
    public JsonObject ChosenTable(string title, int y)
    {
        var panel = At(Panel("table", title, width: 24, height: 10, [(store.ChosenTarget("A", Reduction.Last), Unit.None)]), id: 2, y);
        panel["options"] = new JsonObject { ["showHeader"] = true, ["cellHeight"] = "sm" };
        panel["transformations"]!.AsArray().Add(new JsonObject { ["id"] = "reduce", ["options"] = new JsonObject { ["reducers"] = new JsonArray("lastNotNull", "min", "max", "mean") } });
        return panel;
    }

    private static JsonObject At(JsonObject panel, int id, int y)
    {
        panel["id"] = id;
        (panel["gridPos"]!["x"], panel["gridPos"]!["y"]) = (0, y);
        return panel;
    }

    private JsonObject Lines(string title, int width, int height, IReadOnlyList<(JsonObject Target, Unit Unit)> targets)
    {
        var panel = Panel("timeseries", title, width, height, targets);
        panel["fieldConfig"]!["defaults"]!["custom"] = new JsonObject
        {
            ["drawStyle"] = "line",
            ["lineWidth"] = 1,
            ["fillOpacity"] = 0,
            ["showPoints"] = "auto",
            ["spanNulls"] = LongestGapMs,
            ["axisPlacement"] = "auto",
        };
        panel["options"] = new JsonObject
        {
            ["legend"] = new JsonObject { ["showLegend"] = true, ["displayMode"] = "table", ["placement"] = "bottom", ["calcs"] = new JsonArray("min", "max", "lastNotNull") },
            ["tooltip"] = new JsonObject { ["mode"] = "multi", ["sort"] = "desc" },
        };
        return panel;
    }

    private JsonObject Panel(string type, string title, int width, int height, IReadOnlyList<(JsonObject Target, Unit Unit)> targets)
    {
        var overrides = targets.Where(target => target.Unit != targets[0].Unit).Select(target => (JsonNode)new JsonObject
        {
            ["matcher"] = new JsonObject { ["id"] = "byFrameRefID", ["options"] = target.Target["refId"]!.GetValue<string>() },
            ["properties"] = new JsonArray(new JsonObject { ["id"] = "unit", ["value"] = UnitId(target.Unit) }),
        });
        return new JsonObject
        {
            ["id"] = 0,
            ["type"] = type,
            ["title"] = title,
            ["datasource"] = store.DataSource,
            ["gridPos"] = new JsonObject { ["x"] = 0, ["y"] = 0, ["w"] = width, ["h"] = height },
            ["targets"] = new JsonArray([.. targets.Select(target => target.Target)]),
            ["transformations"] = store.Transformations,
            ["fieldConfig"] = new JsonObject
            {
                ["defaults"] = new JsonObject { ["unit"] = UnitId(targets[0].Unit) },
                ["overrides"] = new JsonArray([.. overrides]),
            },
        };
    }

    private IReadOnlyList<(JsonObject Target, Unit Unit)> Targets(IReadOnlyCollection<Signal> signals, Reduction reduction) =>
        [.. fields.Of(signals).Select((group, index) => (store.Target(((char)('A' + index)).ToString(CultureInfo.InvariantCulture), group, reduction), group.Unit))];

    // Grafana's own ids where it knows the unit and scales it; else the symbol as it is.
    private static string UnitId(Unit unit) => unit.Symbol switch
    {
        "" => "none",
        "°C" => "celsius",
        "W" => "watt",
        "kW" => "kwatt",
        "Wh" => "watth",
        "kWh" => "kwatth",
        "%" => "percent",
        "bar" => "pressurebar",
        "Hz" => "rothz",
        "rpm" => "rotrpm",
        _ => $"suffix: {unit.Symbol}",
    };
}
