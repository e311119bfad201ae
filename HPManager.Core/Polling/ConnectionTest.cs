using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Core.Polling;

/// <summary>What a connection test found: readings, or why there are none.</summary>
/// <param name="Failure">Cause and hint; null when it works.</param>
/// <param name="Snapshot">What was read; null when it does not work.</param>
public sealed record ConnectionTestResult(Failure? Failure, Snapshot? Snapshot);

/// <summary>Tries a connection without saving anything. Thread-safe.</summary>
public sealed class ConnectionTest(HeatpumpManager manager, ManufacturerRegistry registry, TimeProvider time)
{
    /// <summary>Longest a test takes.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Polls once, and looks closer at why it failed. The candidate's fields must have passed <see cref="HeatPumpDirectory.CheckConnection"/>; name and id do not matter.
    /// </summary>
    public async Task<ConnectionTestResult> RunAsync(HeatPump candidate, CancellationToken cancellationToken)
    {
        if (!registry.TryGetModel(candidate.Manufacturer, candidate.Model, out var model))
            return new ConnectionTestResult(new Failure(FailureCause.Misconfigured, "The model is not known."), null);
        return await RunAsync(candidate, model, cancellationToken);
    }

    /// <summary>As above, with a model that need not be among those that can be configured: one that is being described.</summary>
    public async Task<ConnectionTestResult> RunAsync(HeatPump candidate, HeatPumpModel model, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = time.CreateTimer(_ => limited.Cancel(), null, Limit, Timeout.InfiniteTimeSpan);
        var complete = model.Complete(candidate);
        var failure = new Failure(
            FailureCause.NoAnswer,
            $"Not finished within {Limit.TotalSeconds:0} s.",
            "The device answers too slowly, or another heat pump behind the same address keeps the line busy.");
        try
        {
            var result = await manager.TryAsync(complete, model, limited.Token);
            if (result.Snapshot is not null || result.Failure is null) return new ConnectionTestResult(result.Failure, result.Snapshot);
            failure = result.Failure;
            failure = await manager.DiagnoseAsync(complete, model, failure, limited.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Out of time: what is known by now is said.
        }

        return new ConnectionTestResult(failure, null);
    }
}
