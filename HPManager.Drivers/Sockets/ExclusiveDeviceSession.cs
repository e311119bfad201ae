using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Drivers.Sockets;

/// <summary>
/// A session that talks to its host only while nobody else does, and lets go of the host after every call.
/// </summary>
/// <param name="inner">The session that talks.</param>
/// <param name="gate">Shared by everybody who may talk to the host.</param>
/// <param name="host">Name or address.</param>
/// <param name="release">Closes what the call left open, before the next one may talk.</param>
internal sealed class ExclusiveDeviceSession(IDeviceSession inner, HostGate gate, string host, Action release) : IDeviceSession
{
    // Longer than any whole conversation takes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly Failure Taken = new(
        FailureCause.Busy,
        "Another connection of HPManager to this host is still under way, and the controller bears one at a time.",
        "If it stays, look at the other heat pump entry with this host.");

    public SensorSet Sensors => inner.Sensors;

    public async ValueTask<PollResult> PollAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        using var pass = await gate.EnterAsync(host, Patience, cancellationToken);
        if (pass is null) return new PollResult(null, Taken);
        try
        {
            return await inner.PollAsync(at, cancellationToken);
        }
        finally
        {
            release();
        }
    }

    public async ValueTask<ReadResult> ReadAsync(SensorKey sensor, DateTimeOffset at, CancellationToken cancellationToken)
    {
        using var pass = await gate.EnterAsync(host, Patience, cancellationToken);
        if (pass is null) return new ReadResult(default, Taken);
        try
        {
            return await inner.ReadAsync(sensor, at, cancellationToken);
        }
        finally
        {
            release();
        }
    }

    public async ValueTask<Failure?> WriteAsync(SensorKey sensor, double value, CancellationToken cancellationToken)
    {
        using var pass = await gate.EnterAsync(host, Patience, cancellationToken);
        if (pass is null) return Taken with { Message = $"{Taken.Message} Nothing was sent." };
        try
        {
            return await inner.WriteAsync(sensor, value, cancellationToken);
        }
        finally
        {
            release();
        }
    }
}
