using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;

namespace HPManager.Web.Components.Controls;

/// <summary>
/// What a person has typed about a heat pump so far, right or wrong, as texts; nothing typed is lost when they go back and forth. Not thread-safe.
/// </summary>
public sealed class HeatPumpDraft
{
    /// <summary>Prefix of the fields of the connection.</summary>
    public const string ConnectionPrefix = "connection";

    /// <summary>Prefix of the fields of the device options.</summary>
    public const string OptionsPrefix = "options";

    /// <summary>Key of the make; empty before it is chosen.</summary>
    public string Manufacturer { get; set; } = "";

    /// <summary>Key of the model; empty before it is chosen.</summary>
    public string Model { get; set; } = "";

    /// <summary>Way to connect.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Values of the connection by key; those of another kind stay, in case the person returns to it.</summary>
    public Dictionary<string, string> Connection { get; init; } = [];

    /// <summary>Values of the options by key.</summary>
    public Dictionary<string, string> Options { get; init; } = [];

    /// <summary>Name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Place.</summary>
    public string Location { get; set; } = "";

    /// <summary>Seconds between two polls.</summary>
    public string Interval { get; set; } = Seconds(HeatPump.DefaultInterval);

    /// <summary>Whether it is polled.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Keys of the connection's secrets that are kept already: they stay as they are unless something is typed.</summary>
    public HashSet<string> KeptSecrets { get; init; } = [];

    /// <summary>What is wrong, by field.</summary>
    [JsonIgnore]
    public Dictionary<string, string> Errors { get; } = [];

    /// <summary>A draft of an existing heat pump, without its secrets.</summary>
    public static HeatPumpDraft Of(HeatPump heatPump, HeatPumpModel model) => new()
    {
        KeptSecrets = [.. model.SecretsOf(heatPump.Connection.Kind).Where(key => heatPump.Connection.Settings[key] is not null)],
        Manufacturer = heatPump.Manufacturer,
        Model = heatPump.Model,
        Kind = heatPump.Connection.Kind,
        Connection = model.WithoutSecrets(heatPump).Connection.Settings.Values.ToDictionary(),
        Options = heatPump.Options.Values.ToDictionary(),
        Name = heatPump.Name,
        Location = heatPump.Location ?? "",
        Interval = Seconds(heatPump.Interval),
        Enabled = heatPump.Enabled,
    };

    /// <summary>For the browser to keep while the person goes on: without what was typed as a secret, which a browser should not keep.</summary>
    /// <param name="model">The model chosen; null before there is one.</param>
    public string ToJson(HeatPumpModel? model)
    {
        var secrets = model?.Connections.SelectMany(offered => model.SecretsOf(offered.Kind)).ToHashSet() ?? [];
        var shown = JsonSerializer.SerializeToNode(this)!.AsObject();
        foreach (var secret in secrets) shown[nameof(Connection)]!.AsObject().Remove(secret);
        return shown.ToJsonString();
    }

    /// <summary>Chooses a model; fills in what it suggests wherever nothing was typed.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">What is suggested as the heat pump's name.</param>
    public void Choose(HeatPumpModel model, string name)
    {
        if (Manufacturer != model.Manufacturer || Model != model.Key)
        {
            Interval = Seconds(model.DefaultInterval);
            Options.Clear();
            Errors.Clear();
        }

        (Manufacturer, Model) = (model.Manufacturer, model.Key);
        if (model.Connections.All(offered => offered.Kind != Kind)) Kind = model.Connections[0].Kind;
        foreach (var parameter in model.Connections.SelectMany(offered => offered.Parameters)) Suggest(Connection, parameter);
        foreach (var option in model.Options) Suggest(Options, option);
        if (Name.Length == 0) Name = name;
    }

    /// <summary>The heat pump as typed; what is not allowed in it is said by the directory's checks.</summary>
    public HeatPump ToHeatPump(HeatPumpModel model, HeatPumpId id)
    {
        var parameters = model.Connections.FirstOrDefault(offered => offered.Kind == Kind)?.Parameters ?? [];
        return new HeatPump
        {
            Id = id,
            Name = Name,
            Location = Location,
            Manufacturer = Manufacturer,
            Model = Model,
            Connection = new ConnectionConfig(Kind, Known(Connection, parameters)),
            Options = Known(Options, model.Options),
            Interval = int.TryParse(Interval, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : TimeSpan.Zero,
            Enabled = Enabled,
        };
    }

    /// <summary>Checks one value when its field is left.</summary>
    public void Check(string prefix, ParameterDefinition parameter)
    {
        var values = prefix == ConnectionPrefix ? Connection : Options;
        var value = values.GetValueOrDefault(parameter.Key);
        var isKept = value is null && prefix == ConnectionPrefix && KeptSecrets.Contains(parameter.Key);
        SetError($"{prefix}.{parameter.Key}", isKept ? null : parameter.Check(value));
    }

    /// <summary>Keeps or clears what is wrong with a field.</summary>
    public void SetError(string field, string? message)
    {
        if (message is null) Errors.Remove(field);
        else Errors[field] = message;
    }

    /// <summary>Replaces what is wrong with the fields that start with a prefix.</summary>
    /// <returns>Whether nothing is wrong with them.</returns>
    public bool Take(IEnumerable<FieldError> errors, Func<string, bool> isMine)
    {
        foreach (var field in Errors.Keys.Where(isMine).ToList()) Errors.Remove(field);
        foreach (var error in errors.Where(error => isMine(error.Field))) Errors.TryAdd(error.Field, error.Message);
        return !Errors.Keys.Any(isMine);
    }

    private static void Suggest(Dictionary<string, string> values, ParameterDefinition parameter)
    {
        if (parameter.Default is { } value) values.TryAdd(parameter.Key, value);
    }

    private static Settings Known(Dictionary<string, string> values, IReadOnlyList<ParameterDefinition> parameters) =>
        new(values.Where(pair => parameters.Any(parameter => parameter.Key == pair.Key)));

    private static string Seconds(TimeSpan interval) => interval.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
