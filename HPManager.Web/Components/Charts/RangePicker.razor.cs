using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Charts;

/// <summary>
/// Chooses the stretch of time that the charts of a page show and the earlier period they are compared with, steps back and forth, and leads back out of a
/// zoom.
/// </summary>
public partial class RangePicker
{
    private const string FreeId = "range-free";
    private const string CompareId = "range-compare";

    private static readonly IReadOnlyList<IReadOnlyList<ChartRange>> Groups = [ChartRange.Rolling, ChartRange.Calendar];

    private DateTimeOffset? _from;
    private DateTimeOffset? _to;
    private DateTimeOffset? _compareFrom;
    private string? _wrong;
    private string? _compareWrong;

    /// <summary>What stands in the URL.</summary>
    [Parameter, EditorRequired]
    public required ChartView View { get; set; }

    /// <summary>What is shown now.</summary>
    [Parameter, EditorRequired]
    public required ChartWindow Window { get; set; }

    /// <summary>Something else is to be shown; the same view again means its newest stretch.</summary>
    [Parameter]
    public EventCallback<ChartView> ViewChanged { get; set; }

    /// <summary>Whether an earlier period can be chosen.</summary>
    [Parameter]
    public bool Compares { get; set; }

    /// <summary>In whose zone times are written.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private bool CanGoLater => !Window.IsLive && Window.To < Viewer.Now;

    private Task ChooseAsync(ChartRange range) => ChangeAsync(View with { Range = range, Free = null, On = DayFor(range) });

    // From a week of March to its month, not to the month that is now.
    private DateOnly? DayFor(ChartRange range)
    {
        if (range.Span is null || Window.IsLive) return null;
        var day = LocalTime.DayOf(Window.From, Viewer.Zone);
        return range.FirstDay(day) >= range.FirstDay(LocalTime.DayOf(Viewer.Now, Viewer.Zone)) ? null : day;
    }

    private Task StepAsync(int count) => ChangeAsync(View.Step(count, Viewer.Now, Viewer.Zone));

    private Task ChangeAsync(ChartView view) => ViewChanged.InvokeAsync(view);

    private void Fill() => (_from, _to, _wrong) = (Window.From, Window.To, null);

    private async Task TakeAsync()
    {
        _wrong = (_from, _to) switch
        {
            (null, _) => "Begin must be a date and a time.",
            (_, null) => "End must be a date and a time.",
            var (from, to) when to - from < ChartWindow.Shortest => "End must be later than begin.",
            var (from, _) when from > Viewer.Now => "Begin lies in the future.",
            var (from, to) when ChartWindow.Between(from.Value.ToUnixTimeSeconds(), to.Value.ToUnixTimeSeconds()) is null => "At most 50 years, from 1970 on.",
            _ => null,
        };
        if (_wrong is null) await ChangeAsync(View with { Free = new ChartWindow(_from!.Value, _to!.Value) });
    }

    private async Task CompareFromAsync()
    {
        _compareWrong = _compareFrom switch
        {
            null => "It must be a date and a time.",
            { } start when start >= Window.From => $"It must be earlier than {Viewer.Time(Window.From)}.",
            { } start when Comparison.Parse(ChartWindow.Seconds(start)) is null => "It must lie after 1970.",
            _ => null,
        };
        if (_compareWrong is null) await ChangeAsync(View with { Compare = Comparison.From(_compareFrom!.Value) });
    }
}
