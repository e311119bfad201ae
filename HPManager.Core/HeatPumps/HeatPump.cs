namespace HPManager.Core.HeatPumps;

/// <summary>How a heat pump is reached.</summary>
/// <param name="Kind">One of the kinds its model offers: <c>modbus_tcp</c>, <c>modbus_rtu_over_tcp</c>, …</param>
/// <param name="Settings">Host, port, unit id, … as the kind's parameters say.</param>
public sealed record ConnectionConfig(string Kind, Settings Settings);

/// <summary>
/// A configured heat pump. Immutable; a change is a new record under the same <see cref="Id"/>.
/// </summary>
public sealed record HeatPump
{
    /// <summary>Default of <see cref="Interval"/>.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(30);

    /// <summary>Shortest <see cref="Interval"/>.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);

    /// <summary>Longest <see cref="Interval"/>.</summary>
    public static readonly TimeSpan MaxInterval = TimeSpan.FromHours(1);

    /// <summary>Identity, given once and kept.</summary>
    public required HeatPumpId Id { get; init; }

    /// <summary>What the owner calls it; unique, 1 to 80 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands, in the owner's words; null for nothing.</summary>
    public string? Location { get; init; }

    /// <summary>Key of the manufacturer.</summary>
    public required string Manufacturer { get; init; }

    /// <summary>Key of the model within the manufacturer.</summary>
    public required string Model { get; init; }

    /// <summary>How it is reached.</summary>
    public required ConnectionConfig Connection { get; init; }

    /// <summary>Device options such as heating circuits and zones, as the model's parameters say.</summary>
    public Settings Options { get; init; } = Settings.Empty;

    /// <summary>Time between two polls, whole seconds, from <see cref="MinInterval"/> to <see cref="MaxInterval"/>.</summary>
    public TimeSpan Interval { get; init; } = DefaultInterval;

    /// <summary>Whether it is polled.</summary>
    public bool Enabled { get; init; } = true;
}
