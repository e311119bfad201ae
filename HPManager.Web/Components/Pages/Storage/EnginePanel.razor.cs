using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages;

/// <summary>An engine beside the embedded store: how it is doing, and its settings.</summary>
public sealed partial class EnginePanel : IDisposable
{
    private readonly Lifetime _lifetime = new();
    private Dictionary<string, string> _values = [];
    private Dictionary<string, string> _errors = [];
    private bool _isOpen;
    private bool _isOn = true;
    private bool _withPast = true;
    private bool _working;
    private bool _isBad;
    private string? _said;

    /// <summary>Its type.</summary>
    [Parameter, EditorRequired]
    public required IHistoryEngineType Type { get; set; }

    /// <summary>It as it is used; null when it is not set up.</summary>
    [Parameter]
    public EffectiveEngine? Engine { get; set; }

    /// <summary>How it is doing; null when it is not fed.</summary>
    [Parameter]
    public EngineStatus? Status { get; set; }

    /// <summary>What is saved.</summary>
    [Parameter, EditorRequired]
    public required HistorySettings Settings { get; set; }

    /// <summary>Something was saved.</summary>
    [Parameter]
    public EventCallback Saved { get; set; }

    /// <summary>Keeps the settings.</summary>
    [Inject]
    public required HistorySettingsStore Store { get; set; }

    /// <summary>Clock and zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private EngineSettings? Known => Settings.Engines.FirstOrDefault(engine => engine.Type == Type.Key);

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    private void Open()
    {
        var secrets = Type.Parameters.Where(parameter => parameter.Kind == ParameterKind.Secret).Select(parameter => parameter.Key).ToHashSet();
        _values = (Known?.Settings.Values ?? new Dictionary<string, string>()).Where(pair => !secrets.Contains(pair.Key)).ToDictionary();
        (_errors, _said, _isOpen) = ([], null, true);
        (_isOn, _withPast) = (Engine?.IsOn ?? true, Engine?.WithPast ?? true);
    }

    // As long as it goes where it went before.
    private bool IsKept(ParameterDefinition parameter) => parameter.Kind == ParameterKind.Secret
        && !string.IsNullOrEmpty(Known?.Settings[parameter.Key])
        && !string.IsNullOrEmpty(Store.WithKeptSecrets(Given() with { Settings = Given().Settings.With(parameter.Key, null) }, Known).Settings[parameter.Key]);

    // Only where nothing was typed or saved: the environment never overrides that.
    private string? OriginOf(ParameterDefinition parameter)
    {
        if (Engine is null || !string.IsNullOrEmpty(_values.GetValueOrDefault(parameter.Key)) || IsKept(parameter)) return null;
        return Engine.Origins.GetValueOrDefault(parameter.Key) switch
        {
            ValueOrigin.Environment => $"From the environment, {Type.Environment[parameter.Key]}{(parameter.Kind == ParameterKind.Secret ? null : $": {Engine.Settings[parameter.Key]}")}",
            ValueOrigin.Default => $"Default: {parameter.Default}",
            _ => null,
        };
    }

    private void Take(string key, string? value)
    {
        if (value is null) _values.Remove(key);
        else _values[key] = value;
    }

    private void Check(ParameterDefinition parameter)
    {
        var error = parameter.Check(Filled()[parameter.Key]);
        if (error is null) _errors.Remove(parameter.Key);
        else _errors[parameter.Key] = error;
    }

    private bool CheckAll()
    {
        foreach (var parameter in Type.Parameters) Check(parameter);
        return _errors.Count == 0;
    }

    private EngineSettings Given() => new(Type.Key, new Settings(_values), _isOn, _withPast);

    private Settings Filled() => Store.Effective(Type, Store.WithKeptSecrets(Given(), Known))!.Settings;

    private async Task TestAsync()
    {
        if (!CheckAll()) return;
        (_working, _said) = (true, null);
        StateHasChanged();
        try
        {
            await using var engine = Type.Create(Filled());
            (_said, _isBad) = ($"{await engine.TestAsync(_lifetime.Token)} answers and takes readings", false);
        }
        catch (EngineException fault)
        {
            (_said, _isBad) = (fault.Message, true);
        }
        catch (OperationCanceledException)
        {
            // The viewer left.
        }
        finally
        {
            _working = false;
        }
    }

    private async Task SaveAsync()
    {
        if (!CheckAll()) return;
        await ChangeAsync(
            settings =>
            {
                var known = settings.Engines.FirstOrDefault(engine => engine.Type == Type.Key);
                return settings with { Engines = [.. settings.Engines.Where(engine => engine != known), Store.WithKeptSecrets(Given(), known)] };
            },
            "Saved");
    }

    private Task RemoveAsync() => ChangeAsync(settings => settings.Without(Type.Key), "Removed; what it holds stays there");

    private async Task ChangeAsync(Func<HistorySettings, HistorySettings> change, string done)
    {
        var errors = await Store.ChangeAsync(change, _lifetime.Token);
        (_said, _isBad, _isOpen) = errors.Count == 0 ? (done, false, false) : (errors[0].Message, true, true);
        await Saved.InvokeAsync();
    }
}
