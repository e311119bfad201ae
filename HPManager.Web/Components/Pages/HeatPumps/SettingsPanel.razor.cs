using System.Data.Common;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Web.Components.Controls;
using HPManager.Web.Components.Dialogs;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace HPManager.Web.Components.Pages;

/// <summary>Changes and deletes a heat pump. New readings never touch what is being typed.</summary>
public sealed partial class SettingsPanel : IDisposable
{
    private readonly Lifetime _lifetime = new();
    private HeatPumpDraft _draft = new();
    private string? _refusal;
    private string? _said;
    private bool _saving;

    /// <summary>The heat pump's newest state.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpState State { get; set; }

    /// <summary>Checks and keeps.</summary>
    [Inject]
    public required HeatPumpDirectory Directory { get; set; }

    /// <summary>Asks before deleting.</summary>
    [Inject]
    public required DialogService Dialogs { get; set; }

    /// <summary>Leads away after deleting.</summary>
    [Inject]
    public required NavigationManager Navigation { get; set; }

    private HeatPump Typing => _draft.ToHeatPump(State.Model, State.HeatPump.Id);

    private HeatPump? Candidate
    {
        get
        {
            var candidate = State.Model.WithSecretsOf(Typing, State.HeatPump);
            return Directory.CheckConnection(candidate).Count == 0 ? candidate : null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    /// <inheritdoc/>
    protected override void OnInitialized() => _draft = HeatPumpDraft.Of(State.Model.Complete(State.HeatPump), State.Model);

    private void Typed() => (_said, _refusal) = (null, null);

    private async Task SaveAsync()
    {
        if (_saving) return;
        (_saving, _refusal, _said) = (true, null, null);
        try
        {
            var saved = await Directory.UpdateAsync(Typing, _lifetime.Token);
            _draft.Take(saved.Errors, _ => true);
            if (saved.IsNotFound) _refusal = $"The {State.Model.Kind.Noun()} was deleted meanwhile.";
            else if (!saved.IsSaved) _refusal = "Some fields are not right yet.";
            else (_said, _draft.Interval) = ("Saved and in effect", HeatPumpDraft.Of(saved.HeatPump!, State.Model).Interval);
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

    private async Task RemoveAsync()
    {
        var removed = await Dialogs.OpenAsync<RemoveDialog>(
            $"Delete {State.HeatPump.Name}",
            new Dictionary<string, object?> { [nameof(RemoveDialog.HeatPump)] = State.HeatPump },
            new DialogOptions { Width = "440px", CloseDialogOnEsc = true });
        if (removed is true) Navigation.NavigateTo("");
    }
}
