using System.Globalization;
using HPManager.Core.History.Export;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Core.Text;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Charts;

/// <summary>What of a heat pump's history is downloaded, and in which form; the download itself is a plain link to the REST API.</summary>
public partial class ExportSheet
{
    private const string PopoverId = "export-sheet";

    private static readonly (ExportFormat Format, string Words)[] Formats =
        [(ExportFormat.Csv, "CSV, for spreadsheets"), (ExportFormat.Json, "JSON, one document"), (ExportFormat.Ndjson, "JSON, a line per poll")];

    private string? _heatPump;
    private ExportRange _range;
    private ExportFormat _format;
    private bool _isDrawnOnly;
    private bool _withQuality = true;
    private DateTime _first;
    private DateTime _last;

    private enum ExportRange
    {
        Shown,
        Everything,
        Days,
    }

    /// <summary>Newest states of the heat pumps on the page, of which one is exported at a time; at least one.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<HeatPumpState> HeatPumps { get; set; }

    /// <summary>What the chart shows.</summary>
    [Parameter, EditorRequired]
    public required ChartWindow Window { get; set; }

    /// <summary>What is drawn.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<ChartSeries> Series { get; set; }

    /// <summary>In whose zone days begin.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private HeatPumpState State => HeatPumps.FirstOrDefault(state => state.HeatPump.Id.Value == _heatPump) ?? HeatPumps[0];

    // What was told from several sensors is exported as those.
    private IReadOnlyList<SensorKey> Drawn =>
    [
        .. Series.Where(line => line.HeatPumpId == State.HeatPump.Id)
            .SelectMany(line => line.Sensor == ActivityLane.Sensor ? ActivityLane.InputsOf(State.Sensors) : [line.Sensor])
            .Select(sensor => sensor.Key)
            .Distinct(),
    ];

    private bool IsDrawnOnly => _isDrawnOnly && Drawn.Count > 0;

    private string? Wrong => _range != ExportRange.Days || (_first <= _last && _first.Year is >= 1970 and < 9999 && _last.Year < 9999)
        ? null
        : "The first day must be 1970 or later and not after the last.";

    private string Url
    {
        get
        {
            var (from, to) = _range switch
            {
                ExportRange.Shown => (Text(Window.From), Text(Window.To)),
                ExportRange.Everything => ("1970-01-01", "now"),
                _ => (Text(Midnight(_first)), Text(Midnight(_last.AddDays(1)))),
            };
            var sensors = IsDrawnOnly ? $"&sensor={string.Join(',', Drawn)}" : "";
            return $"api/heatpumps/{State.HeatPump.Id}/history/export?format={SnakeCaseEnum.Key(_format)}&from={from}&to={to}{sensors}{(_withQuality ? "&quality=true" : "")}";
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _last = TimeZoneInfo.ConvertTime(Viewer.Now, Viewer.Zone).Date;
        _first = _last.AddDays(-6);
    }

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    // A day may begin later than midnight where the clock is put forward then.
    private DateTimeOffset Midnight(DateTime day)
    {
        var zone = Viewer.Zone;
        while (zone.IsInvalidTime(day)) day = day.AddMinutes(30);
        return new DateTimeOffset(day, zone.GetUtcOffset(day));
    }
}
