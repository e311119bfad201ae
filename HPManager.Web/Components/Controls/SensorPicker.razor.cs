using HPManager.Core.History;
using HPManager.Core.Sensors;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>Chooses sensors from a searchable list in a sheet, which the browser opens and closes.</summary>
public partial class SensorPicker
{
    private const string PopoverId = "sensor-picker";

    private string _search = "";

    /// <summary>What can be chosen.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<SensorDefinition> Sensors { get; set; }

    /// <summary>What is chosen, in order.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<SensorKey> Chosen { get; set; }

    /// <summary>Something else is chosen.</summary>
    [Parameter]
    public EventCallback<IReadOnlyList<SensorKey>> ChosenChanged { get; set; }

    private IReadOnlyList<SensorDefinition> Offered =>
        [.. Sensors.Where(sensor => _search.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => Matches(sensor, word)))];

    private static bool Matches(SensorDefinition sensor, string word) =>
        sensor.Label.Contains(word, StringComparison.CurrentCultureIgnoreCase)
        || sensor.Circuit?.Contains(word, StringComparison.CurrentCultureIgnoreCase) == true
        || sensor.Key.Value.Contains(word, StringComparison.OrdinalIgnoreCase);

    // What stays keeps its place and so its colour; what is new comes last.
    private Task TakeAsync(SensorKey key, bool isChosen) => isChosen && Chosen.Count >= HistoryQuery.MaxSensors
        ? Task.CompletedTask
        : ChosenChanged.InvokeAsync(isChosen ? [.. Chosen, key] : [.. Chosen.Where(other => other != key)]);
}
