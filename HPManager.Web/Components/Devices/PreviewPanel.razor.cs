using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Web.Components.Controls;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Devices;

/// <summary>Where the device is tried, and the reading of it while it is described. Ends when it leaves the page.</summary>
public sealed partial class PreviewPanel : IDisposable
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(10);

    private CancellationTokenSource? _reading;

    /// <summary>The device.</summary>
    [Parameter, EditorRequired]
    public required DeviceForm Form { get; set; }

    /// <summary>The ways to connect.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpModel Model { get; set; }

    /// <summary>What reads.</summary>
    [Parameter, EditorRequired]
    public required DevicePreview Preview { get; set; }

    /// <summary>Something else was typed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    /// <summary>There is something new to show.</summary>
    [Parameter]
    public EventCallback Read { get; set; }

    /// <summary>Clock.</summary>
    [Inject]
    public required TimeProvider Time { get; set; }

    /// <summary>Whose numbers are shown.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private bool IsLive => _reading is not null;

    private string Status => (IsLive, Preview.HasRows, Preview.At) switch
    {
        (false, _, _) => "Not reading.",
        (_, false, _) => "No register is complete yet: it needs a name and an address.",
        (_, _, null) => "Connecting.",
        _ => Preview.Count == 1 ? "Read 1 register" : $"Read {Preview.Count} registers",
    };

    /// <inheritdoc/>
    public void Dispose() => Stop();

    private async Task ToggleAsync()
    {
        if (IsLive)
        {
            Stop();
            Preview.Stop(Form);
            await Read.InvokeAsync();
            return;
        }

        if (!IsConnectionRight())
        {
            await Changed.InvokeAsync();
            return;
        }

        using var reading = new CancellationTokenSource();
        _reading = reading;
        try
        {
            while (true)
            {
                await Preview.ReadAsync(Form, reading.Token);
                Viewer.UseCulture();
                await Read.InvokeAsync();
                await Task.Delay(Preview.Failure is null ? ReadEvery : RetryEvery, Time, reading.Token);
            }
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            // Stopped, or the page was left.
        }
        finally
        {
            if (_reading == reading) _reading = null;
        }
    }

    // What was read at another place says nothing about this one.
    private Task ConnectionChangedAsync()
    {
        Form.Forget();
        if (IsLive && !IsConnectionRight()) Stop();
        return Changed.InvokeAsync();
    }

    private bool IsConnectionRight()
    {
        var kind = Model.Connections.First(offered => offered.Kind == Form.Connection.Kind);
        var settings = new Settings(Form.Connection.Connection.Where(pair => kind.Parameters.Any(parameter => parameter.Key == pair.Key)));
        return Form.Connection.Take(kind.Parameters.Check(settings, HeatPumpDraft.ConnectionPrefix), _ => true);
    }

    private void Stop()
    {
        _reading?.Cancel();
        _reading = null;
    }
}
