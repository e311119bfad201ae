using System.Text.Json;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles.Owner;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace HPManager.Web.Components.Devices;

/// <summary>
/// Describes a Modbus device: each row is checked as it is typed by the reader of profiles itself, and shows what the device answers now. What was typed is
/// kept in the browser's session until it is saved, so that a reload loses nothing.
/// </summary>
public sealed partial class DeviceEditor : IDisposable
{
    private readonly Lifetime _lifetime = new();
    private DeviceForm _form = new();
    private HeatPumpModel _connections = null!;
    private DevicePreview _preview = null!;
    private (string? Make, string? Model, string? From)? _loaded;
    private string? _loadError;
    private string? _refusal;
    private bool _isRestored;
    private bool _isSaved;
    private bool _saving;

    /// <summary>Key of the make; null for a new device.</summary>
    [Parameter]
    public string? Make { get; set; }

    /// <summary>Key of the model; null for a new device.</summary>
    [Parameter]
    public string? Model { get; set; }

    /// <summary>Name of the device that a new one begins as a copy of; null for none.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    /// <summary>Where it is kept.</summary>
    [Inject]
    public required OwnerProfiles Profiles { get; set; }

    /// <summary>Knows what is there already.</summary>
    [Inject]
    public required ManufacturerRegistry Registry { get; set; }

    /// <summary>Reads it.</summary>
    [Inject]
    public required ConnectionTest Test { get; set; }

    /// <summary>Speaks to it.</summary>
    [Inject]
    public required ModbusDriver Driver { get; set; }

    /// <summary>Told of changes.</summary>
    [Inject]
    public required HeatpumpManager Manager { get; set; }

    /// <summary>The browser, which keeps what was typed.</summary>
    [Inject]
    public required IJSRuntime Browser { get; set; }

    /// <summary>Leads to the kept device.</summary>
    [Inject]
    public required NavigationManager Navigation { get; set; }

    private bool IsKept => Make is not null;

    private string Title => IsKept && _loadError is null ? $"{_form.MakeName} {_form.ModelName}" : "Describe a device";

    private string AddUrl => $"heatpumps/new?step=access&make={_form.Make}&model={_form.Model}";

    private string DraftKey => $"hpmanager.device.{Make}.{Model}.{From}";

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_loaded == (Make, Model, From)) return;
        _loaded = (Make, Model, From);
        (_loadError, _refusal, _isRestored, _isSaved) = (null, null, false, false);
        Show(Load() ?? new DeviceForm());
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || _loadError is not null) return;
        await using var module = await Browser.InvokeAsync<IJSObjectReference>("import", _lifetime.Token, Viewer.Module);
        if (await module.InvokeAsync<string?>("recall", _lifetime.Token, DraftKey) is not { } text || Restored(text) is not { } restored) return;
        _isRestored = true;
        Show(restored);
        StateHasChanged();
    }

    private void Show(DeviceForm form)
    {
        _form = form;
        if (_form.Rows.Count == 0) _form.AddRow();
        _connections = _form.ConnectionModel(Driver);
        _form.Connection.Choose(_connections, name: "");
        _preview = new DevicePreview(Test, Driver);
        _form.Check();
    }

    private DeviceForm? Load()
    {
        var name = IsKept ? $"{Make}/{Model}" : From;
        if (name is null) return null;
        try
        {
            if (Profiles.Read(name) is not { } files)
            {
                _loadError = $"There is no device {name}.";
            }
            else if (ProfileDraftReader.Read(files, out var errors) is not { } draft)
            {
                _loadError = errors.Count > 0
                    ? $"Its files are wrong: {errors[0]}. Mend them in the data folder under profiles/."
                    : "Its files say more than can be edited here (several models, options, proof, identity). Edit them in the data folder under profiles/.";
            }
            else
            {
                return DeviceForm.Of(IsKept ? draft : draft with { ModelName = $"{draft.ModelName} copy", Model = $"{draft.Model}_copy" });
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            _loadError = $"Its files cannot be read: {unreadable.Message}";
        }

        return null;
    }

    private static DeviceForm? Restored(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<DeviceForm>(text);
        }
        catch (JsonException)
        {
            // An earlier version of HPManager kept it in another form: begin anew.
            return null;
        }
    }

    private async Task ChangedAsync()
    {
        (_isSaved, _refusal) = (false, null);
        _form.Check();
        await KeepAsync(JsonSerializer.Serialize(_form));
    }

    private async Task DiscardAsync()
    {
        await KeepAsync(null);
        _isRestored = false;
        Show(Load() ?? new DeviceForm());
    }

    private async Task KeepAsync(string? text)
    {
        await using var module = await Browser.InvokeAsync<IJSObjectReference>("import", _lifetime.Token, Viewer.Module);
        await module.InvokeVoidAsync("keep", _lifetime.Token, DraftKey, text);
    }

    private async Task SaveAsync()
    {
        if (_saving) return;
        (_form.IsMeantWhole, _isSaved, _refusal) = (true, false, null);
        _form.Check();
        if (!IsKept && _form.Errors.Count == 0 && (Profiles.Read(_form.Name) is not null || Registry.TryGetModel(_form.Make, _form.Model, out _)))
            _form.Errors["model"] = $"There is a {_form.Name} already; choose another name.";
        if (!_form.IsRight || _form.Rows.TrueForAll(row => row.IsBlank))
        {
            _refusal = _form.IsRight ? "A device needs at least one register." : "Some fields are not right yet; each says what is allowed.";
            return;
        }

        _saving = true;
        try
        {
            var errors = Profiles.Save(_form.Name, _form.ToDraft(_form.Rows).ToFiles());
            if (errors.Count > 0)
            {
                _refusal = errors[0].ToString();
                return;
            }

            await KeepAsync(null);
            await Manager.ReloadModelsAsync(_lifetime.Token);
            Saved();
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            _refusal = $"The files cannot be written: {unwritable.Message} Nothing typed is lost.";
        }
        finally
        {
            _saving = false;
        }
    }

    // From now on its keys stay: the history of those that run is kept under them.
    private void Saved()
    {
        (_form.IsMeantWhole, _isSaved, _isRestored) = (false, true, false);
        foreach (var row in _form.Rows) row.KeyFollowsName = false;
        _loaded = (_form.Make, _form.Model, null);
        if (!IsKept) Navigation.NavigateTo($"devices/edit/{_form.Make}/{_form.Model}", replace: true);
    }
}
