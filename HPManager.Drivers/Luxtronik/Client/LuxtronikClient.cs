using HPManager.Drivers.Sockets;

namespace HPManager.Drivers.Luxtronik.Client;

/// <summary>
/// A client of the binary protocol of Luxtronik 2.0 and 2.1. Every call connects, transfers and closes, because the controller bears one client at a
/// time; it is the caller who keeps two calls apart, for one host over all programs if possible.
/// <para>
/// What went wrong is a <see cref="LuxtronikResult"/>. Answers are complete or there are none; any doubt closes the connection. Nothing is repeated
/// here: a read may be repeated by the caller, a write must not be, because one that got no answer may have been carried out.
/// </para>
/// <para>
/// Not thread-safe: one owner, one call at a time; a second call meanwhile throws <see cref="InvalidOperationException"/>. The caller's
/// cancellation throws <see cref="OperationCanceledException"/> and closes the connection.
/// </para>
/// </summary>
public sealed class LuxtronikClient : IDisposable
{
    private static readonly byte[] ParametersRequest = LuxtronikRequests.Read(LuxtronikCommand.ReadParameters);
    private static readonly byte[] CalculationsRequest = LuxtronikRequests.Read(LuxtronikCommand.ReadCalculations);
    private static readonly byte[] VisibilitiesRequest = LuxtronikRequests.Read(LuxtronikCommand.ReadVisibilities);

    private readonly LuxtronikEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly AnswerReader _reader = new();
    private readonly RequestDeadline _deadline;
    private int _inUse;

    /// <summary>Makes a client; nothing is connected yet.</summary>
    /// <param name="endpoint">Where the controller is.</param>
    /// <param name="time">Clock of the timeouts.</param>
    public LuxtronikClient(LuxtronikEndpoint endpoint, TimeProvider time)
    {
        if (string.IsNullOrWhiteSpace(endpoint.Host)) throw new ArgumentException("An endpoint needs a host.", nameof(endpoint));
        _endpoint = endpoint;
        _time = time;
        _deadline = new RequestDeadline(time);
        WorkingPort = endpoint.Port;
    }

    /// <summary>The port that was given or has worked; null before.</summary>
    public int? WorkingPort { get; private set; }

    /// <summary>Tells the port that worked earlier, before a restart for example; has no effect where the port is known.</summary>
    public void Suggest(int? port) => WorkingPort ??= port;

    /// <summary>Reads all three blocks over one connection.</summary>
    public ValueTask<LuxtronikRead<LuxtronikBlocks>> ReadAllAsync(CancellationToken cancellationToken) =>
        ReadAllAsync(_endpoint.CycleTimeout, cancellationToken);

    /// <summary>Reads the settings alone.</summary>
    public ValueTask<LuxtronikRead<int[]>> ReadParametersAsync(CancellationToken cancellationToken) =>
        ReadBlockAsync(ParametersRequest, LuxtronikCommand.ReadParameters, cancellationToken);

    /// <summary>Reads the measured values alone.</summary>
    public ValueTask<LuxtronikRead<int[]>> ReadCalculationsAsync(CancellationToken cancellationToken) =>
        ReadBlockAsync(CalculationsRequest, LuxtronikCommand.ReadCalculations, cancellationToken);

    /// <summary>
    /// Sets one parameter for good, once. The controller checks nothing: index and value must be known to be right. Success means that the controller
    /// has taken the request, not that it keeps the value.
    /// </summary>
    public ValueTask<LuxtronikResult> WriteParameterAsync(int index, int raw, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return ConverseAsync(
            _endpoint.CycleTimeout,
            (connection, token) => connection.ExchangeAsync(LuxtronikRequests.Write(index, raw), LuxtronikCommand.WriteParameter, index, token),
            cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _deadline.Dispose();

    /// <summary>As <see cref="ReadAllAsync(CancellationToken)"/>, within a limit of the caller's.</summary>
    internal async ValueTask<LuxtronikRead<LuxtronikBlocks>> ReadAllAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        int[] parameters = [];
        int[] calculations = [];
        byte[] visibilities = [];
        var result = await ConverseAsync(
            limit,
            async (connection, token) =>
            {
                var asked = await connection.ExchangeAsync(ParametersRequest, LuxtronikCommand.ReadParameters, 0, token);
                if (!asked.IsSuccess) return asked;
                parameters = _reader.Integers();
                asked = await connection.ExchangeAsync(CalculationsRequest, LuxtronikCommand.ReadCalculations, 0, token);
                if (!asked.IsSuccess) return asked;
                calculations = _reader.Integers();
                asked = await connection.ExchangeAsync(VisibilitiesRequest, LuxtronikCommand.ReadVisibilities, 0, token);
                if (asked.IsSuccess) visibilities = _reader.Bytes();
                return asked;
            },
            cancellationToken);
        return new LuxtronikRead<LuxtronikBlocks>(result, result.IsSuccess ? new LuxtronikBlocks(parameters, calculations, visibilities) : null);
    }

    private async ValueTask<LuxtronikRead<int[]>> ReadBlockAsync(byte[] request, LuxtronikCommand command, CancellationToken cancellationToken)
    {
        var result = await ConverseAsync(
            _endpoint.CycleTimeout, (connection, token) => connection.ExchangeAsync(request, command, 0, token), cancellationToken);
        return new LuxtronikRead<int[]>(result, result.IsSuccess ? _reader.Integers() : null);
    }

    private async ValueTask<LuxtronikResult> ConverseAsync(
        TimeSpan limit, Func<LuxtronikConnection, CancellationToken, ValueTask<LuxtronikResult>> talk, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _inUse, 1) != 0)
            throw new InvalidOperationException("A call is under way: a Luxtronik client has one owner and one call at a time.");
        try
        {
            var started = _time.GetTimestamp();
            var (outcome, port) = await OpenAsync(started, limit, cancellationToken);
            if (outcome.Socket is not { } socket) return LuxtronikResult.Failed(FaultOf(outcome.Fault), outcome.Detail);
            using var connection = new LuxtronikConnection(socket, _reader, _deadline, _endpoint, _time, started, limit);
            var result = await talk(connection, cancellationToken);
            if (result.HasAnswered) WorkingPort = port;
            return result;
        }
        finally
        {
            Volatile.Write(ref _inUse, 0);
        }
    }

    // The other port is worth a try when the first one is refused, and when nothing is known yet of a controller that does not answer on it.
    private async ValueTask<(ConnectOutcome Outcome, int Port)> OpenAsync(long started, TimeSpan limit, CancellationToken cancellationToken)
    {
        var first = WorkingPort ?? LuxtronikEndpoint.UsualPort;
        var outcome = await ConnectAsync(first, started, limit, cancellationToken);
        var isOtherWorthATry = outcome.Fault == ConnectFault.Refused || (outcome.Fault == ConnectFault.TimedOut && WorkingPort is null);
        if (_endpoint.Port is not null || !isOtherWorthATry) return (outcome, first);
        var second = first == LuxtronikEndpoint.UsualPort ? LuxtronikEndpoint.OldPort : LuxtronikEndpoint.UsualPort;
        var fallback = await ConnectAsync(second, started, limit, cancellationToken);
        return fallback.Socket is null ? (outcome, first) : (fallback, second);
    }

    private async ValueTask<ConnectOutcome> ConnectAsync(int port, long started, TimeSpan limit, CancellationToken cancellationToken)
    {
        var left = limit - _time.GetElapsedTime(started);
        var share = left < _endpoint.ConnectTimeout ? left : _endpoint.ConnectTimeout;
        if (share <= TimeSpan.Zero) return ConnectOutcome.Failed(ConnectFault.TimedOut, "no time left to connect");
        using var connect = new TcpConnect(_endpoint.Host, port, share, _time);
        return await connect.OpenAsync(cancellationToken);
    }

    private static LuxtronikFault FaultOf(ConnectFault fault) => fault switch
    {
        ConnectFault.NameNotFound => LuxtronikFault.NameNotFound,
        ConnectFault.Refused => LuxtronikFault.ConnectionRefused,
        ConnectFault.TimedOut => LuxtronikFault.ConnectTimeout,
        ConnectFault.Lost => LuxtronikFault.ConnectionLost,
        _ => LuxtronikFault.HostUnreachable,
    };
}
