using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace HPManager.Web.Components.Charts;

/// <summary>
/// Sensors of one or several heat pumps over time, as lines or, where they are states, as a timeline. Draws the history of a window, reads finer data when the
/// viewer zooms or moves, and lets new readings run in at the right. Building the chart, replacing its data and adding a reading are different calls to the
/// browser; data go as bytes.
/// </summary>
public sealed partial class TimeSeriesChart : IAsyncDisposable
{
    /// <summary>The module that draws.</summary>
    public const string ChartModule = "./Components/Charts/TimeSeriesChart.razor.js";

    private const int Colours = 8;
    private const int ReadAgainAfter = 400;
    private const double ReadAgainAtShare = 0.05;

    private readonly Lifetime _lifetime = new();
    private readonly Dictionary<HeatPumpId, DateTimeOffset> _drawnUntil = [];
    private ElementReference _host;
    private CancellationTokenSource? _loading;
    private DotNetObjectReference<TimeSeriesChart>? _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _chart;
    private IReadOnlyList<ChartBlock>? _blocks;
    private IReadOnlyList<ChartBlock> _earlier = [];
    private IReadOnlyList<ChartMark>? _drawnMarks;
    private string? _drawnShape;
    private (ChartWindow Window, ChartWindow? Earlier)? _drawn;
    private DateTimeOffset _readAt;
    private int _appended;
    private bool _isDrawing;
    private bool _isOutdated;
    private bool _isLoading;
    private bool _fault;
    private bool _tableShown;

    /// <summary>What to draw; at least one, all drawable, all numbers or all states.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<ChartSeries> Series { get; set; }

    /// <summary>Which stretch of time.</summary>
    [Parameter, EditorRequired]
    public required ChartWindow Window { get; set; }

    /// <summary>The earlier period to compare with; null for none.</summary>
    [Parameter]
    public ChartWindow? Earlier { get; set; }

    /// <summary>The earlier period in words.</summary>
    [Parameter]
    public string EarlierLabel { get; set; } = "earlier";

    /// <summary>What is to be marked.</summary>
    [Parameter]
    public IReadOnlyList<ChartMark> Marks { get; set; } = [];

    /// <summary>Whether marks are labelled here, and not only drawn.</summary>
    [Parameter]
    public bool LabelsMarks { get; set; } = true;

    /// <summary>The viewer zoomed to a stretch, or back out with null.</summary>
    [Parameter]
    public EventCallback<ChartWindow?> Zoomed { get; set; }

    /// <summary>The viewer moved or zoomed step by step, by wheel or keys: nothing to come back to one by one.</summary>
    [Parameter]
    public EventCallback<ChartWindow> Moved { get; set; }

    /// <summary>Charts with the same word share the cursor.</summary>
    [Parameter]
    public string Companions { get; set; } = "page";

    /// <summary>Height of the plot in CSS pixels.</summary>
    [Parameter]
    public int Height { get; set; } = 280;

    /// <summary>All series on the page in their order, which gives each its colour; null when there are no others.</summary>
    [Parameter]
    public IReadOnlyList<ChartSeries>? Palette { get; set; }

    /// <summary>Whether the charts it stands below or above have an axis at the right: their times have to lie below each other.</summary>
    [Parameter]
    public bool HasRightAxis { get; set; }

    /// <summary>Whether series are called by their heat pump's name too.</summary>
    [Parameter]
    public bool WithNames { get; set; }

    /// <summary>Where the data come from.</summary>
    [Inject]
    public required IHistorySource History { get; set; }

    /// <summary>The browser.</summary>
    [Inject]
    public required IJSRuntime Browser { get; set; }

    /// <summary>Clock and zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private bool IsTimeline => ChartGroups.IsState(Series[0].Sensor);

    private string Description => $"{string.Join(", ", Series.Select(line => line.Label(WithNames)))} over time";

    private TimeSpan BucketWidth => _blocks is { Count: > 0 } blocks ? blocks.Max(block => block.BucketWidth) : TimeSpan.Zero;

    private string? BucketSeconds => _blocks is null ? null : BucketWidth.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private string? Thinning => BucketWidth == TimeSpan.Zero
        ? null
        : IsTimeline ? $"State at the end of every {ValueFormat.Duration(BucketWidth)}" : $"Mean of {ValueFormat.Duration(BucketWidth)}, shaded from smallest to largest";

    // A live window that moves has moved since it was chosen.
    private ChartWindow Present => Window.Tail == ChartTail.Moves && Viewer.Now > Window.To
        ? Window with { From = Viewer.Now - Window.Length, To = Viewer.Now }
        : Window;

    /// <summary>Called by the browser: the viewer dragged or pinched to a stretch, in Unix seconds.</summary>
    [JSInvokable]
    public Task ZoomAsync(double from, double to) =>
        ChartWindow.Between(from, to) is { } window ? Zoomed.InvokeAsync(window) : Task.CompletedTask;

    /// <summary>Called by the browser: the viewer moved, or zoomed by wheel or keys, to a stretch, in Unix seconds.</summary>
    [JSInvokable]
    public Task MoveAsync(double from, double to) =>
        ChartWindow.Between(from, to) is { } window ? Moved.InvokeAsync(window) : Task.CompletedTask;

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
        if (_isDrawing)
        {
            // One after the other: a chart that is being built takes no data, and data of a stretch that is left are not waited for.
            _isOutdated = true;
            if (_drawn != (Window, Earlier) && _loading is { } loading) await loading.CancelAsync();
            return;
        }

        _isDrawing = true;
        try
        {
            do
            {
                _isOutdated = false;
                await DrawAsync();
            }
            while (_isOutdated);
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            // The viewer left while something was under way.
        }
        finally
        {
            _isDrawing = false;
        }
    }

    private async Task DrawAsync()
    {
        _self ??= DotNetObjectReference.Create(this);
        _module ??= await Browser.InvokeAsync<IJSObjectReference>("import", _lifetime.Token, ChartModule);
        var shape = Shape();
        if (_drawnShape != shape) await BuildAsync(shape);
        if (_drawn != (Window, Earlier) || IsWornOut()) await LoadAsync();
        else await AppendAsync();
        if (!ReferenceEquals(_drawnMarks, Marks)) await MarkAsync();
    }

    private string Shape() => $"{string.Join(' ', Series.Select(line => $"{line.Key}/{ColourOf(line)}"))}|{Earlier is not null}|{HasRightAxis}|{Viewer.Zone.Id}";

    // What ran in is not thinned, and an earlier period does not run in at all.
    private bool IsWornOut() => Window.IsLive && !_fault
        && (_appended > ReadAgainAfter || (Window.Tail == ChartTail.Moves && Viewer.Now - _readAt > Window.Length * ReadAgainAtShare && _appended > 2));

    private async Task BuildAsync(string shape)
    {
        _drawnShape = shape;
        (_drawn, _drawnMarks) = (null, null);
        var options = new
        {
            height = Height,
            companions = Companions,
            culture = CultureInfo.CurrentCulture.Name is { Length: > 0 } name ? name : "en",
            zone = Viewer.Zone.HasIanaId ? Viewer.Zone.Id : "UTC",
            isTimeline = IsTimeline,
            isCompared = Earlier is not null,
            hasRightAxis = HasRightAxis,
            label = Description,
            series = Series.Select(line => Describe(line)).ToArray(),
        };
        var former = _chart;
        _chart = await _module!.InvokeAsync<IJSObjectReference>("create", _lifetime.Token, _host, options, _self);
        if (former is not null) await former.DisposeAsync();
    }

    private object Describe(ChartSeries line)
    {
        var words = ChartTable.WordsOf(line.Sensor);
        return new
        {
            key = line.Key,
            label = line.Label(WithNames),
            unit = line.Sensor.Unit.Symbol,
            decimals = line.Sensor.Unit.Decimals,
            scale = ChartGroups.ScaleOf(line.Sensor),
            isSetpoint = line.Sensor.Category == SensorCategory.Setpoint,
            isFlags = line.Sensor.Kind == ValueKind.Flags,
            colour = (ColourOf(line) % Colours) + 1,
            pattern = ColourOf(line) / Colours,
            words = words?.ToDictionary(word => word.Key.ToString(CultureInfo.InvariantCulture), word => word.Value),
            tones = IsTimeline ? words?.ToDictionary(word => word.Key.ToString(CultureInfo.InvariantCulture), word => ToneOf(line.Sensor, word.Key, word.Value)) : null,
        };
    }

    private static string? ToneOf(SensorDefinition sensor, int code, string word) =>
        sensor.Kind != ValueKind.Switch ? LaneTones.Of(word) : code == 0 ? "quiet" : LaneTones.OfSwitch(sensor);

    private async Task LoadAsync()
    {
        _drawn = (Window, Earlier);
        _loading?.Dispose();
        _loading = CancellationTokenSource.CreateLinkedTokenSource(_lifetime.Token);
        var cancelled = _loading.Token;
        var window = Present;
        (_isLoading, _readAt) = (true, Viewer.Now);
        try
        {
            var shift = Earlier is null ? TimeSpan.Zero : Window.From - Earlier.From;
            var earlier = Earlier is null
                ? Task.FromResult<IReadOnlyList<ChartBlock>>([])
                : ChartReader.ReadAsync(History, Series, new ChartWindow(window.From - shift, window.To - shift), shift, cancelled);
            var shown = ChartReader.ReadAsync(History, Series, window, TimeSpan.Zero, cancelled);
            await Task.WhenAll(shown, earlier);
            (_blocks, _earlier) = (await shown, await earlier);
            _fault = false;
            _appended = 0;
            _drawnUntil.Clear();
            foreach (var block in _blocks) _drawnUntil[block.State.HeatPump.Id] = block.Times.Count > 0 ? block.Times[^1] + block.BucketWidth : window.From;
            IReadOnlyList<ChartBlock> all = [.. _blocks, .. _earlier];
            var packed = IsTimeline ? ChartData.PackStates(all) : ChartData.PackLines(all);
            await _chart!.InvokeVoidAsync("setData", cancelled, packed, Seconds(window.From), Seconds(window.To), Window.Tail == ChartTail.Moves);
        }
        catch (IOException)
        {
            _fault = true;
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            _drawn = null;
            return;
        }

        _isLoading = false;
        StateHasChanged();
    }

    private async Task AppendAsync()
    {
        if (!Window.IsLive || _blocks is null) return;
        foreach (var block in _blocks)
        {
            if (Series[block.Series[0]].State is not { Snapshot: { } snapshot, HeatPump: var heatPump }) continue;
            var until = _drawnUntil[heatPump.Id];
            if (snapshot.At <= until || (Window.Tail == ChartTail.Fills && snapshot.At >= Window.To)) continue;
            _drawnUntil[heatPump.Id] = snapshot.At;
            _appended++;
            var values = block.Series.Select(position => ValueOf(Series[position].Sensor, snapshot)).ToArray();
            await _chart!.InvokeVoidAsync("append", _lifetime.Token, Seconds(snapshot.At), block.Series, values, snapshot.At - until > block.LongestJoin);
        }
    }

    private async Task MarkAsync()
    {
        _drawnMarks = Marks;
        var names = Series.Select(line => line.State.HeatPump).DistinctBy(heatPump => heatPump.Id).ToDictionary(heatPump => heatPump.Id, heatPump => heatPump.Name);
        var marks = Marks.Where(mark => names.ContainsKey(mark.HeatPumpId)).Select(mark => new
        {
            at = Seconds(mark.At),
            until = mark.Until is { } until ? Seconds(until) : (double?)null,
            kind = mark.Kind.ToString().ToLowerInvariant(),
            text = WithNames ? $"{names[mark.HeatPumpId]}: {mark.Text}" : mark.Text,
            isLabelled = LabelsMarks,
        });
        await _chart!.InvokeVoidAsync("setMarks", _lifetime.Token, marks.ToList());
    }

    private static double? ValueOf(SensorDefinition sensor, Snapshot snapshot)
    {
        if (sensor == ActivityLane.Sensor) return ActivityLane.Of(snapshot);
        return snapshot[sensor.Key] is { Quality: Quality.Good } reading ? reading.Value : null;
    }

    private static double Seconds(DateTimeOffset moment) => moment.ToUnixTimeMilliseconds() / 1000.0;

    private int ColourOf(ChartSeries line)
    {
        var all = Palette ?? Series;
        return all.TakeWhile(other => other.Key != line.Key).Count(other => !ChartGroups.IsState(other.Sensor));
    }
}
