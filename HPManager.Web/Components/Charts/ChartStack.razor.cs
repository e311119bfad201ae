using HPManager.Web.Components.Controls;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Charts;

/// <summary>Any sensors of any heat pumps over time, in as many charts below each other as their units need; they share cursor, zoom and marks.</summary>
public sealed partial class ChartStack : IDisposable
{
    private const int LaneHeight = 44;
    private const int AxisHeight = 48;

    private readonly Lifetime _lifetime = new();
    private IReadOnlyList<ChartMark> _marks = [];
    private (ChartWindow Window, string HeatPumps, long Minute)? _marked;

    /// <summary>What to draw; what cannot be drawn is left out.</summary>
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

    /// <summary>The viewer zoomed to a stretch, or back out with null.</summary>
    [Parameter]
    public EventCallback<ChartWindow?> Zoomed { get; set; }

    /// <summary>The viewer moved, or zoomed by wheel or keys.</summary>
    [Parameter]
    public EventCallback<ChartWindow> Moved { get; set; }

    /// <summary>Charts with the same word share the cursor.</summary>
    [Parameter]
    public string Companions { get; set; } = "page";

    /// <summary>Height of a chart of numbers in CSS pixels.</summary>
    [Parameter]
    public int Height { get; set; } = 280;

    /// <summary>Whether faults and gaps are marked, and listed below.</summary>
    [Parameter]
    public bool ListsMarks { get; set; }

    /// <summary>What there is to mark.</summary>
    [Inject]
    public required IChartMarks MarkSource { get; set; }

    /// <summary>Clock and zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private IReadOnlyList<IReadOnlyList<ChartSeries>> Groups { get; set; } = [];

    private bool WithNames { get; set; }

    private bool HasRightAxis => Groups.Any(group => group.Select(line => ChartGroups.ScaleOf(line.Sensor)).Distinct().Skip(1).Any());

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        Groups = ChartGroups.Of(Series);
        var heatPumps = Series.Select(line => line.State).DistinctBy(state => state.HeatPump.Id).ToList();
        WithNames = heatPumps.Count > 1;
        var minute = Window.IsLive ? Viewer.Now.ToUnixTimeSeconds() / 60 : 0;
        var asked = (Window, string.Join(' ', heatPumps.Select(state => state.HeatPump.Id)), minute);
        if (!ListsMarks || _marked == asked) return;
        _marked = asked;
        try
        {
            var until = Window.IsLive && Viewer.Now > Window.To ? Viewer.Now : Window.To;
            var read = await Task.WhenAll(heatPumps.Select(state => MarkSource.ReadAsync(state, Window.From, until, _lifetime.Token)));
            if (_marked == asked) _marks = [.. read.SelectMany(marks => marks).OrderBy(mark => mark.At)];
        }
        catch (IOException)
        {
            // The chart says that the history cannot be read.
            _marks = [];
        }
        catch (OperationCanceledException) when (_lifetime.Token.IsCancellationRequested)
        {
            // The viewer left.
        }
    }

    private int HeightOf(IReadOnlyList<ChartSeries> group) => ChartGroups.IsState(group[0].Sensor) ? (group.Count * LaneHeight * (Earlier is null ? 1 : 2)) + AxisHeight : Height;

    private string NameOf(ChartMark mark) => Series.First(line => line.HeatPumpId == mark.HeatPumpId).State.HeatPump.Name;

    private static IconName IconOf(ChartMarkKind kind) => kind switch
    {
        ChartMarkKind.Fault => IconName.Alert,
        ChartMarkKind.Resolved => IconName.Check,
        _ => IconName.Unplugged,
    };
}
