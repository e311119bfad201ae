using System.Data.Common;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Charts;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages;

/// <summary>Charts over several heat pumps. Heat pumps, sensors, range, zoom and comparison stand in the URL.</summary>
public sealed partial class HistoryPage : IDisposable
{
    private const int ChosenFirst = 3;

    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(500);

    private readonly SortedList<string, HeatPumpState> _states = new(StringComparer.Ordinal);
    private readonly Lifetime _lifetime = new();
    private IDisposable? _subscription;
    private IReadOnlyList<HeatPumpState> _chosen = [];
    private IReadOnlyList<ChartSeries> _series = [];
    private IReadOnlyList<SensorOffer> _offers = [];
    private IReadOnlyList<SensorSet> _offered = [];
    private ChartView? _view;
    private ChartWindow? _window;
    private bool _isConfigured;
    private bool _loading = true;
    private bool _fault;

    /// <summary>Ids of heat pumps, joined by commas; the first ones when it is not there.</summary>
    [SupplyParameterFromQuery]
    public string? Pumps { get; set; }

    /// <summary>What is drawn, joined by commas: see <see cref="HistoryChoice"/>.</summary>
    [SupplyParameterFromQuery]
    public string? Sensors { get; set; }

    /// <summary>Range of the charts.</summary>
    [SupplyParameterFromQuery]
    public string? Range { get; set; }

    /// <summary>A day of the range.</summary>
    [SupplyParameterFromQuery]
    public string? On { get; set; }

    /// <summary>Begin of a free stretch, Unix seconds.</summary>
    [SupplyParameterFromQuery]
    public double? From { get; set; }

    /// <summary>End of a free stretch, Unix seconds.</summary>
    [SupplyParameterFromQuery]
    public double? To { get; set; }

    /// <summary>The earlier period to compare with.</summary>
    [SupplyParameterFromQuery]
    public string? Compare { get; set; }

    /// <summary>Newest states.</summary>
    [Inject]
    public required LiveValues Live { get; set; }

    /// <summary>Configured heat pumps, also those that are not read yet.</summary>
    [Inject]
    public required IHeatPumpStore HeatPumps { get; set; }

    /// <summary>Keeps the view in the URL.</summary>
    [Inject]
    public required NavigationManager Navigation { get; set; }

    /// <summary>Clock and zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private IReadOnlyList<string> ChosenSensors => Sensors is null ? HistoryChoice.Default : Split(Sensors);

    private IReadOnlyList<(string Key, string Label)> Chips =>
        [.. ChosenSensors.Select(key => (Key: key, Label: HistoryChoice.LabelOf(key, _chosen))).Where(chip => chip.Label is not null).Select(chip => (chip.Key, chip.Label!))];

    /// <inheritdoc/>
    public void Dispose()
    {
        Viewer.Changed -= RenderTimes;
        _subscription?.Dispose();
        _lifetime.Dispose();
    }

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        Viewer.Changed += RenderTimes;
        _subscription = Live.Subscribe(null, AtMostEvery, (changed, _) => InvokeAsync(() => Take(changed)));
        return LoadAsync();
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        var view = ChartView.Parse(Range, On, From, To, Compare);
        if (_window is null || !view.ShowsAs(_view)) _window = view.WindowAt(Viewer.Now, Viewer.Zone);
        _view = view;
        Choose();
    }

    private async Task LoadAsync()
    {
        _fault = false;
        try
        {
            foreach (var state in Live.All) _states[state.HeatPump.Id.Value] = state;
            _isConfigured = _states.Count > 0 || (await HeatPumps.ListAsync(_lifetime.Token)).Count > 0;
        }
        catch (OperationCanceledException) when (_lifetime.Token.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault) when (fault is DbException or IOException)
        {
            _fault = true;
        }

        _loading = false;
        Choose();
    }

    private void Take(IReadOnlyList<(HeatPumpId Id, HeatPumpState? State)> changed)
    {
        Viewer.UseCulture();
        foreach (var (id, state) in changed)
        {
            if (state is null) _states.Remove(id.Value);
            else _states[id.Value] = state;
        }

        Choose();
        StateHasChanged();
    }

    private void Choose()
    {
        var ids = Pumps is null ? null : Split(Pumps);
        _chosen = [.. ids is null ? _states.Values.Take(ChosenFirst) : ids.Select(id => _states.GetValueOrDefault(id)).OfType<HeatPumpState>()];
        _series = HistoryChoice.SeriesOf(ChosenSensors, _chosen);
        if (_offered.SequenceEqual(_chosen.Select(state => state.Sensors), ReferenceEqualityComparer.Instance)) return;
        _offered = [.. _chosen.Select(state => state.Sensors)];
        _offers = HistoryChoice.OffersOf(_chosen);
    }

    private bool IsChosen(HeatPumpState state) => _chosen.Any(chosen => chosen.HeatPump.Id == state.HeatPump.Id);

    private void RenderTimes(object? sender, EventArgs arguments)
    {
        _window = _view?.WindowAt(Viewer.Now, Viewer.Zone);
        StateHasChanged();
    }

    // Those that stay keep their places and so their colours.
    private void Toggle(HeatPumpState state)
    {
        var ids = _chosen.Select(chosen => chosen.HeatPump.Id.Value);
        var id = state.HeatPump.Id.Value;
        Go(replace: true, ("pumps", string.Join(',', IsChosen(state) ? ids.Where(other => other != id) : ids.Append(id))));
    }

    private void ChooseSensors(IReadOnlyList<string> keys) => Go(replace: true, ("sensors", string.Join(',', keys)));

    private void Show((ChartView View, bool InPlace) change)
    {
        // At once, before the browser has taken the URL; the same range again means its newest stretch.
        var view = change.View.AsInUrl();
        if (!change.InPlace || !view.ShowsAs(_view)) _window = view.WindowAt(Viewer.Now, Viewer.Zone);
        _view = view;
        Go(change.InPlace, [.. view.Query.Select(item => (item.Key, (string?)item.Value))]);
    }

    private void Go(bool replace, params (string Key, string? Value)[] changes) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(changes.ToDictionary(change => change.Key, object? (change) => change.Value)), replace: replace);

    private static List<string> Split(string list) => [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct()];
}
