using System.Net.Sockets;
using System.Text;
using HPManager.Drivers.Sockets;

namespace HPManager.Drivers.Ebusd.Client;

/// <summary>
/// A client of ebusd's line protocol: a line is sent, lines come back, an empty one ends them. The connection stays open from command to command.
/// <para>
/// What went wrong is an <see cref="EbusdAnswer"/>. Answers are whole or there are none; any doubt closes the connection, because a late answer could be
/// taken for the next one. Nothing is repeated here.
/// </para>
/// <para>
/// Not thread-safe: one owner, one command at a time; a second one meanwhile throws <see cref="InvalidOperationException"/>. The caller's cancellation
/// throws <see cref="OperationCanceledException"/> and closes the connection.
/// </para>
/// </summary>
internal sealed class EbusdClient(EbusdEndpoint endpoint, TimeProvider time) : IDisposable
{
    private readonly AnswerBuffer _buffer = new(endpoint.MaxAnswer, endpoint.MaxLine);
    private readonly RequestDeadline _deadline = new(time);
    private readonly TcpConnect _connect = new(endpoint.Host, endpoint.Port, endpoint.ConnectTimeout, time);
    private Socket? _socket;
    private EbusdLogin _loggedInAs;
    private bool _hasAnswered;
    private int _inUse;

    /// <summary>Whom the client is; another one than before is another connection.</summary>
    public EbusdLogin Login { get; set; }

    /// <summary>Whether a connection is open.</summary>
    public bool IsConnected => _socket is not null;

    /// <summary>Whether a word may stand in a command: ebusd parts a line at blanks and has no way to write a quotation mark within quotation marks.</summary>
    public static bool CanBeSaid(string word) => word.Length > 0 && !word.Any(letter => letter is '"' or '\'' || char.IsControl(letter));

    /// <summary>Asks one command, connecting first where needed.</summary>
    /// <param name="command">One line without its end; never empty, because ebusd does not answer an empty one.</param>
    /// <param name="cancellationToken">Ends the wait and closes the connection.</param>
    public async ValueTask<EbusdAnswer> AskAsync(string command, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(command) || command.Any(char.IsControl)) throw new ArgumentException("A command is one line, and not an empty one.", nameof(command));
        if (Interlocked.Exchange(ref _inUse, 1) != 0)
            throw new InvalidOperationException("A command is under way: an ebusd client has one owner and one command at a time.");
        var isSure = false;
        try
        {
            if (_loggedInAs != Login) Close();
            if (_socket is null && await ConnectAsync(cancellationToken) is { } failure) return failure;
            var answer = await ExchangeAsync(command, cancellationToken);
            isSure = answer.IsAnswered;
            return answer;
        }
        finally
        {
            if (!isSure) Close();
            Volatile.Write(ref _inUse, 0);
        }
    }

    /// <summary>Ends the connection; the next command opens another.</summary>
    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public void Dispose()
    {
        Close();
        _connect.Dispose();
        _deadline.Dispose();
    }

    private async ValueTask<EbusdAnswer?> ConnectAsync(CancellationToken cancellationToken)
    {
        var outcome = await _connect.OpenAsync(cancellationToken);
        if (outcome.Socket is null) return EbusdAnswer.Failed(FaultOf(outcome.Fault), outcome.Detail);
        _socket = outcome.Socket;
        _hasAnswered = false;
        _loggedInAs = Login;
        if (Login.IsAnonymous) return null;
        var answer = await ExchangeAsync($"auth \"{Login.User}\" \"{Login.Secret}\"", cancellationToken);
        if (!answer.IsAnswered || answer.Text == "done") return answer.IsAnswered ? null : answer;
        return answer.IsError
            ? EbusdAnswer.Failed(EbusdFault.LoginRefused, answer.Text, hasAnswered: true)
            : EbusdAnswer.Failed(EbusdFault.NotText, "the answer to a login is neither yes nor no");
    }

    private async ValueTask<EbusdAnswer> ExchangeAsync(string command, CancellationToken cancellationToken)
    {
        var socket = _socket!;
        var began = time.GetTimestamp();
        _buffer.Begin();
        try
        {
            // Somebody who speaks first is no ebusd, or an answer came too late for its question.
            if (socket.Available > 0) return await SurplusAsync(socket, began, cancellationToken);
            ReadOnlyMemory<byte> request = Encoding.UTF8.GetBytes(command + "\n");
            while (!request.IsEmpty)
            {
                var sent = await WithinAsync(token => socket.SendAsync(request, SocketFlags.None, token), began, cancellationToken);
                if (sent < 0) return Failed(EbusdFault.Timeout, "nothing is taken in");
                request = request[sent..];
            }

            while (!_buffer.IsComplete)
            {
                var received = await ReceiveAsync(socket, began, cancellationToken);
                if (received < 0) return Failed(EbusdFault.Timeout, "no whole answer in time");
                if (received == 0) return Failed(EbusdFault.ConnectionLost, _buffer.IsEmpty ? "the connection was closed without an answer" : "the connection was closed within an answer");
                if (_buffer.Fault != EbusdFault.None) return Failed(_buffer.Fault, _buffer.Fault == EbusdFault.TooLong ? "an answer longer than any of ebusd's" : "an answer that is no text of lines");
            }

            if (_buffer.HasSurplus || socket.Available > 0) return Failed(EbusdFault.Surplus, "there are bytes behind the end of an answer that nobody asked for");
            _hasAnswered = true;
            return new EbusdAnswer(EbusdFault.None, null, _buffer.Lines(), HasAnswered: true);
        }
        catch (SocketException e)
        {
            return Failed(EbusdFault.ConnectionLost, $"the connection broke: {e.Message}");
        }
    }

    private async ValueTask<EbusdAnswer> SurplusAsync(Socket socket, long began, CancellationToken cancellationToken)
    {
        await ReceiveAsync(socket, began, cancellationToken);
        var isText = _buffer.Fault == EbusdFault.None;
        return isText ? Failed(EbusdFault.Surplus, "something came before anything was asked") : Failed(_buffer.Fault, "something other than text came before anything was asked");
    }

    private async ValueTask<int> ReceiveAsync(Socket socket, long began, CancellationToken cancellationToken)
    {
        var received = await WithinAsync(token => socket.ReceiveAsync(_buffer.Space, SocketFlags.None, token), began, cancellationToken);
        if (received > 0) _buffer.Take(received);
        return received;
    }

    /// <summary>Gives -1 when it takes longer than is left of the whole.</summary>
    private async ValueTask<int> WithinAsync(Func<CancellationToken, ValueTask<int>> transfer, long began, CancellationToken cancellationToken)
    {
        var left = endpoint.CommandTimeout - time.GetElapsedTime(began);
        if (left <= TimeSpan.Zero) return -1;
        try
        {
            return await transfer(_deadline.Start(left, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return -1;
        }
        finally
        {
            _deadline.Stop();
        }
    }

    private EbusdAnswer Failed(EbusdFault fault, string detail) => EbusdAnswer.Failed(fault, detail, _hasAnswered);

    private static EbusdFault FaultOf(ConnectFault fault) => fault switch
    {
        ConnectFault.NameNotFound => EbusdFault.NameNotFound,
        ConnectFault.Refused => EbusdFault.ConnectionRefused,
        ConnectFault.TimedOut => EbusdFault.ConnectTimeout,
        ConnectFault.Lost => EbusdFault.ConnectionLost,
        _ => EbusdFault.HostUnreachable,
    };
}
