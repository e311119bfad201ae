using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.Engines;

/// <summary>A kind of time-series engine that an owner may add beside the embedded store: <c>influxdb</c>, <c>victoriametrics</c>, <c>postgresql</c>.</summary>
public interface IHistoryEngineType
{
    /// <summary>Lower snake case, never changes.</summary>
    string Key { get; }

    /// <summary>What a person reads.</summary>
    string Name { get; }

    /// <summary>What it is good for, in one sentence.</summary>
    string Description { get; }

    /// <summary>What has to be given, in the order of the form; passwords and tokens are <see cref="ParameterKind.Secret"/>.</summary>
    IReadOnlyList<ParameterDefinition> Parameters { get; }

    /// <summary>Keys of the parameters that say where it is: a secret that was kept is sent nowhere else without being given again.</summary>
    IReadOnlyList<string> AddressKeys { get; }

    /// <summary>Environment variables that fill in what was not given, by the parameter's key.</summary>
    IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Makes a connection to one; nothing is sent yet.</summary>
    /// <param name="settings">Checked by <see cref="Parameters"/>, defaults filled in, secrets in plain text.</param>
    IHistoryEngine Create(Settings settings);
}

/// <summary>
/// One engine. What it throws is <see cref="EngineException"/>; it neither retries nor waits on its own, keeps no queue, and every call ends within its own
/// time limit. Thread-safe. Disposing closes its connections.
/// </summary>
public interface IHistoryEngine : IHistorySource, IAsyncDisposable
{
    /// <summary>Asks whether it answers, takes the credentials, and knows the database or bucket.</summary>
    /// <returns>What it is, for people: <c>InfluxDB 1.6.7</c>.</returns>
    /// <exception cref="EngineException">It does not.</exception>
    ValueTask<string> TestAsync(CancellationToken cancellationToken);

    /// <summary>Writes readings with a good value; others are gaps there. Idempotent as far as the engine allows: see <see cref="EngineBatch.MayBeThere"/>.</summary>
    /// <returns>What it refused for good, reading by reading; all else is kept there.</returns>
    /// <exception cref="EngineException">Nothing, or not all, was taken; to be written again later as a whole.</exception>
    ValueTask<EngineReceipt> WriteAsync(EngineBatch batch, CancellationToken cancellationToken);
}

/// <summary>Polls of one heat pump on their way to an engine.</summary>
/// <param name="HeatPump">Whose; the id and what is known of it.</param>
/// <param name="Polls">The polls in the order of their arrival, so not always ascending in time, but no moment twice.</param>
/// <param name="MayBeThere">
/// Whether some of it may have been taken before without our learning of it: after an answer that never came, or a restart. An engine that would keep a reading twice
/// must look first.
/// </param>
public sealed record EngineBatch(EngineHeatPump HeatPump, HistoryBlock Polls, bool MayBeThere);

/// <summary>A heat pump as engines tag it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; the id when it is no longer configured.</param>
/// <param name="Location">Where it stands; null when that is not known.</param>
/// <param name="Manufacturer">Key of the make; <c>unknown</c> when it is no longer configured.</param>
/// <param name="Model">Key of the model; likewise.</param>
/// <param name="Sensors">What is known of its sensors; may lack some.</param>
public sealed record EngineHeatPump(HeatPumpId Id, string Name, string? Location, string Manufacturer, string Model, SensorSet Sensors);

/// <summary>What became of a batch.</summary>
/// <param name="Readings">How many readings were sent.</param>
/// <param name="RefusedReadings">How many the engine will never take, as far as it tells; among <paramref name="Readings"/> or not.</param>
/// <param name="Refused">The first few of them by name.</param>
public sealed record EngineReceipt(int Readings, int RefusedReadings, IReadOnlyList<string> Refused)
{
    /// <summary>Most refusals that are told by name.</summary>
    public const int MostRefused = 20;
}

/// <summary>Why an engine does not take or tell something now, by what can be done about it.</summary>
public enum EngineFault
{
    /// <summary>Nothing answers, or the connection broke.</summary>
    Unreachable,

    /// <summary>It answers, but not in time.</summary>
    Slow,

    /// <summary>It asks us to wait (429, 503).</summary>
    Busy,

    /// <summary>It failed on its side (5xx).</summary>
    Failed,

    /// <summary>The credentials are refused (401, 403).</summary>
    AccessDenied,

    /// <summary>The database, bucket or path is not there (404).</summary>
    NotFound,

    /// <summary>The batch is too large (413): to be sent in halves.</summary>
    TooLarge,

    /// <summary>Something else answers at the address, or answers in a way that makes no sense.</summary>
    OtherProtocol,
}

/// <summary>An engine does not do what it was asked for. The message is for people and never holds a secret.</summary>
public sealed class EngineException : IOException
{
    /// <summary>Says why.</summary>
    public EngineException(EngineFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>Kind of failure.</summary>
    public EngineFault Fault { get; }

    /// <summary>How long it asked us to wait; null when it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
