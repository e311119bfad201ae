using HPManager.Core.HeatPumps;
using HPManager.Core.Polling;
using HPManager.Core.Sensors;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>Tries a connection and shows what was read, or the cause and what to do about it. Can be cancelled; ends when it leaves the page.</summary>
public sealed partial class ConnectionTrial : IDisposable
{
    private CancellationTokenSource? _stop;
    private ConnectionTestResult? _result;
    private bool _running;
    private bool _cancelled;

    /// <summary>The heat pump to try; its connection has passed the checks.</summary>
    [Parameter, EditorRequired]
    public required HeatPump Candidate { get; set; }

    /// <summary>Begin at once instead of on a click.</summary>
    [Parameter]
    public bool AtOnce { get; set; }

    /// <summary>A test ended by itself.</summary>
    [Parameter]
    public EventCallback<ConnectionTestResult> Ended { get; set; }

    /// <summary>Tries connections.</summary>
    [Inject]
    public required ConnectionTest Test { get; set; }

    private string Place => Candidate.Connection.Settings["host"] is { } host
        ? Candidate.Connection.Settings["port"] is { } port ? $"{host}:{port}" : host
        : "the heat pump";

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop?.Cancel();
        _stop?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || !AtOnce) return;
        await RunAsync();
        StateHasChanged();
    }

    private async Task RunAsync()
    {
        if (_running) return;
        using var stop = new CancellationTokenSource();
        (_stop, _running, _cancelled, _result) = (stop, true, false, null);
        StateHasChanged();
        try
        {
            _result = await Test.RunAsync(Candidate, stop.Token);
            await Ended.InvokeAsync(_result);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _cancelled = true;
        }
        finally
        {
            (_stop, _running) = (null, false);
        }
    }

    private Task CancelAsync() => _stop?.CancelAsync() ?? Task.CompletedTask;

    private static string Found(Snapshot snapshot)
    {
        var readable = snapshot.Sensors.All.Count(sensor => sensor.IsReadable);
        var told = snapshot.Readings.Count(reading => reading.Quality is Quality.Good or Quality.Implausible);
        return told == readable
            ? $"All {readable} sensors have a value."
            : $"{told} of {readable} sensors have a value; the others are not fitted or not in use.";
    }
}
