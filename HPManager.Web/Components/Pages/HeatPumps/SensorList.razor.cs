using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Dialogs;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace HPManager.Web.Components.Pages;

/// <summary>Every sensor of a heat pump by category, with search.</summary>
public partial class SensorList
{
    /// <summary>The heat pump's newest state.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpState State { get; set; }

    /// <summary>Words that must all occur; null for none.</summary>
    [Parameter]
    public string? Search { get; set; }

    /// <summary>Something else is searched for.</summary>
    [Parameter]
    public EventCallback<string?> SearchChanged { get; set; }

    /// <summary>Whether sensors without a value are left out.</summary>
    [Parameter]
    public bool HideMissing { get; set; }

    /// <summary>That changed.</summary>
    [Parameter]
    public EventCallback<bool> HideMissingChanged { get; set; }

    /// <summary>Opens the dialog for a new value.</summary>
    [Inject]
    public required DialogService Dialogs { get; set; }

    private IReadOnlyList<SensorDefinition> All { get; set; } = [];

    private List<SensorDefinition> Shown { get; set; } = [];

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        All = State.Sensors.All;
        var words = Search?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        Shown = [.. All.Where(sensor => words.All(word => Matches(sensor, word)) && !(HideMissing && IsMissing(sensor)))];
    }

    private static string NameOf(SensorCategory category) => category switch
    {
        SensorCategory.Temperature => "Temperatures",
        SensorCategory.Setpoint => "Set-points",
        SensorCategory.Mode => "Modes",
        SensorCategory.Status => "State",
        SensorCategory.Power => "Power",
        SensorCategory.Energy => "Energy",
        SensorCategory.Pressure => "Pressure",
        SensorCategory.Flow => "Flow",
        SensorCategory.Percentage => "Speed and percentage",
        SensorCategory.Time => "Time and starts",
        SensorCategory.Fault => "Faults and messages",
        _ => "Other",
    };

    private Reading ReadingOf(SensorDefinition sensor) => State.Snapshot?[sensor.Key] ?? new Reading(null, null, Quality.Missing, default, "not read yet");

    private bool IsMissing(SensorDefinition sensor) => ReadingOf(sensor) is { Value: null, Text: null };

    private bool Matches(SensorDefinition sensor, string word) =>
        new[] { sensor.Label, sensor.Key.Value, sensor.Circuit, sensor.Address, NameOf(sensor.Category), ReadingOf(sensor).Text }
            .Any(text => text?.Contains(word, StringComparison.CurrentCultureIgnoreCase) == true);

    private async Task ChangeAsync(SensorDefinition sensor) => await Dialogs.OpenAsync<WriteDialog>(
        ValueFormat.LabelOf(sensor),
        new Dictionary<string, object?> { [nameof(WriteDialog.State)] = State, [nameof(WriteDialog.Sensor)] = sensor },
        new DialogOptions { Width = "440px", AutoFocusFirstElement = true, CloseDialogOnEsc = true });

    private async Task ShowAllAsync()
    {
        await SearchChanged.InvokeAsync(null);
        await HideMissingChanged.InvokeAsync(false);
    }
}
