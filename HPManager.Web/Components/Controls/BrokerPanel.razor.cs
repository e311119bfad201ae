using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>Listens to a broker that the owner names, and shows who speaks there.</summary>
public sealed partial class BrokerPanel : IDisposable
{
    private static readonly TimeSpan ListenFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(1);

    private readonly HeatPumpDraft _broker = new();
    private readonly List<Sighting> _found = [];
    private CancellationTokenSource? _stop;
    private DateTimeOffset? _until;
    private Failure? _failure;
    private bool _isOver;

    /// <summary>One of the devices found is to be used.</summary>
    [Parameter]
    public EventCallback<Sighting> Chosen { get; set; }

    /// <summary>Listens.</summary>
    [Inject]
    public required IBrokerListener Listener { get; set; }

    /// <summary>Clock.</summary>
    [Inject]
    public required TimeProvider Time { get; set; }

    private TimeSpan Left => _until is { } until && until > Time.GetUtcNow() ? until - Time.GetUtcNow() : TimeSpan.Zero;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop?.Cancel();
        _stop?.Dispose();
        _stop = null;
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        foreach (var parameter in Listener.Parameters)
        {
            if (parameter.Default is { } value) _broker.Connection[parameter.Key] = value;
        }
    }

    private async Task ListenAsync()
    {
        if (_until is not null) return;
        var settings = new Settings(_broker.Connection);
        if (!_broker.Take(Listener.Parameters.Check(settings, HeatPumpDraft.ConnectionPrefix), _ => true)) return;
        using var stop = new CancellationTokenSource();
        (_stop, _until, _failure, _isOver) = (stop, Time.GetUtcNow() + ListenFor, null, false);
        _found.Clear();
        await using var counting = Time.CreateTimer(_ => _ = InvokeAsync(StateHasChanged), null, CountEvery, CountEvery);
        try
        {
            _failure = await Listener.ListenAsync(Listener.Parameters.WithDefaults(settings), ListenFor, sighting => _ = InvokeAsync(() => Take(sighting)), stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Enough was heard, or the page was left.
        }
        finally
        {
            (_stop, _until, _isOver) = (null, null, true);
        }
    }

    private void Take(Sighting sighting)
    {
        _found.Add(sighting);
        StateHasChanged();
    }

    private Task CancelAsync() => _stop?.CancelAsync() ?? Task.CompletedTask;
}
