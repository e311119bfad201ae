using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>A simulated heat pump as a One Base unit (Vitocal 250-A) would be shown by the cloud, with one circuit and one compressor. Thread-safe.</summary>
/// <param name="pump">What lives behind it.</param>
/// <param name="installation">Id of the installation.</param>
/// <param name="gateway">Serial number of the gateway.</param>
/// <param name="device">Id of the device.</param>
/// <param name="at">Where the cloud is.</param>
internal sealed class ViessmannFeatures(SimulatedHeatPump pump, string installation, string gateway, string device, Func<string> at)
{
    private const string Comfort = "heating.circuits.0.operating.programs.comfortHeating";
    private const string Normal = "heating.circuits.0.operating.programs.normalHeating";
    private const string Reduced = "heating.circuits.0.operating.programs.reducedHeating";
    private const string Mode = "heating.circuits.0.operating.modes.active";
    private const string Curve = "heating.circuits.0.heating.curve";
    private const string HotWater = "heating.dhw.temperature.main";
    private const string Charge = "heating.dhw.oneTimeCharge";

    private double _comfort = 23;
    private double _reduced = 18;

    /// <summary>The list of installations.</summary>
    public string Installations() => new JsonObject
    {
        ["data"] = new JsonArray(new JsonObject
        {
            ["id"] = long.Parse(installation, CultureInfo.InvariantCulture),
            ["description"] = "Villa",
            ["aggregatedStatus"] = "WorksProperly",
            ["gateways"] = new JsonArray(new JsonObject
            {
                ["serial"] = gateway,
                ["gatewayType"] = "TCU300",
                ["devices"] = new JsonArray(
                    new JsonObject
                    {
                        ["gatewaySerial"] = gateway,
                        ["id"] = device,
                        ["modelId"] = "E3_Vitocal_250A",
                        ["status"] = "Online",
                        ["deviceType"] = "heating",
                        ["roles"] = new JsonArray("type:heating", "type:heatpump", "type:E3"),
                    },
                    new JsonObject { ["gatewaySerial"] = gateway, ["id"] = "gateway", ["modelId"] = "TCU300", ["status"] = "Online", ["deviceType"] = "tcu", ["roles"] = new JsonArray("type:gateway;TCU300") }),
            }),
        }),
    }.ToJsonString();

    /// <summary>All features.</summary>
    public string All() => new JsonObject { ["data"] = new JsonArray([.. Features()]) }.ToJsonString();

    /// <summary>One feature; null when there is none of the name.</summary>
    public string? One(string name) =>
        Features().FirstOrDefault(feature => (string?)feature["feature"] == name) is { } found ? new JsonObject { ["data"] = found }.ToJsonString() : null;

    /// <summary>Carries out a command.</summary>
    /// <returns>false for a value that is not allowed, null for a command that is not there or cannot be given now.</returns>
    public bool? Carry(string feature, string command, string body)
    {
        JsonNode? values;
        try
        {
            values = JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return false;
        }

        return (feature, command) switch
        {
            (HotWater, "setTargetTemperature") => Set(values, "temperature", 10, 60, value => pump.Change(plant => plant.HotWaterTarget = value)),
            (Normal, "setTemperature") => Set(values, "targetTemperature", _reduced, _comfort, value => pump.Change(plant => plant.RoomTarget = value)),
            (Comfort, "setTemperature") => Set(values, "targetTemperature", RoomTarget, 37, value => _comfort = value),
            (Reduced, "setTemperature") => Set(values, "targetTemperature", 3, RoomTarget, value => _reduced = value),
            (Curve, "setCurve") => Number(values, "slope") is >= 0 and <= 3.5 and var slope && Number(values, "shift") is >= -13 and <= 40 and var shift
                && Done(() => pump.Change(plant => (plant.CurveSlope, plant.CurveOffset) = (Math.Max(0.1, slope), shift))),
            (Mode, "setMode") => values is JsonObject && values["mode"] is JsonValue word && word.TryGetValue<string>(out var text) && Modes.ContainsKey(text)
                && Done(() => pump.Change(plant => plant.Mode = Modes[text])),
            (Charge, "activate") => pump.With(plant => plant.HotWaterBoost) ? null : Done(() => pump.Change(plant => plant.HotWaterBoost = true)),
            (Charge, "deactivate") => pump.With(plant => plant.HotWaterBoost) ? Done(() => pump.Change(plant => plant.HotWaterBoost = false)) : null,
            _ => null,
        };
    }

    private static readonly Dictionary<string, PlantMode> Modes = new()
    {
        ["standby"] = PlantMode.Standby,
        ["heating"] = PlantMode.HeatingOnly,
        ["dhw"] = PlantMode.HotWaterOnly,
        ["dhwAndHeating"] = PlantMode.Automatic,
    };

    private double RoomTarget => pump.With(plant => plant.RoomTarget);

    private List<JsonObject> Features()
    {
        var (state, settings) = pump.With(plant => (plant.State, (plant.RoomTarget, plant.HotWaterTarget, plant.CurveSlope, plant.CurveOffset, plant.Mode, plant.HotWaterBoost, plant.FaultCode)));

        // The cloud hears of a value up to a minute after it was so.
        var told = state.At - TimeSpan.FromSeconds(state.At.Second);
        var mode = Modes.First(pair => pair.Value == settings.Mode).Key;
        return
        [
            Gateway(told),
            Of("heating.circuits", new JsonObject { ["enabled"] = List("0") }),
            Of("heating.compressors", new JsonObject { ["enabled"] = List("0") }),
            Of("heating.circuits.0", new JsonObject { ["active"] = Flag(settings.Mode != PlantMode.Standby), ["name"] = Word("Ground floor") }),
            Of("device.variant", new JsonObject { ["value"] = Word("Vitocal250A") }),
            Measured("heating.sensors.temperature.outside", state.Outdoor),
            Measured("heating.secondaryCircuit.sensors.temperature.supply", state.Flow),
            Measured("heating.sensors.temperature.return", state.Return),
            Measured("heating.circuits.0.sensors.temperature.supply", state.Flow),
            Measured("heating.circuits.0.temperature", state.Activity == PlantActivity.Heating ? state.FlowTarget : 0),
            Measured("heating.circuits.0.sensors.temperature.room", state.Room),
            Measured("heating.primaryCircuit.sensors.temperature.supply", state.SourceIn),
            Measured("heating.dhw.sensors.temperature.dhwCylinder", state.HotWaterTop),
            Of("heating.dhw.sensors.temperature.outlet", new JsonObject { ["status"] = Word("notConnected") }),
            Measured("heating.compressors.0.sensors.temperature.inlet", state.SuctionGas),
            Measured("heating.compressors.0.sensors.temperature.outlet", state.HotGas),
            Measured("heating.sensors.volumetricFlow.allengra", state.FlowRate * 60, "liter/hour"),
            Measured("heating.compressors.0.speed.current", state.Speed, "revolutionsPerSecond"),
            Measured("heating.inverters.0.sensors.power.output", Math.Round(state.ElectricPower * 1000), "watt"),
            Measured("heating.sensors.pressure.supply", 1.7, "bar"),
            Of("heating.outdoor.defrosting", new JsonObject { ["active"] = Flag(state.Activity == PlantActivity.Defrost) }),
            Of("heating.compressors.0", new JsonObject { ["active"] = Flag(state.IsRunning), ["phase"] = Word(PhaseOf(state)) }),
            Of("heating.compressors.0.statistics", new JsonObject { ["starts"] = Plain(state.Starts), ["hours"] = Plain(Math.Round(state.Hours, 1), "hour") }),
            Of("heating.dhw", new JsonObject { ["active"] = Flag(settings.Mode is PlantMode.Automatic or PlantMode.HotWaterOnly) }),
            Of("heating.dhw.charging", new JsonObject { ["active"] = Flag(state.Activity == PlantActivity.HotWater) }),
            Of("heating.circuits.0.operating.programs.active", new JsonObject { ["value"] = Word(settings.Mode == PlantMode.Standby ? "standby" : "normalHeating") }),
            Of(Mode, new JsonObject { ["value"] = Word(mode) }, Commands(Mode, "setMode", true, ("mode", Constraint(new JsonObject { ["enum"] = new JsonArray([.. Modes.Keys.Select(key => (JsonNode)key)]) })))),
            Program(Comfort, _comfort, Math.Ceiling(settings.RoomTarget), 37),
            Program(Normal, settings.RoomTarget, _reduced, _comfort),
            Program(Reduced, _reduced, 3, Math.Floor(settings.RoomTarget)),
            Of(Curve, new JsonObject { ["slope"] = Plain(Math.Round(settings.CurveSlope, 1)), ["shift"] = Plain(Math.Round(settings.CurveOffset)) }, Commands(Curve, "setCurve", true, ("slope", Range(0, 3.5, 0.1)), ("shift", Range(-13, 40, 1)))),
            Of(HotWater, new JsonObject { ["value"] = Plain(settings.HotWaterTarget, "celsius") }, Commands(HotWater, "setTargetTemperature", true, ("temperature", Range(10, 60, 1)))),
            Of(Charge, new JsonObject { ["active"] = Flag(settings.HotWaterBoost) }, Both(Commands(Charge, "activate", !settings.HotWaterBoost), Commands(Charge, "deactivate", settings.HotWaterBoost))),
            Of("heating.power.consumption.summary.heating", new JsonObject { ["currentYear"] = Plain(Math.Round(state.ElectricEnergy - state.HotWaterElectricEnergy, 1), "kilowattHour") }),
            Of("heating.power.consumption.summary.dhw", new JsonObject { ["currentYear"] = Plain(Math.Round(state.HotWaterElectricEnergy, 1), "kilowattHour") }),
            Of("heating.heat.production.summary.heating", new JsonObject { ["currentYear"] = Plain(Math.Round(state.HeatingEnergy, 1), "kilowattHour") }),
            Of("heating.heat.production.summary.dhw", new JsonObject { ["currentYear"] = Plain(Math.Round(state.HotWaterEnergy, 1), "kilowattHour") }),
            Of("heating.spf.total", new JsonObject { ["value"] = Plain(Math.Round((state.HeatingEnergy + state.HotWaterEnergy) / Math.Max(1, state.ElectricEnergy), 1)) }),
            Of("device.messages.errors.raw", new JsonObject { ["entries"] = Value("array", settings.FaultCode == 0 ? new JsonArray() : new JsonArray(new JsonObject { ["errorCode"] = $"F.{settings.FaultCode.ToString(CultureInfo.InvariantCulture)}", ["priority"] = "criticalError" })) }),
        ];

        JsonObject Of(string name, JsonObject properties, JsonObject? commands = null) => new()
        {
            ["apiVersion"] = 1,
            ["feature"] = name,
            ["gatewayId"] = gateway,
            ["deviceId"] = device,
            ["isEnabled"] = true,
            ["isReady"] = true,
            ["timestamp"] = told.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            ["uri"] = UriOf(name),
            ["properties"] = properties,
            ["commands"] = commands ?? [],
        };

        JsonObject Measured(string name, double value, string unit = "celsius") => Of(name, new JsonObject { ["status"] = Word("connected"), ["value"] = Plain(Math.Round(value, 1), unit) });

        JsonObject Program(string name, double value, double min, double max) =>
            Of(name, new JsonObject { ["temperature"] = Plain(Math.Round(value, 1), "celsius"), ["active"] = Flag(name == Normal) }, Commands(name, "setTemperature", true, ("targetTemperature", Range(min, max, 1))));
    }

    private JsonObject Gateway(DateTimeOffset told) => new()
    {
        ["apiVersion"] = 1,
        ["feature"] = "gateway.devices",
        ["gatewayId"] = gateway,
        ["isEnabled"] = true,
        ["isReady"] = true,
        ["timestamp"] = told.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        ["uri"] = $"{at()}/features/installations/{installation}/gateways/{gateway}/features/gateway.devices",
        ["properties"] = new JsonObject { ["devices"] = Value("DeviceList", new JsonArray(new JsonObject { ["id"] = device, ["status"] = "online" })) },
        ["commands"] = new JsonObject(),
    };

    private static string PhaseOf(PlantState state) => state.Activity switch
    {
        PlantActivity.Heating or PlantActivity.HotWater => "heating",
        PlantActivity.Defrost => "defrost",
        _ => "ready",
    };

    private string UriOf(string name) => $"{at()}/features/installations/{installation}/gateways/{gateway}/devices/{device}/features/{name}";

    private JsonObject Commands(string feature, string command, bool isExecutable, params (string Name, JsonObject Parameter)[] parameters) => new()
    {
        [command] = new JsonObject
        {
            ["name"] = command,
            ["isExecutable"] = isExecutable,
            ["uri"] = $"{UriOf(feature)}/commands/{command}",
            ["params"] = new JsonObject(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)parameter.Parameter))),
        },
    };

    private static JsonObject Both(JsonObject one, JsonObject other)
    {
        foreach (var (name, command) in other) one[name] = command!.DeepClone();
        return one;
    }

    private static JsonObject Range(double min, double max, double step) => Constraint(new JsonObject { ["min"] = min, ["max"] = max, ["stepping"] = step }, "number");

    private static JsonObject Constraint(JsonObject constraints, string type = "string") => new() { ["type"] = type, ["required"] = true, ["constraints"] = constraints };

    private static JsonObject Value(string type, JsonNode value) => new() { ["type"] = type, ["value"] = value };

    private static JsonObject Flag(bool value) => Value("boolean", value);

    private static JsonObject Word(string value) => Value("string", value);

    private static JsonObject Plain(double value, string unit = "") => new() { ["type"] = "number", ["unit"] = unit, ["value"] = value };

    private static JsonObject List(params string[] items) => Value("array", new JsonArray([.. items.Select(item => (JsonNode)item)]));

    private static bool Set(JsonNode? values, string name, double min, double max, Action<double> set) =>
        Number(values, name) is { } value && value >= min && value <= max && Done(() => set(value));

    private static double? Number(JsonNode? values, string name) => values is JsonObject all && all[name] is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    private static bool Done(Action action)
    {
        action();
        return true;
    }
}
