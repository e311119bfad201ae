using System.Data.Common;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Web.Components.Display;
using HPManager.Web.Demo;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages;

/// <summary>All heat pumps at a glance.</summary>
public sealed partial class Overview : IDisposable
{
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(250);

    private readonly SortedList<string, HeatPumpState> _states = new(StringComparer.Ordinal);
    private readonly SortedList<string, HeatPump> _waiting = new(StringComparer.Ordinal);
    private readonly Lifetime _lifetime = new();
    private IDisposable? _subscription;
    private bool _loading = true;
    private bool _fault;

    /// <summary>Newest states.</summary>
    [Inject]
    public required LiveValues Live { get; set; }

    /// <summary>Configured heat pumps, also those that are not read yet.</summary>
    [Inject]
    public required IHeatPumpStore HeatPumps { get; set; }

    /// <summary>Clock and zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    /// <summary>What a running demo has to say.</summary>
    [Inject]
    public required DemoNotice Demo { get; set; }

    private string Title => Troubled.Count switch
    {
        0 => "HPManager",
        var count => $"({count}) HPManager",
    };

    private List<HeatPumpState> Troubled =>
        [.. _states.Values.Where(state => state.Connection == ConnectionState.Offline || FaultOf(state) is not null)];

    private IEnumerable<HeatPumpState> Of(DeviceKind kind) => _states.Values.Where(state => state.Model.Kind == kind);

    private string Summary
    {
        get
        {
            var silent = _states.Values.Count(state => state.Connection == ConnectionState.Offline);
            var faulty = _states.Values.Count(state => state.Connection == ConnectionState.Online && FaultOf(state) is not null);
            return (silent, faulty) switch
            {
                (0, 0) => _states.Values.All(state => state.Connection == ConnectionState.Online) ? "All answering, no faults" : "No faults",
                (0, _) => $"{faulty} of {_states.Count} with a fault",
                (_, 0) => $"{silent} of {_states.Count} not answering",
                _ => $"{silent} not answering, {faulty} with a fault",
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Viewer.Changed -= RenderTimes;
        _subscription?.Dispose();
        _lifetime.Dispose();
    }

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        Viewer.Changed += RenderTimes;
        _subscription = Live.Subscribe(null, AtMostEvery, (changed, _) => InvokeAsync(() => Take(changed)));
        return LoadAsync();
    }

    private async Task LoadAsync()
    {
        _fault = false;
        try
        {
            var configured = await HeatPumps.ListAsync(_lifetime.Token);
            foreach (var state in Live.All) _states[state.HeatPump.Id.Value] = state;
            _waiting.Clear();
            foreach (var heatPump in configured.Where(heatPump => !_states.ContainsKey(heatPump.Id.Value))) _waiting[heatPump.Id.Value] = heatPump;
        }
        catch (OperationCanceledException) when (_lifetime.Token.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault) when (fault is DbException or IOException)
        {
            _fault = true;
        }

        _loading = false;
    }

    private void RenderTimes(object? sender, EventArgs arguments) => StateHasChanged();

    private void Take(IReadOnlyList<(HeatPumpId Id, HeatPumpState? State)> changed)
    {
        Viewer.UseCulture();
        foreach (var (id, state) in changed)
        {
            _waiting.Remove(id.Value);
            if (state is null) _states.Remove(id.Value);
            else _states[id.Value] = state;
        }

        StateHasChanged();
    }

    private static string? FaultOf(HeatPumpState state) => state.Snapshot is { } snapshot ? Activity.Of(snapshot).Fault : null;
}
