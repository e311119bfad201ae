using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Charts;

/// <summary>Chooses sensors from a searchable list in a sheet, which the browser opens and closes.</summary>
public partial class SensorPicker
{
    private const string PopoverId = "sensor-picker";
    private const int MostShown = 300;

    private string _search = "";

    /// <summary>What can be chosen, those of a group beside each other.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<SensorOffer> Offers { get; set; }

    /// <summary>Keys of what is chosen, in order.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<string> Chosen { get; set; }

    /// <summary>Something else is chosen.</summary>
    [Parameter]
    public EventCallback<IReadOnlyList<string>> ChosenChanged { get; set; }

    private List<SensorOffer> Offered
    {
        get
        {
            var words = _search.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return [.. Offers.Where(offer => words.All(offer.Matches)).Take(MostShown)];
        }
    }

    // What stays keeps its place and so its colour; what is new comes last.
    private Task TakeAsync(string key, bool isChosen) => isChosen && Chosen.Count >= ChartSeries.Most
        ? Task.CompletedTask
        : ChosenChanged.InvokeAsync(isChosen ? [.. Chosen, key] : [.. Chosen.Where(other => other != key)]);
}
