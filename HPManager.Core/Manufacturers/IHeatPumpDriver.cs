using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.Manufacturers;

/// <summary>
/// Identity of a physical way in: host and port, serial line, broker, account. Heat pumps with equal keys share one session.
/// </summary>
/// <param name="Value">Normalized text, such as <c>modbus_tcp://192.168.1.20:502</c>.</param>
public readonly record struct EndpointKey(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Speaks one protocol. Thread-safe and without state of its own; sessions hold the state.</summary>
public interface IHeatPumpDriver
{
    /// <summary>The sensors of a heat pump with these options, complete with defaults.</summary>
    SensorSet DescribeSensors(HeatPumpModel model, Settings options);

    /// <summary>The physical way in. Connections whose settings passed the parameters' checks never throw.</summary>
    EndpointKey EndpointOf(ConnectionConfig connection);

    /// <summary>
    /// What tells two heat pumps behind one endpoint apart, such as the unit id: two with the same endpoint and the same part are the same.
    /// </summary>
    string PartOf(ConnectionConfig connection);

    /// <summary>
    /// Why two connections cannot be in use together, such as one serial line with two speeds; null when they can. A sentence whose subject is
    /// the heat pump of the second connection, without its beginning and end: <c>reads this serial line with 9600 8N1</c>.
    /// </summary>
    string? ConflictOf(ConnectionConfig one, ConnectionConfig other) => null;

    /// <summary>
    /// Shortest time between two polls that the other side bears, such as what a cloud's daily budget allows; an owner's shorter interval is raised to it.
    /// Zero for no such bound.
    /// </summary>
    TimeSpan ShortestInterval(ConnectionConfig connection) => TimeSpan.Zero;

    /// <summary>Opens a session. No I/O happens here; the first poll connects.</summary>
    IEndpointSession Open(ConnectionConfig connection);
}

/// <summary>
/// A conversation with one endpoint. Owned by one loop: never called by two at a time. After any doubt it closes its connection and
/// reopens it with the next call.
/// </summary>
public interface IEndpointSession : IAsyncDisposable
{
    /// <summary>Takes in a heat pump behind this endpoint. No I/O.</summary>
    /// <param name="heatPump">The heat pump; its connection leads to this endpoint.</param>
    /// <param name="model">Its model.</param>
    /// <param name="memory">What earlier sessions found out about it.</param>
    IDeviceSession Attach(HeatPump heatPump, HeatPumpModel model, IDeviceMemory memory);
}

/// <summary>
/// One heat pump within an <see cref="IEndpointSession"/>, under the same rule of one caller at a time. Disposed when its heat pump is let go while the
/// endpoint may go on for others, and always before the endpoint's session is.
/// </summary>
public interface IDeviceSession : IAsyncDisposable
{
    /// <summary>
    /// The sensors, in the order of the readings. Constant for a model whose table is known. A device that says itself what it has may find more with a poll:
    /// then this is a new set, which begins with what it remembers from earlier sessions, and every snapshot carries the set it was read with. A key never
    /// changes its meaning.
    /// </summary>
    SensorSet Sensors { get; }

    /// <summary>
    /// Reads everything once. A sensor that fails alone is a failed or missing reading; a failure of the link is a <see cref="Failure"/> and no
    /// snapshot. Cancellation closes the connection.
    /// </summary>
    /// <param name="at">Timestamp of the snapshot.</param>
    /// <param name="cancellationToken">Ends the poll.</param>
    ValueTask<PollResult> PollAsync(DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Reads one sensor alone, for the proof of a write.</summary>
    ValueTask<ReadResult> ReadAsync(SensorKey sensor, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Sends one value, in the sensor's unit or as its code, once and never again. The caller has checked access, range and step.
    /// </summary>
    /// <returns>null when the device took it; a failure when it refused, or when it is not known what it did.</returns>
    ValueTask<Failure?> WriteAsync(SensorKey sensor, double value, CancellationToken cancellationToken);

    /// <summary>
    /// Looks closer at why a poll failed, by a few more reads that no poll has time for; never a write. Only a connection test asks for it, and only when
    /// nobody else uses the endpoint.
    /// </summary>
    /// <param name="failure">What the poll said.</param>
    /// <param name="cancellationToken">Ends the search for the cause.</param>
    /// <returns>A failure that says more, or the same one.</returns>
    ValueTask<Failure> DiagnoseAsync(Failure failure, CancellationToken cancellationToken) => ValueTask.FromResult(failure);

    /// <summary>Lets go of what the device alone has, such as a subscription; most have nothing.</summary>
#pragma warning disable CA1816 // nothing is let go of here, and an interface has no finalizer
    ValueTask IAsyncDisposable.DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA1816
}

/// <summary>A poll's result: a snapshot or a failure of the link.</summary>
/// <param name="Snapshot">The readings; null when the poll failed.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
public readonly record struct PollResult(Snapshot? Snapshot, Failure? Failure);

/// <summary>One reading, or why it could not be taken.</summary>
/// <param name="Reading">The reading; meaningless when there is a failure.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
public readonly record struct ReadResult(Reading Reading, Failure? Failure);

/// <summary>
/// What was found out about a heat pump and is worth keeping over a restart: registers it refuses, for example. Thread-safe;
/// writing returns at once.
/// </summary>
public interface IDeviceMemory
{
    /// <summary>What was kept under the topic; null for nothing.</summary>
    string? Recall(HeatPumpId heatPump, string topic);

    /// <summary>Keeps a text under a topic, replacing the earlier one.</summary>
    void Keep(HeatPumpId heatPump, string topic, string content);
}
