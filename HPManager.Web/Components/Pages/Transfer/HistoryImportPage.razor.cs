using HPManager.Core.HeatPumps;
using HPManager.Core.History.Import;
using HPManager.Core.History.Import.Csv;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace HPManager.Web.Components.Pages.Transfer;

/// <summary>Looks at a source of older history, proposes which sensor each series is, and imports what the owner agrees to.</summary>
public sealed partial class HistoryImportPage : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(400);

    private readonly Lifetime _lifetime = new();
    private readonly ImportDraft _draft = new();
    private HeatPumpId _pump;
    private CsvPreview? _preview;
    private ImportSurvey? _survey;
    private IReadOnlyDictionary<string, SensorKey> _proposals = new Dictionary<string, SensorKey>();
    private IReadOnlyList<string> _refusals = [];
    private CancellationTokenSource? _work;
    private Task _turn = Task.CompletedTask;
    private string? _working;
    private string? _uploaded;
    private string? _error;

    /// <summary>Heat pump that is chosen at first, from the URL.</summary>
    [SupplyParameterFromQuery]
    public string? Pump { get; set; }

    /// <summary>Does the work; one import for all browsers.</summary>
    [Inject]
    public required HistoryImport Import { get; set; }

    /// <summary>Heat pumps and their sensors.</summary>
    [Inject]
    public required LiveValues Live { get; set; }

    /// <summary>Clock.</summary>
    [Inject]
    public required TimeProvider Time { get; set; }

    /// <summary>The viewer's zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private ImportState State => Import.State;

    private IReadOnlyList<HeatPumpState> Pumps { get; set; } = [];

    private SensorSet Sensors => SensorsOf(_pump);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lifetime.Dispose();
        _work?.Cancel();
        _work?.Dispose();
        if (_draft.UploadedFile is { } file) Import.RemoveUpload(file);
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Pumps = Live.All;
        _pump = Pumps.FirstOrDefault(state => state.HeatPump.Id.Value == Pump)?.HeatPump.Id ?? (Pumps.Count > 0 ? Pumps[0].HeatPump.Id : default);
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        using var timer = new PeriodicTimer(LookEvery, Time);
        try
        {
            var shown = State;
            while (await timer.WaitForNextTickAsync(_lifetime.Token))
            {
                if (ReferenceEquals(shown, State)) continue;
                shown = State;
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private string? NameOf(HeatPumpId? id) => id is { } known ? Live.Get(known)?.HeatPump.Name ?? known.Value : null;

    private SensorSet SensorsOf(HeatPumpId? id) => id is { } known ? Live.Get(known)?.Sensors ?? SensorSet.Empty : SensorSet.Empty;

    private void ChoosePump(string? id)
    {
        if (HeatPumpId.TryParse(id, out var pump)) _pump = pump;
        if (_survey is not { } survey) return;
        _proposals = SeriesProposals.Of(survey.Series, Sensors);
        _survey = survey with { };
    }

    private void Reset() => (_preview, _survey, _error, _refusals, _uploaded) = (null, null, null, [], null);

    private void Stop() => _work?.Cancel();

    private Task UploadAsync(IBrowserFile file) => WorkAsync($"Uploading {file.Name}", async token =>
    {
        Reset();
        if (_draft.UploadedFile is { } before) Import.RemoveUpload(before);
        _draft.UploadedFile = null;
        await using var content = file.OpenReadStream(HistoryImport.LargestUpload, token);
        var shown = Time.GetTimestamp();
        _draft.UploadedFile = await Import.UploadAsync(
            content,
            length =>
            {
                if (Time.GetElapsedTime(shown) < LookEvery) return;
                shown = Time.GetTimestamp();
                _working = $"Uploading {file.Name}: {100.0 * length / Math.Max(1, file.Size):0} %";
                StateHasChanged();
            },
            token);
        (_draft.FileName, _uploaded) = (file.Name, file.Name);
        if (_draft.Kind == ImportKind.Csv) await LookAsync(null, token);
    });

    private Task LookAgainAsync(CsvSettings settings) => WorkAsync(null, token => LookAsync(settings, token));

    private async Task LookAsync(CsvSettings? settings, CancellationToken token)
    {
        _survey = null;
        _preview = await Import.LookAsync(_draft.File!, settings, token);

        // Times without a zone are most likely the owner's own.
        if (settings is null) _preview = _preview with { Settings = _preview.Settings with { Zone = Viewer.Zone.Id } };
        _draft.Csv = _preview.Settings;
        _draft.TogetherSeconds = _preview.Settings.SensorColumn is null ? 0 : 1;
    }

    private Task SurveyAsync() => WorkAsync("Looking what is there", async token =>
    {
        (_survey, _refusals) = (null, []);
        if (_draft.Kind == ImportKind.Csv && _preview is null) await LookAsync(null, token);
        var survey = await Import.SurveyAsync(_draft.Source, token);
        _proposals = SeriesProposals.Of(survey.Series, Sensors);
        _survey = survey;
    });

    private void StartAsync(ImportChoice choice)
    {
        var plan = new ImportPlan(_pump, _draft.Source, choice.Mapping, choice.TogetherSeconds, choice.Replaces);
        _refusals = [.. Import.Start(plan).Select(error => error.Message)];
        if (_refusals.Count > 0) return;

        // The import has the file now.
        _draft.UploadedFile = null;
        Reset();
    }

    // One after the other: a field that is changed and a button that is pressed in one go must both count. Work without words takes no time to speak of, and leaves the button
    // where the finger is.
    private Task WorkAsync(string? words, Func<CancellationToken, Task> work) => _turn = AfterAsync(_turn, words, work);

    private async Task AfterAsync(Task before, string? words, Func<CancellationToken, Task> work)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        if (_lifetime.Token.IsCancellationRequested) return;
        (_working, _error) = (words, null);
        _work?.Dispose();
        _work = CancellationTokenSource.CreateLinkedTokenSource(_lifetime.Token);
        StateHasChanged();
        try
        {
            await work(_work.Token);
        }
        catch (OperationCanceledException)
        {
            _error = _lifetime.Token.IsCancellationRequested ? null : "Cancelled.";
        }
        catch (ImportException wrong)
        {
            _error = wrong.Message;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            _error = $"The file cannot be taken: {wrong.Message}";
        }
        finally
        {
            _working = null;
        }
    }
}
