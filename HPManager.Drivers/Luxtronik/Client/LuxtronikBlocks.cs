namespace HPManager.Drivers.Luxtronik.Client;

/// <summary>
/// All that a controller tells, from one connection. Newer firmware has longer blocks: an entry exists exactly when its index is below the
/// block's length. Immutable as long as nobody writes to the arrays.
/// </summary>
/// <param name="Parameters">Settings and stored counters, raw.</param>
/// <param name="Calculations">Measured and computed values, raw.</param>
/// <param name="Visibilities">What the controller's own display shows, 0 or 1.</param>
public sealed record LuxtronikBlocks(int[] Parameters, int[] Calculations, byte[] Visibilities);

/// <summary>What a read gave.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
/// <param name="Result">How it ended.</param>
/// <param name="Value">Complete, or null: there are no half answers.</param>
public readonly record struct LuxtronikRead<T>(LuxtronikResult Result, T? Value)
    where T : class;
