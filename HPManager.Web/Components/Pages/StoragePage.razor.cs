using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages;

/// <summary>What history takes, how long it is kept, and which other stores get it.</summary>
public sealed partial class StoragePage : IDisposable
{
    private const string Embedded = "embedded";
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(5);

    private readonly Lifetime _lifetime = new();
    private HistorySettings _settings = HistorySettings.Default;
    private IReadOnlyList<EffectiveEngine> _engines = [];
    private IReadOnlyDictionary<string, EngineStatus> _statuses = new Dictionary<string, EngineStatus>();
    private HistoryFileStatus? _file;
    private HistoryWriterStatus? _writer;
    private (long Bytes, TimeSpan Within)? _writes;
    private HistorySourceStatus _source = new(null, null, null);
    private string? _fault;
    private string? _wrong;

    /// <summary>The embedded store's file.</summary>
    [Inject]
    public required IHistoryFile File { get; set; }

    /// <summary>What waits for it.</summary>
    [Inject]
    public required HistoryWriter Writer { get; set; }

    /// <summary>How the engines are doing.</summary>
    [Inject]
    public required EngineFeeds Feeds { get; set; }

    /// <summary>What is saved.</summary>
    [Inject]
    public required HistorySettingsStore Store { get; set; }

    /// <summary>What is written to disk.</summary>
    [Inject]
    public required DeviceWrites Writes { get; set; }

    /// <summary>Clock and zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    /// <summary>The clock that refreshes the page.</summary>
    [Inject]
    public required TimeProvider Time { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Viewer.Changed -= RenderTimes;
        _lifetime.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Viewer.Changed += RenderTimes;
        await LoadAsync();
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = RefreshAsync();
    }

    private void RenderTimes(object? sender, EventArgs arguments) => StateHasChanged();

    private async Task RefreshAsync()
    {
        using var timer = new PeriodicTimer(RefreshEvery, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_lifetime.Token))
            {
                await InvokeAsync(async () =>
                {
                    await LoadAsync();
                    StateHasChanged();
                });
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException)
        {
            // The viewer left.
        }
    }

    private async Task LoadAsync()
    {
        (_writer, _writes, _source) = (Writer.Status, Writes.LastHour(), Feeds.Source);
        _settings = await Store.ReadAsync(_lifetime.Token);
        _engines = await Store.EnginesAsync(_lifetime.Token);
        try
        {
            _file = await File.StatusAsync(_lifetime.Token);
            _statuses = await Feeds.StatusAsync(_lifetime.Token);
            _fault = null;
        }
        catch (IOException fault)
        {
            _fault = fault.Message;
        }
    }

    private string? NameOf(string? engine) => Store.Types.FirstOrDefault(type => type.Key == engine)?.Name ?? engine;

    private async Task ChooseSourceAsync(ChangeEventArgs change)
    {
        var source = change.Value as string;
        var errors = await Store.ChangeAsync(settings => settings with { Source = source == Embedded ? null : source }, _lifetime.Token);
        _wrong = errors.Count > 0 ? errors[0].Message : null;
        await LoadAsync();
    }
}
