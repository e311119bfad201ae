using HPManager.Core.Discovery;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace HPManager.Web.Components.Controls;

/// <summary>Searches the network when asked to, and shows how far it is and what it found.</summary>
public sealed partial class SearchPanel : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(400);

    private readonly Lifetime _lifetime = new();
    private string _ranges = "";
    private string? _error;

    /// <summary>Does the work; one search for all browsers.</summary>
    [Inject]
    public required NetworkSearch Search { get; set; }

    /// <summary>What is offered.</summary>
    [Inject]
    public required IOptions<DiscoveryOptions> Options { get; set; }

    /// <summary>Clock.</summary>
    [Inject]
    public required TimeProvider Time { get; set; }

    private SearchState State => Search.State;

    private bool IsRunning => State.Status == SearchStatus.Running;

    private int Percent => State.Total == 0 ? 0 : (int)(100L * State.Done / State.Total);

    private string Words => State.Status switch
    {
        SearchStatus.Running => $"{State.Done} of {State.Total} asked, {State.Found.Length} found",
        SearchStatus.Cancelled => $"Ended at {State.Done} of {State.Total}, {State.Found.Length} found",
        _ when State.Found.IsEmpty => "Nothing found. It may be switched off on the controller: choose the make below, its guide says where.",
        _ => $"{State.Found.Length} found",
    };

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    /// <inheritdoc/>
    protected override void OnInitialized() => _ranges = string.Join(", ", Options.Value.Offered());

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
            // The page was left; the search goes on, and is there when somebody comes back.
        }
    }

    private static string Sure(Sighting sighting) => (sighting.Configured, sighting.Certainty) switch
    {
        (not null, _) => "yours",
        (_, Certainty.Certain) => "certain",
        (_, Certainty.Likely) => "likely",
        _ => "unknown",
    };

    private void Take(string? text) => (_ranges, _error) = (text?.Trim() ?? "", null);

    private void Start()
    {
        var texts = _ranges.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var ranges = texts.Select(text => AddressRange.TryParse(text, out var range) ? range : default).ToList();
        if (ranges.Count is 0 or > NetworkSearch.MaxRanges || ranges.Contains(default))
        {
            _error = $"Must be 1 to {NetworkSearch.MaxRanges} networks with commas between them, each {AddressRange.Format}.";
            return;
        }

        _error = Search.TryStart(ranges, out _) ? null : "A search is under way already.";
    }
}
