using System.Globalization;
using HPManager.Core.History.Import.Csv;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages.Transfer;

/// <summary>How a file of separated values was understood, to be corrected.</summary>
public partial class CsvFields
{
    private bool _isZoneWrong;

    /// <summary>How the file begins.</summary>
    [Parameter, EditorRequired]
    public required CsvPreview Preview { get; set; }

    /// <summary>It is to be read otherwise.</summary>
    [Parameter]
    public EventCallback<CsvSettings> Changed { get; set; }

    /// <summary>The viewer's zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private bool IsLong => Preview.Settings.SensorColumn is not null;

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";

    private static int? Number(ChangeEventArgs change) => int.TryParse(change.Value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private string? ClassOf(int column) =>
        column == Preview.Settings.TimeColumn ? "time" : column == Preview.Settings.SensorColumn || column == Preview.Settings.ValueColumn ? "used" : null;

    private CsvSettings Form(bool isLong)
    {
        var others = Enumerable.Range(0, Preview.Columns.Count).Where(column => column != Preview.Settings.TimeColumn).ToList();
        return isLong && others.Count >= 2
            ? Preview.Settings with { SensorColumn = others[0], ValueColumn = others[1] }
            : Preview.Settings with { SensorColumn = null, ValueColumn = null };
    }

    private Task ZoneAsync(string? zone)
    {
        _isZoneWrong = !TimeZoneInfo.TryFindSystemTimeZoneById(zone?.Trim() ?? "", out _);
        return _isZoneWrong ? Task.CompletedTask : TellAsync(Preview.Settings with { Zone = zone!.Trim() });
    }

    private Task TellAsync(CsvSettings settings) => Changed.InvokeAsync(settings);

    private RenderFragment Columns(int? chosen) => builder =>
    {
        for (var column = 0; column < Preview.Columns.Count; column++)
        {
            builder.OpenElement(0, "option");
            builder.SetKey(column);
            builder.AddAttribute(1, "value", column.ToString(CultureInfo.InvariantCulture));
            builder.AddAttribute(2, "selected", column == chosen);
            builder.AddContent(3, Preview.Columns[column]);
            builder.CloseElement();
        }
    };
}
