using System.Globalization;
using HPManager.Core.History;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace HPManager.Web.Components.Controls;

/// <summary>
/// Sensors over time. Draws the history of a window, reloads finer data when the viewer zooms, and lets new readings run in at the right. Building the
/// chart, replacing its data and adding a reading are three different calls to the browser; data go as bytes.
/// </summary>
public sealed partial class TimeSeriesChart : IAsyncDisposable
{
    private const string ChartModule = "./Components/Controls/TimeSeriesChart.razor.js";
    private const int Points = 1_200;
    private const int MaxTableRows = 100;
    private const int Colours = 8;

    private readonly Lifetime _lifetime = new();
    private ElementReference _host;
    private CancellationTokenSource? _loading;
    private DotNetObjectReference<TimeSeriesChart>? _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _chart;
    private HistoryTable? _table;
    private IReadOnlyList<SensorKey> _drawnSensors = [];
    private ChartWindow? _drawnWindow;
    private DateTimeOffset _drawnUntil;
    private bool _fault;
    private bool _tableShown;

    /// <summary>The heat pump's newest state.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpState State { get; set; }

    /// <summary>What to draw; at least one, all drawable.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<SensorDefinition> Sensors { get; set; }

    /// <summary>Which stretch of time.</summary>
    [Parameter, EditorRequired]
    public required ChartWindow Window { get; set; }

    /// <summary>The viewer zoomed to a stretch, or back out with null.</summary>
    [Parameter]
    public EventCallback<ChartWindow?> Zoomed { get; set; }

    /// <summary>Charts with the same word share the cursor.</summary>
    [Parameter]
    public string Companions { get; set; } = "page";

    /// <summary>Height of the plot in CSS pixels.</summary>
    [Parameter]
    public int Height { get; set; } = 280;

    /// <summary>All sensors on the page in their order, which gives each its colour; null when there are no others.</summary>
    [Parameter]
    public IReadOnlyList<SensorDefinition>? Palette { get; set; }

    /// <summary>Where the data come from.</summary>
    [Inject]
    public required IHistorySource History { get; set; }

    /// <summary>The browser.</summary>
    [Inject]
    public required IJSRuntime Browser { get; set; }

    /// <summary>Clock and zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private string Description => $"{string.Join(", ", Sensors.Select(sensor => sensor.Label))} over time";

    /// <summary>Called by the browser: the viewer dragged or pinched to a stretch, in Unix seconds.</summary>
    [JSInvokable]
    public Task ZoomAsync(double from, double to) =>
        ChartWindow.Between(from, to) is { } window ? Zoomed.InvokeAsync(window) : Task.CompletedTask;

    /// <summary>Called by the browser: the viewer wants the whole range again.</summary>
    [JSInvokable]
    public Task ResetAsync() => Zoomed.InvokeAsync(null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _lifetime.Dispose();
        _loading?.Dispose();
        try
        {
            if (_chart is not null) await _chart.InvokeVoidAsync("dispose", CancellationToken.None);
            if (_chart is not null) await _chart.DisposeAsync();
            if (_module is not null) await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and the chart with it.
        }

        _self?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            if (firstRender)
            {
                _self = DotNetObjectReference.Create(this);
                _module = await Browser.InvokeAsync<IJSObjectReference>("import", _lifetime.Token, ChartModule);
            }

            if (_module is null) return;
            if (!_drawnSensors.SequenceEqual(Sensors.Select(sensor => sensor.Key))) await BuildAsync();
            if (_chart is null) return;
            if (_drawnWindow != Window) await LoadAsync();
            else await AppendAsync();
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            // The viewer left while something was under way.
        }
    }

    private async Task BuildAsync()
    {
        _drawnSensors = [.. Sensors.Select(sensor => sensor.Key)];
        _drawnWindow = null;
        var options = new
        {
            height = Height,
            companions = Companions,
            culture = CultureInfo.CurrentCulture.Name is { Length: > 0 } name ? name : "en",
            series = Sensors.Select(sensor => new
            {
                label = ValueFormat.LabelOf(sensor),
                unit = sensor.Unit.Symbol,
                decimals = sensor.Unit.Decimals,
                scale = ChartGroups.ScaleOf(sensor),
                isStepped = ChartGroups.IsState(sensor),
                isDashed = sensor.Category == SensorCategory.Setpoint,
                colour = ColourOf(sensor),
                words = WordsOf(sensor),
            }).ToArray(),
        };
        var former = _chart;
        _chart = await _module!.InvokeAsync<IJSObjectReference>("create", _lifetime.Token, _host, options, _self);
        if (former is not null) await former.DisposeAsync();
    }

    private async Task LoadAsync()
    {
        _drawnWindow = Window;
        if (_loading is not null) await _loading.CancelAsync();
        _loading?.Dispose();
        _loading = CancellationTokenSource.CreateLinkedTokenSource(_lifetime.Token);
        var cancelled = _loading.Token;
        try
        {
            var query = new HistoryQuery(State.HeatPump.Id, _drawnSensors, Window.From, Window.To, Points);
            var table = await History.QueryAsync(query, cancelled);
            (_table, _fault) = (table, false);
            _drawnUntil = table.Times.Count > 0 ? table.Times[^1] : Window.From;
            var packed = ChartData.Pack(table, HistoryGaps.LongestJoin(State.HeatPump.Interval, table.BucketWidth));
            await _chart!.InvokeVoidAsync("setData", cancelled, packed, Window.From.ToUnixTimeSeconds(), Window.To.ToUnixTimeSeconds());
        }
        catch (IOException)
        {
            _fault = true;
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            return;
        }

        StateHasChanged();
    }

    private async Task AppendAsync()
    {
        if (!Window.IsLive || _table is null || State.Snapshot is not { } snapshot || snapshot.At <= _drawnUntil) return;
        var isGap = snapshot.At - _drawnUntil > HistoryGaps.LongestJoin(State.HeatPump.Interval, _table.BucketWidth);
        _drawnUntil = snapshot.At;
        var values = Sensors.Select(sensor => snapshot[sensor.Key] is { Quality: Quality.Good } reading ? reading.Value : null).ToArray();
        await _chart!.InvokeVoidAsync("append", _lifetime.Token, snapshot.At.ToUnixTimeSeconds(), values, isGap);
    }

    private int ColourOf(SensorDefinition sensor) => ((Palette ?? Sensors).TakeWhile(other => other.Key != sensor.Key).Count() % Colours) + 1;

    private static Dictionary<string, string>? WordsOf(SensorDefinition sensor)
    {
        if (sensor.Kind == ValueKind.Switch && sensor.Codes is null) return new Dictionary<string, string> { ["0"] = "Off", ["1"] = "On" };
        return sensor.Codes?.Entries.ToDictionary(
            entry => entry.Key.ToString(CultureInfo.InvariantCulture), entry => ValueFormat.Words(entry.Value));
    }

    private static IEnumerable<int> TableRows(HistoryTable table)
    {
        var step = Math.Max(1, (int)Math.Ceiling(table.Times.Count / (double)MaxTableRows));
        for (var row = table.Times.Count - 1; row >= 0; row -= step) yield return row;
    }

    private static string Cell(SensorDefinition sensor, double? value) => value is { } number
        ? WordsOf(sensor)?.GetValueOrDefault(number.ToString("0", CultureInfo.InvariantCulture)) ?? ValueFormat.WithUnit(number, sensor.Unit)
        : ValueFormat.Dash;
}
