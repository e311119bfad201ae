namespace HPManager.Drivers.Luxtronik.Client;

/// <summary>Where a controller is.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port; null to try 8889, then 8888 as old firmware has it, and to remember which one worked.</param>
public sealed record LuxtronikEndpoint(string Host, int? Port)
{
    /// <summary>Port of all but old firmware.</summary>
    public const int UsualPort = 8889;

    /// <summary>Port of firmware before 1.73 or 1.76; sources differ.</summary>
    public const int OldPort = 8888;

    /// <summary>Longest wait for the connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest silence while an answer is awaited.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time for everything between connecting and closing, against answers that never end.</summary>
    public TimeSpan CycleTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
