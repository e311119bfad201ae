using HPManager.Core.History;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Charts;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>A heat pump at a glance: what it does, the numbers that explain it, and its last day as a line.</summary>
public sealed partial class HeatPumpCard : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RedrawYoungEvery = TimeSpan.FromSeconds(20);
    private const int Points = 160;

    private readonly Lifetime _lifetime = new();
    private (HeatPumpState State, TimeZoneInfo Zone)? _drawn;
    private (string Label, SensorDefinition Sensor)? _trend;
    private HistoryTable? _history;
    private DateTimeOffset _historyAt;
    private bool _historyFault;
    private bool _isNew = true;

    /// <summary>The heat pump's newest state.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpState State { get; set; }

    /// <summary>Where the line comes from.</summary>
    [Inject]
    public required IHistorySource History { get; set; }

    /// <summary>Names of makes.</summary>
    [Inject]
    public required ManufacturerRegistry Registry { get; set; }

    /// <summary>Clock and zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private bool IsSilent => State.Connection is ConnectionState.Offline or ConnectionState.Disabled
        || (State.Connection == ConnectionState.Connecting && State.LastError is not null);

    // A line that does not reach back a day yet grows before the eyes of whoever has just added the heat pump.
    private TimeSpan UntilRedraw => _history is { } known && Viewer.Now - known.Times[0] > Day * 0.9 ? RedrawEvery : RedrawYoungEvery;

    private TimeSpan LongestJoin => HistoryGaps.LongestJoin(State.HeatPump.Interval, _history?.BucketWidth ?? TimeSpan.Zero);

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    /// <inheritdoc/>
    protected override bool ShouldRender() => _isNew;

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender) => _isNew = false;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        // A list of cards renders whenever one of them changed; the others have nothing new to say.
        _isNew |= _drawn is not { } drawn || !ReferenceEquals(drawn.State, State) || !drawn.Zone.Equals(Viewer.Zone);
        _drawn = (State, Viewer.Zone);
        if (Viewer.Now - _historyAt < UntilRedraw) return;
        _historyAt = Viewer.Now;
        await ReadHistoryAsync();
        _isNew = true;
    }

    private async Task ReadHistoryAsync()
    {
        _trend = KeyFigures.Trend(State.Model.Kind, State.Sensors);
        if (_trend is not { } trend) return;
        try
        {
            var query = new HistoryQuery(State.HeatPump.Id, [trend.Sensor.Key], Viewer.Now - Day, Viewer.Now, Points);
            var history = await History.QueryAsync(query, _lifetime.Token);
            _history = history.Columns[0].Mean.Count(value => value is not null) > 1 ? history : null;
            _historyFault = false;
        }
        catch (IOException)
        {
            _historyFault = true;
        }
        catch (OperationCanceledException) when (_lifetime.Token.IsCancellationRequested)
        {
            // The card is gone.
        }
    }

    private static string Extent(HistoryTable history, SensorDefinition sensor)
    {
        var column = history.Columns[0];
        return $"{ValueFormat.Number(column.Min.Min() ?? 0, sensor.Unit)} to {ValueFormat.WithUnit(column.Max.Max() ?? 0, sensor.Unit)}";
    }
}
