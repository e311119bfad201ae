using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Drivers.Sockets;

/// <summary>
/// A session that keeps a shared host for one call at a time: it waits its turn, and lets go after every call.
/// </summary>
/// <param name="inner">The session that talks.</param>
/// <param name="gate">Shared by everybody who may talk to the host; null when the host bears several clients.</param>
/// <param name="host">Name or address.</param>
/// <param name="release">Closes what the call left open, before the next one may talk.</param>
internal sealed class ExclusiveDeviceSession(IDeviceSession inner, HostGate? gate, string host, Action release) : IDeviceSession
{
    // Longer than a conversation takes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly Failure Taken = new(
        FailureCause.Busy,
        "Another connection of HPManager to this host is still under way, and the controller bears one at a time.",
        "If it stays, look at the other heat pump entry with this host.");

    public SensorSet Sensors => inner.Sensors;

    public ValueTask<PollResult> PollAsync(DateTimeOffset at, CancellationToken cancellationToken) =>
        InTurnAsync(() => inner.PollAsync(at, cancellationToken), static () => new PollResult(null, Taken), cancellationToken);

    public ValueTask<ReadResult> ReadAsync(SensorKey sensor, DateTimeOffset at, CancellationToken cancellationToken) =>
        InTurnAsync(() => inner.ReadAsync(sensor, at, cancellationToken), static () => new ReadResult(default, Taken), cancellationToken);

    public ValueTask<Failure?> WriteAsync(SensorKey sensor, double value, CancellationToken cancellationToken) =>
        InTurnAsync<Failure?>(
            () => inner.WriteAsync(sensor, value, cancellationToken), static () => Taken with { Message = $"{Taken.Message} Nothing was sent." }, cancellationToken);

    public ValueTask<Failure> DiagnoseAsync(Failure failure, CancellationToken cancellationToken) =>
        InTurnAsync(() => inner.DiagnoseAsync(failure, cancellationToken), () => failure, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async ValueTask<T> InTurnAsync<T>(Func<ValueTask<T>> talk, Func<T> whenTaken, CancellationToken cancellationToken)
    {
        using var pass = gate is null ? null : await gate.EnterAsync(host, Patience, cancellationToken);
        if (gate is not null && pass is null) return whenTaken();
        try
        {
            return await talk();
        }
        finally
        {
            release();
        }
    }
}
