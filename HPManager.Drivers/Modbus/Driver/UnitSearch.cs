using HPManager.Core.Manufacturers;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Drivers.Modbus.Driver;

/// <summary>
/// Looks for the unit id that a device answers to when the one configured does not: one value is read from each of a few usual ones, one after the
/// other, and nothing is written. Part of the connection test only, and over Modbus TCP only: on a wire behind a serial gateway each unit id that is
/// nobody's costs the others a silence.
/// </summary>
/// <param name="client">The client of the session that failed.</param>
/// <param name="failures">Puts it into words.</param>
/// <param name="model">The model configured.</param>
/// <param name="point">What is read: a value that the model always has.</param>
/// <param name="configured">The unit id that does not answer.</param>
/// <param name="time">The clock.</param>
internal sealed class UnitSearch(ModbusClient client, ModbusFailures failures, ModbusModel model, ModbusPoint point, byte configured, TimeProvider time)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    /// <summary>What controllers have from the works, what stands for the device itself at its own address, and the last one of a wire.</summary>
    public static IReadOnlyList<byte> Usual { get; } = [1, 255, 0, 247];

    /// <summary>Unit ids in the order in which they are asked: the model's own first, at most five.</summary>
    public IReadOnlyList<byte> Candidates { get; } =
        [.. Usual.Prepend((byte)model.Profile.DefaultUnitId).Distinct().Where(unit => unit != configured)];

    /// <summary>A failure that names a unit id that answers; the same failure when none does.</summary>
    public async ValueTask<Failure> ExplainAsync(Failure failure, CancellationToken cancellationToken)
    {
        // Refusals may come from a device that is another one altogether: then it is another one whatever the unit id.
        var isRefusing = failure.Cause == FailureCause.OtherModel;
        if (isRefusing && await AskAsync(configured, cancellationToken) is not { IsDeviceException: true }) return failure;
        byte? refusing = null;
        foreach (var unit in Candidates)
        {
            var result = await AskAsync(unit, cancellationToken);
            if (result.IsSuccess) return isRefusing ? failures.OtherUnit(unit, lacks: $"has nothing of {model.Name}") : failures.OtherUnit(unit);
            if (result.IsDeviceException && !ModbusFailures.IsTemporary(result.Exception)) refusing ??= unit;
            if (!result.IsDeviceException && result.Fault is not (ModbusFault.Timeout or ModbusFault.WrongUnit)) break;
        }

        return refusing is { } other && !isRefusing ? failures.OtherUnit(other, has: $"does, although not as {model.Name} would") : failure;
    }

    private async ValueTask<ModbusResult> AskAsync(byte unit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(AnswerWithin, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return point.Table.IsOfRegisters()
                ? await client.ReadRegistersAsync(unit, point.Table, point.Address, new ushort[point.Words], limited.Token)
                : await client.ReadBitsAsync(unit, point.Table, point.Address, new bool[1], limited.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ModbusResult.Failed(ModbusFault.Timeout, "no answer in time");
        }
    }
}
