using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Tests.Documents.Grafana;

/// <summary>
/// Writes the dashboards below <c>grafana/dashboards</c> from the models: panels are about signals, and ask for whatever sensors of whatever make carry them.
/// </summary>
internal sealed class GrafanaDashboards(IReadOnlyList<Manufacturer> manufacturers)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly SignalFields _fields = new(manufacturers);

    /// <summary>Path below the repository and content of every dashboard.</summary>
    public IEnumerable<(string Path, string Content)> Write()
    {
        foreach (var store in GrafanaStore.All)
        {
            var panels = new GrafanaPanels(store, _fields);
            yield return Dashboard(store, "overview", "All heat pumps", chooses: false, Overview(panels));
            yield return Dashboard(store, "heat-pump", "Heat pump", chooses: false, HeatPump(panels));
            yield return Dashboard(store, "sensors", "Any sensor", chooses: true, [panels.ChosenChart("Chart", 0), panels.ChosenTable("Newest values", 16)]);
        }
    }

    private static JsonObject[] Overview(GrafanaPanels panels) => Placed(
        panels.Newest("Outdoor", Signal.OutdoorTemperature),
        panels.Newest("Flow", Signal.FlowTemperature),
        panels.Newest("Hot water", Signal.HotWaterTemperature),
        panels.Newest("Electric power", Signal.ElectricPower),
        panels.Newest("Fault", Signal.FaultCode, Signal.FaultActive),
        panels.Newest("Battery", Signal.StateOfCharge),
        panels.Chart("Outdoor temperature", Signal.OutdoorTemperature),
        panels.Chart("Flow temperature", Signal.FlowTemperature),
        panels.Chart("Hot water temperature", Signal.HotWaterTemperature),
        panels.Chart("Electric power", Signal.ElectricPower),
        panels.Daily("Electric energy a day", Signal.ElectricEnergy),
        panels.Daily("Heat a day", Signal.ThermalEnergy),
        panels.States("Compressors", Signal.CompressorRunning),
        panels.States("Faults", Signal.FaultCode, Signal.FaultActive));

    private static JsonObject[] HeatPump(GrafanaPanels panels) => Placed(
        panels.Chart("Flow and return", Signal.FlowTemperature, Signal.ReturnTemperature, Signal.FlowTemperatureTarget, Signal.CircuitFlowTemperature, Signal.BufferTemperature),
        panels.Chart("Hot water", Signal.HotWaterTemperature, Signal.HotWaterTemperatureBottom, Signal.HotWaterTarget),
        panels.Chart("Outdoors and rooms", Signal.OutdoorTemperature, Signal.OutdoorTemperatureAverage, Signal.RoomTemperature, Signal.RoomTemperatureTarget),
        panels.Chart("Source", Signal.SourceInTemperature, Signal.SourceOutTemperature),
        panels.Chart("Power", Signal.ElectricPower, Signal.ThermalPower, Signal.SupplementaryHeatPower),
        panels.Chart("Compressor speed", Signal.CompressorSpeed),
        panels.Daily("Electric energy a day", Signal.ElectricEnergy),
        panels.Daily("Heat a day", Signal.ThermalEnergy, Signal.ThermalEnergyHeating, Signal.ThermalEnergyHotWater),
        panels.States("States", Signal.OperatingState, Signal.OperatingMode, Signal.CompressorRunning, Signal.DefrostActive, Signal.SmartGridState),
        panels.States("Faults", Signal.FaultCode, Signal.FaultActive),
        panels.Chart("Flow rate", Signal.FlowRate),
        panels.Chart("Pumps and fan", Signal.HeatingPumpSpeed, Signal.SourcePumpSpeed),
        panels.Chart("Refrigerant temperatures", Signal.HotGasTemperature, Signal.SuctionGasTemperature),
        panels.Chart("Refrigerant pressures", Signal.HighPressure, Signal.LowPressure),
        panels.Daily("Compressor starts a day", Signal.CompressorStarts),
        panels.Chart("Battery", Signal.StateOfCharge, Signal.ChargePower, Signal.GridPower, Signal.HousePower, Signal.PvSurplus));

    // Row by row, 24 columns wide, in the order given.
    private static JsonObject[] Placed(params JsonObject[] panels)
    {
        var (x, y) = (0, 0);
        var id = 1;
        foreach (var panel in panels)
        {
            var place = panel["gridPos"]!;
            var width = place["w"]!.GetValue<int>();
            if (x + width > 24) (x, y) = (0, y + place["h"]!.GetValue<int>());
            panel["id"] = id++;
            (place["x"], place["y"]) = (x, y);
            x += width;
            if (x >= 24) (x, y) = (0, y + place["h"]!.GetValue<int>());
        }

        return panels;
    }

    private static (string Path, string Content) Dashboard(GrafanaStore store, string name, string title, bool chooses, IReadOnlyList<JsonObject> panels)
    {
        var variables = new JsonArray(Variable(store, "heatpump", "Heat pump", store.HeatPumps, "", isAll: true));
        if (chooses) variables.Add(Variable(store, "sensor", "Sensor", store.Sensors, store.SensorsRegex, isAll: false));
        var dashboard = new JsonObject
        {
            ["uid"] = $"hpmanager-{store.Key}-{name}",
            ["title"] = title,
            ["tags"] = new JsonArray("hpmanager", store.Key),
            ["schemaVersion"] = 39,
            ["version"] = 1,
            ["editable"] = true,
            ["graphTooltip"] = 1,
            ["refresh"] = "1m",
            ["timezone"] = "browser",
            ["time"] = new JsonObject { ["from"] = name == "overview" ? "now-2d" : "now-1d", ["to"] = "now" },
            ["links"] = new JsonArray(new JsonObject
            {
                ["type"] = "dashboards",
                ["title"] = "HPManager",
                ["tags"] = new JsonArray("hpmanager", store.Key),
                ["asDropdown"] = false,
                ["includeVars"] = true,
                ["keepTime"] = true,
            }),
            ["templating"] = new JsonObject { ["list"] = variables },
            ["annotations"] = new JsonObject { ["list"] = new JsonArray() },
            ["panels"] = new JsonArray([.. panels]),
        };
        return ($"grafana/dashboards/{store.Key}/{name}.json", dashboard.ToJsonString(Indented) + "\n");
    }

    private static JsonObject Variable(GrafanaStore store, string name, string label, string query, string regex, bool isAll)
    {
        var variable = new JsonObject
        {
            ["name"] = name,
            ["label"] = label,
            ["type"] = "query",
            ["datasource"] = store.DataSource,
            ["query"] = query,
            ["definition"] = query,
            ["regex"] = regex,
            ["refresh"] = 2,
            ["sort"] = 1,
            ["multi"] = true,
            ["includeAll"] = isAll,
            ["hide"] = 0,
        };
        if (isAll) variable["allValue"] = ".+";
        variable["current"] = isAll ? new JsonObject { ["text"] = new JsonArray("All"), ["value"] = new JsonArray("$__all") } : [];
        return variable;
    }
}
