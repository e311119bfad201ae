using System.Globalization;
using HPManager.Core.History.Import;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages.Transfer;

/// <summary>How far the import is and, when it is over, what became of everything.</summary>
public partial class ImportRunView
{
    private bool _cannotResume;

    /// <summary>The import as it stands.</summary>
    [Parameter, EditorRequired]
    public required ImportState State { get; set; }

    /// <summary>Whose history it becomes.</summary>
    [Parameter]
    public string? HeatPumpName { get; set; }

    /// <summary>Its sensors.</summary>
    [Parameter]
    public SensorSet Sensors { get; set; } = SensorSet.Empty;

    /// <summary>Cancels and resumes.</summary>
    [Inject]
    public required HistoryImport Import { get; set; }

    /// <summary>Times in the viewer's zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private ImportProgress Progress => State.Progress;

    private int? Percent => Progress.Fraction is { } fraction ? (int)(fraction * 100) : null;

    private string Title => State.Status switch
    {
        ImportStatus.Running => Percent is { } percent ? $"Importing, {percent} %" : "Importing",
        ImportStatus.Waiting => "Waiting",
        ImportStatus.Cancelled => "Cancelled",
        ImportStatus.Interrupted => "Interrupted by a restart",
        ImportStatus.Failed => "Stopped",
        _ => "Imported",
    };

    private static string Count(long count) => count.ToString("N0", CultureInfo.CurrentCulture);

    private static string ChartUrl(ImportPlan plan) =>
        $"heatpumps/{plan.HeatPumpId}?tab=chart&range=30d&sensors={string.Join(',', plan.Mapping.Select(mapping => mapping.Sensor.Value).Distinct().Take(8))}";

    private static string Remarks(SeriesOutcome series)
    {
        var remarks = series.Reasons.OrderByDescending(reason => reason.Value).Select(reason => $"{reason.Key} ({Count(reason.Value)})").ToList();
        if (series.Statistics > 0) remarks.Insert(0, $"{Count(series.Statistics)} means of statistics");
        if (series.Missing > 0) remarks.Insert(0, $"{Count(series.Missing)} without a value");
        return string.Join("; ", remarks);
    }

    private void Resume() => _cannotResume = !Import.Resume();
}
