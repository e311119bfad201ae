using System.Globalization;
using HPManager.Core.History.Import;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages.Transfer;

/// <summary>What the owner agreed to.</summary>
/// <param name="Mapping">Which series becomes which sensor.</param>
/// <param name="TogetherSeconds">Values so far apart become one poll.</param>
/// <param name="Replaces">Whether what is here already is replaced.</param>
public sealed record ImportChoice(IReadOnlyList<SeriesMapping> Mapping, double TogetherSeconds, bool Replaces);

/// <summary>Shows each series that was found with the sensor it would become, to be corrected.</summary>
public partial class ImportMapping
{
    private const int MostShown = 200;

    private readonly Dictionary<string, SensorKey> _mapped = [];
    private readonly Dictionary<string, string?> _units = [];
    private string _search = "";
    private bool _isMappedOnly;
    private double _together;
    private bool _replaces;

    /// <summary>What was found.</summary>
    [Parameter, EditorRequired]
    public required ImportSurvey Survey { get; set; }

    /// <summary>What it can become.</summary>
    [Parameter, EditorRequired]
    public required SensorSet Sensors { get; set; }

    /// <summary>What each is likely to be.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyDictionary<string, SensorKey> Proposals { get; set; }

    /// <summary>Values so far apart become one poll, at first.</summary>
    [Parameter]
    public double TogetherSeconds { get; set; }

    /// <summary>What is wrong with the choice.</summary>
    [Parameter]
    public IReadOnlyList<string> Wrong { get; set; } = [];

    /// <summary>The owner agreed.</summary>
    [Parameter]
    public EventCallback<ImportChoice> Chosen { get; set; }

    /// <summary>Times in the viewer's zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private IReadOnlyList<SensorDefinition> Readable { get; set; } = [];

    private IEnumerable<FoundSeries> Matching => Survey.Series
        .Where(series => !_isMappedOnly || _mapped.ContainsKey(series.Id))
        .Where(series => _search.Length == 0 || $"{series.Name} {series.Alias}".Contains(_search.Trim(), StringComparison.OrdinalIgnoreCase))
        .OrderByDescending(series => Proposals.ContainsKey(series.Id));

    private IEnumerable<FoundSeries> Shown => Matching.Take(MostShown);

    private int Hidden => Math.Max(0, Matching.Count() - MostShown);

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Readable = [.. Sensors.All.Where(sensor => sensor.IsReadable).OrderBy(ValueFormat.LabelOf, StringComparer.CurrentCultureIgnoreCase)];
        foreach (var (id, sensor) in Proposals) _mapped[id] = sensor;
        foreach (var series in Survey.Series) _units[series.Id] = series.Unit;
        _together = TogetherSeconds;
    }

    private static IReadOnlyList<string> UnitsFor(FoundSeries series) =>
        series.Unit is { } own && !Units.Contains(own) ? [own, .. Units] : Units;

    private static IReadOnlyList<string> Units { get; } = [.. ImportUnitNames.Known];

    private string? UnitOf(FoundSeries series) => _units.GetValueOrDefault(series.Id);

    private string Facts(FoundSeries series)
    {
        var facts = new List<string>();
        if (series.Count is { } count) facts.Add($"{count.ToString("N0", CultureInfo.CurrentCulture)} values");
        if (series.First is { } first && series.Last is { } last) facts.Add($"{Viewer.Time(first)} to {Viewer.Time(last)}");
        if (series.Samples.Count > 0) facts.Add($"such as {string.Join(", ", series.Samples)}");
        return string.Join(" · ", facts);
    }

    private void Choose(FoundSeries series, string? key)
    {
        if (SensorKey.TryParse(key, out var sensor)) _mapped[series.Id] = sensor;
        else _mapped.Remove(series.Id);
    }

    private void ChooseUnit(FoundSeries series, string? unit) => _units[series.Id] = string.IsNullOrEmpty(unit) ? null : unit;

    private string? Conflict(FoundSeries series)
    {
        if (!_mapped.TryGetValue(series.Id, out var key) || !Sensors.TryGet(key, out var sensor)) return null;
        return SeriesProposals.Fits(UnitOf(series), sensor)
            ? null
            : $"{UnitOf(series)} cannot become {(sensor.Unit.Symbol.Length > 0 ? sensor.Unit.Symbol : "a number without a unit")} with certainty. If the unit is wrong, correct it.";
    }

    private Task StartAsync() => Chosen.InvokeAsync(new ImportChoice(
        [.. Survey.Series.Where(series => _mapped.ContainsKey(series.Id)).Select(series => new SeriesMapping(series.Id, series.Name, _mapped[series.Id], UnitOf(series)))],
        _together,
        _replaces));
}
