using System.Globalization;
using System.Text;
using HPManager.Core.History;
using HPManager.Web.Components.Charts;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>A small line over time, drawn by the server; gaps stay gaps.</summary>
public partial class Sparkline
{
    private const double Width = 300;
    private const double Height = 48;
    private const double Margin = 3;

    /// <summary>The history; its first column is drawn.</summary>
    [Parameter, EditorRequired]
    public required HistoryTable History { get; set; }

    /// <summary>What the line is, for a person who cannot see it.</summary>
    [Parameter, EditorRequired]
    public required string Description { get; set; }

    /// <summary>Rows not further apart are always joined.</summary>
    [Parameter]
    public TimeSpan LongestJoin { get; set; } = TimeSpan.FromMinutes(30);

    private string Line { get; set; } = "";

    private string Area { get; set; } = "";

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        var line = new StringBuilder();
        var area = new StringBuilder();
        foreach (var run in Runs())
        {
            var points = string.Join(' ', run.Select(point => $"{Text(point.X)},{Text(point.Y)}"));
            line.Append('M').Append(points);
            area.Append('M').Append(Text(run[0].X)).Append(',').Append(Text(Height)).Append('L').Append(points)
                .Append('L').Append(Text(run[^1].X)).Append(',').Append(Text(Height)).Append('Z');
        }

        Line = line.ToString();
        Area = area.ToString();
    }

    private IEnumerable<List<(double X, double Y)>> Runs()
    {
        var values = History.Columns[0].Mean;
        var known = values.OfType<double>().ToList();
        if (known.Count < 2) yield break;
        var (low, high) = (known.Min(), known.Max());
        var range = Math.Max(high - low, 0.1);
        var (first, last) = (History.Times[0], History.Times[^1]);
        var span = Math.Max((last - first).TotalSeconds, 1);

        var run = new List<(double X, double Y)>();
        for (var row = 0; row < values.Length; row++)
        {
            var isBreak = values[row] is null || (run.Count > 0 && HistoryGaps.IsBefore(History.Times, row, LongestJoin));
            if (isBreak && run.Count > 0)
            {
                yield return run;
                run = [];
            }

            if (values[row] is not { } value) continue;
            var x = (History.Times[row] - first).TotalSeconds / span * Width;
            run.Add((x, Height - Margin - ((value - low) / range * (Height - (2 * Margin)))));
        }

        if (run.Count > 0) yield return run;
    }

    private static string Text(double coordinate) => coordinate.ToString("0.#", CultureInfo.InvariantCulture);
}
