using System.Text.Json.Serialization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Core.Text;

namespace HPManager.Core.Live;

/// <summary>Whether a heat pump answers.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ConnectionState>))]
public enum ConnectionState
{
    /// <summary>Not polled yet since it was added or the program started.</summary>
    Connecting,

    /// <summary>The newest poll succeeded.</summary>
    Online,

    /// <summary>The newest poll failed.</summary>
    Offline,

    /// <summary>Switched off by the owner.</summary>
    Disabled,
}

/// <summary>All that is known about a heat pump now. Immutable.</summary>
public sealed record HeatPumpState
{
    /// <summary>Its configuration.</summary>
    public required HeatPump HeatPump { get; init; }

    /// <summary>Its model.</summary>
    public required HeatPumpModel Model { get; init; }

    /// <summary>
    /// Its sensors as far as they are known now: those of the newest snapshot, or of the session before the first, or what the model promises. A device behind
    /// a gateway may turn out to have more than its model knows.
    /// </summary>
    public SensorSet Sensors
    {
        get => field ??= Snapshot?.Sensors ?? Model.Sensors(HeatPump.Options);
        init;
    }

    /// <summary>Whether it answers.</summary>
    public required ConnectionState Connection { get; init; }

    /// <summary>Since when <see cref="Connection"/> holds, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The newest failure of the link; null when there was none since it last answered.</summary>
    public Failure? LastError { get; init; }

    /// <summary>The newest snapshot, also when offline; null before the first.</summary>
    public Snapshot? Snapshot { get; init; }

    /// <summary>How late the newest poll began against its planned moment.</summary>
    public TimeSpan Lateness { get; init; }

    /// <summary>Polls that were left out because the one before took too long.</summary>
    public long MissedPolls { get; init; }
}
