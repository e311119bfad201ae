using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Text;
using HPManager.Web.Components.Controls;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace HPManager.Web.Components.Pages;

/// <summary>The steps of <see cref="SetupWizard"/>, in order.</summary>
public enum SetupStep
{
    /// <summary>Choose the make.</summary>
    Make,

    /// <summary>Choose the model.</summary>
    Model,

    /// <summary>Open the interface on the controller.</summary>
    Access,

    /// <summary>Address and the like.</summary>
    Connection,

    /// <summary>Try it.</summary>
    Test,

    /// <summary>Name and options.</summary>
    Details,

    /// <summary>Saved.</summary>
    Done,
}

/// <summary>
/// Adds a heat pump step by step. Step, make and model stand in the URL, so that the browser's back works; what was typed is kept in the browser's
/// session until it is saved, so that a reload loses nothing.
/// </summary>
public sealed partial class SetupWizard : IDisposable
{
    private const string DraftKey = "hpmanager.setup";

    private static readonly (SetupStep Step, string Label)[] Labels =
    [
        (SetupStep.Make, "Make"),
        (SetupStep.Model, "Model"),
        (SetupStep.Access, "Access"),
        (SetupStep.Connection, "Connection"),
        (SetupStep.Test, "Test"),
        (SetupStep.Details, "Name and equipment"),
        (SetupStep.Done, "Done"),
    ];

    private readonly Lifetime _lifetime = new();
    private HeatPumpDraft _draft = new();
    private HeatPump? _saved;
    private string? _refusal;
    private string? _heard;
    private bool _works;
    private bool _saving;

    /// <summary>Key of the make, from the URL.</summary>
    [SupplyParameterFromQuery(Name = "make")]
    public string? MakeKey { get; set; }

    /// <summary>Key of the model, from the URL.</summary>
    [SupplyParameterFromQuery(Name = "model")]
    public string? ModelKey { get; set; }

    /// <summary>Step, from the URL.</summary>
    [SupplyParameterFromQuery(Name = "step")]
    public string? StepKey { get; set; }

    /// <summary>Way to connect to a device that was found, from the URL.</summary>
    [SupplyParameterFromQuery(Name = "kind")]
    public string? FoundKind { get; set; }

    /// <summary>Address of a device that was found, from the URL.</summary>
    [SupplyParameterFromQuery(Name = "host")]
    public string? FoundHost { get; set; }

    /// <summary>Port of a device that was found, from the URL.</summary>
    [SupplyParameterFromQuery(Name = "port")]
    public string? FoundPort { get; set; }

    /// <summary>What can be configured.</summary>
    [Inject]
    public required ManufacturerRegistry Registry { get; set; }

    /// <summary>Checks and keeps.</summary>
    [Inject]
    public required HeatPumpDirectory Directory { get; set; }

    /// <summary>Moves between steps.</summary>
    [Inject]
    public required NavigationManager Navigation { get; set; }

    /// <summary>The browser, which keeps the draft.</summary>
    [Inject]
    public required IJSRuntime Browser { get; set; }

    private SetupStep Current { get; set; }

    private Manufacturer? ChosenMake => Registry.All.FirstOrDefault(make => make.Key == MakeKey);

    private HeatPumpModel? ChosenModel => ChosenMake?.Models.FirstOrDefault(model => model.Key == ModelKey);

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        var asked = SnakeCaseEnum.TryParse<SetupStep>(StepKey, out var step) ? step : SetupStep.Make;
        Current = IsReachable(asked) ? asked : Furthest(asked);
        if (Current != SetupStep.Done && _saved is not null) (_saved, _draft) = (null, new HeatPumpDraft());
        if (ChosenModel is { } model)
        {
            _draft.Choose(model, Registry.FullNameOf(model));
            TakeFound(model);
        }

        if (Current == SetupStep.Test) _works = false;
    }

    private string Heading => (ChosenModel?.Kind ?? (ChosenMake is { } make && IsOfBatteries(make) ? DeviceKind.Battery : DeviceKind.HeatPump)) == DeviceKind.Battery
        ? "Add a battery"
        : "Add a heat pump";

    private static bool IsOfBatteries(Manufacturer make) => make.Models.All(model => model.Kind == DeviceKind.Battery);

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        await using var module = await Browser.InvokeAsync<IJSObjectReference>("import", _lifetime.Token, Viewer.Module);
        if (await module.InvokeAsync<string?>("recall", _lifetime.Token, DraftKey) is not { } text || Restored(text) is not { } restored) return;
        if (ChosenModel is { } model && (restored.Manufacturer, restored.Model) != (model.Manufacturer, model.Key)) return;
        _draft = restored;
        OnParametersSet();
        StateHasChanged();
    }

    /// <summary>Where to go on with a device that the search found; null when its make is not known.</summary>
    internal static string? UrlOf(Sighting sighting)
    {
        if (sighting is not { Manufacturer: { } make, Connection: { } connection }) return null;
        var place = $"&kind={connection.Kind}&host={Uri.EscapeDataString(sighting.Address)}&port={sighting.Port.ToString(CultureInfo.InvariantCulture)}";
        return UrlOf(sighting.Model is null ? SetupStep.Model : SetupStep.Access, make, sighting.Model) + place;
    }

    // A broker's password must not stand in an address: what was found goes straight into the fields.
    private void UseFound(Sighting sighting)
    {
        if (sighting.Connection is not { } connection) return;
        _draft.Kind = connection.Kind;
        foreach (var (key, value) in connection.Settings.Values) _draft.Connection[key] = value;
        _heard = sighting.Title;
        if (sighting.Manufacturer is { } make) Navigation.NavigateTo(UrlOf(sighting.Model is null ? SetupStep.Model : SetupStep.Access, make, sighting.Model));
    }

    // What the search found is written into the fields once, where the person can change it.
    private void TakeFound(HeatPumpModel model)
    {
        if (FoundHost is not { Length: > 0 } host || model.Connections.All(kind => kind.Kind != FoundKind)) return;
        _draft.Kind = FoundKind!;
        _draft.Connection["host"] = host;
        if (FoundPort is { Length: > 0 } port) _draft.Connection["port"] = port;
    }

    private static HeatPumpDraft? Restored(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<HeatPumpDraft>(text);
        }
        catch (JsonException)
        {
            // An earlier version of HPManager kept it in another form: begin anew.
            return null;
        }
    }

    private bool IsReachable(SetupStep step) => step switch
    {
        SetupStep.Make => true,
        SetupStep.Model => ChosenMake is not null,
        SetupStep.Done => _saved is not null,
        SetupStep.Test or SetupStep.Details => ChosenModel is { } model && Directory.CheckConnection(_draft.ToHeatPump(model, default)).Count == 0,
        _ => ChosenModel is not null,
    };

    private SetupStep Furthest(SetupStep before) =>
        Labels.Select(label => label.Step).LastOrDefault(step => step < before && step != SetupStep.Done && IsReachable(step));

    private string UrlOf(SetupStep step) => UrlOf(step, MakeKey, ModelKey);

    private static string UrlOf(SetupStep step, string? make, string? model = null)
    {
        var url = $"heatpumps/new?step={SnakeCaseEnum.Key(step)}";
        if (make is not null && step > SetupStep.Make) url += $"&make={Uri.EscapeDataString(make)}";
        if (model is not null && step > SetupStep.Model) url += $"&model={Uri.EscapeDataString(model)}";
        return url;
    }

    // A device that was found may still need its model: until then its place travels along.
    private string UrlOf(HeatPumpModel model)
    {
        var url = UrlOf(SetupStep.Access, model.Manufacturer, model.Key);
        return FoundHost is null ? url : Navigation.GetUriWithQueryParameters(
            new Dictionary<string, object?> { ["step"] = SnakeCaseEnum.Key(SetupStep.Access), ["model"] = model.Key });
    }

    private string ClassOf(SetupStep step) => step == Current ? "current" : step < Current ? "past" : "";

    private string? ChoiceAt(SetupStep step) => step switch
    {
        SetupStep.Make when Current > step => ChosenMake?.Name,
        SetupStep.Model when Current > step => ChosenModel?.Name,
        SetupStep.Connection when Current > step => _draft.Connection.GetValueOrDefault("host"),
        _ => null,
    };

    private async Task LeaveConnectionAsync()
    {
        if (ChosenModel is not { } model) return;
        // The name is asked for later; an unlikely one stands in, so that the check for two heat pumps at one place is reached.
        var candidate = _draft.ToHeatPump(model, default) with { Name = Guid.NewGuid().ToString("N"), Options = Settings.Empty };
        try
        {
            var errors = Directory.CheckConnection(candidate) is { Count: > 0 } wrong ? wrong : await Directory.CheckAsync(candidate, _lifetime.Token);
            if (!_draft.Take(errors, IsConnection)) return;
        }
        catch (Exception fault) when (fault is DbException or IOException)
        {
            _draft.SetError(HeatPumpDraft.ConnectionPrefix, "The configured heat pumps cannot be read now; HPManager's log says why.");
            return;
        }

        await KeepAsync();
        Navigation.NavigateTo(UrlOf(SetupStep.Test));
    }

    private async Task SaveAsync()
    {
        if (ChosenModel is not { } model || _saving) return;
        (_saving, _refusal) = (true, null);
        try
        {
            var saved = await Directory.AddAsync(_draft.ToHeatPump(model, default), _lifetime.Token);
            if (!saved.IsSaved)
            {
                _draft.Take(saved.Errors, field => !IsConnection(field));
                _refusal = saved.Errors.Any(error => IsConnection(error.Field))
                    ? "The connection is not right: " + string.Join(" ", saved.Errors.Where(error => IsConnection(error.Field)).Select(error => error.Message))
                    : "Some fields are not right yet.";
                return;
            }

            _saved = saved.HeatPump;
            await KeepAsync(null);
            Navigation.NavigateTo(UrlOf(SetupStep.Done));
        }
        catch (Exception fault) when (fault is DbException or IOException)
        {
            _refusal = "The configuration cannot be written now; the disk may be full. HPManager's log says why. Nothing typed is lost.";
        }
        finally
        {
            _saving = false;
        }
    }

    private Task KeepAsync() => KeepAsync(_draft.ToJson(ChosenModel));

    private async Task KeepAsync(string? text)
    {
        await using var module = await Browser.InvokeAsync<IJSObjectReference>("import", _lifetime.Token, Viewer.Module);
        await module.InvokeVoidAsync("keep", _lifetime.Token, DraftKey, text);
    }

    private static bool IsConnection(string field) => field.StartsWith(HeatPumpDraft.ConnectionPrefix, StringComparison.Ordinal);
}
