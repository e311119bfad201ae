using System.Data.Common;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Web.Components.Charts;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages;

/// <summary>One heat pump: what it does, every sensor, charts, settings. Tab, search, range, zoom and chosen sensors stand in the URL.</summary>
public sealed partial class HeatPumpPage : IDisposable
{
    private const string NowKey = "now";
    private const string SensorsKey = "sensors";
    private const string ChartKey = "chart";
    private const string SettingsKey = "settings";
    private const string HideKey = "hide";

    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(250);
    private static readonly (string Key, string Label)[] Tabs = [(NowKey, "Now"), (SensorsKey, "Sensors"), (ChartKey, "Chart"), (SettingsKey, "Settings")];

    private readonly Lifetime _lifetime = new();
    private IDisposable? _subscription;
    private HeatPumpState? _state;
    private ChartWindow? _window;
    private ChartView? _view;
    private string? _shownId;
    private string? _starting;
    private bool _looked;
    private bool _removed;
    private bool _fault;

    /// <summary>The heat pump's id, from the URL.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    /// <summary>Tab.</summary>
    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    /// <summary>Search among the sensors.</summary>
    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    /// <summary><c>hide</c> leaves sensors without a value out.</summary>
    [SupplyParameterFromQuery]
    public string? Missing { get; set; }

    /// <summary>Sensors of the chart, joined by commas.</summary>
    [SupplyParameterFromQuery]
    public string? Sensors { get; set; }

    /// <summary>Range of the charts.</summary>
    [SupplyParameterFromQuery]
    public string? Range { get; set; }

    /// <summary>A day of the range.</summary>
    [SupplyParameterFromQuery]
    public string? On { get; set; }

    /// <summary>Begin of a zoom, Unix seconds.</summary>
    [SupplyParameterFromQuery]
    public double? From { get; set; }

    /// <summary>End of a zoom, Unix seconds.</summary>
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

    /// <summary>Names of makes.</summary>
    [Inject]
    public required ManufacturerRegistry Registry { get; set; }

    /// <summary>Keeps the view in the URL.</summary>
    [Inject]
    public required NavigationManager Navigation { get; set; }

    /// <summary>Clock and zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private string CurrentTab => Tabs.Any(tab => tab.Key == Tab) ? Tab! : NowKey;

    private IReadOnlyList<string>? ChosenSensors => Sensors?.Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();

    /// <inheritdoc/>
    public void Dispose()
    {
        Viewer.Changed -= RenderTimes;
        _subscription?.Dispose();
        _lifetime.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => Viewer.Changed += RenderTimes;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        // The window of a live range begins when it is chosen, not with every rendering.
        var view = ChartView.Parse(Range, On, From, To, Compare);
        if (_window is null || !view.ShowsAs(_view)) _window = view.WindowAt(Viewer.Now, Viewer.Zone);
        _view = view;
        if (_shownId == Id) return;
        _shownId = Id;
        await ShowAsync();
    }

    private async Task ShowAsync()
    {
        _subscription?.Dispose();
        (_state, _starting, _looked, _removed, _fault) = (null, null, false, false, false);
        if (HeatPumpId.TryParse(Id, out var id))
        {
            _subscription = Live.Subscribe(id, AtMostEvery, (changed, _) => InvokeAsync(() => Take(changed[^1].State)));
            _state = Live.Get(id);
            if (_state is null) await LookUpAsync(id);
        }

        _looked = true;
    }

    private async Task LookUpAsync(HeatPumpId id)
    {
        try
        {
            _starting = (await HeatPumps.FindAsync(id, _lifetime.Token))?.Name;
        }
        catch (Exception fault) when (fault is DbException or IOException)
        {
            _fault = true;
        }
    }

    private void Take(HeatPumpState? state)
    {
        Viewer.UseCulture();
        _removed = state is null;
        _starting = null;
        _state = state;
        StateHasChanged();
    }

    private void RenderTimes(object? sender, EventArgs arguments)
    {
        // A day of the calendar begins elsewhere in another zone.
        _window = _view?.WindowAt(Viewer.Now, Viewer.Zone);
        StateHasChanged();
    }

    private string UrlOf(string tab) => $"heatpumps/{Id}?tab={tab}" + tab switch
    {
        NowKey or ChartKey => (Range is null ? "" : $"&range={ChartRange.Of(Range).Key}") + (Sensors is null || tab == NowKey ? "" : $"&sensors={Uri.EscapeDataString(Sensors)}"),
        _ => "",
    };

    private void SearchAsync(string? text) => Go(replace: true, ("q", string.IsNullOrWhiteSpace(text) ? null : text));

    private void HideMissing(bool hide) => Go(replace: true, ("missing", hide ? HideKey : null));

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
}
