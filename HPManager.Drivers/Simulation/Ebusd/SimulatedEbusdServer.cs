using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace HPManager.Drivers.Simulation.Ebusd;

/// <summary>
/// An ebusd's line protocol on a real loopback socket: one command a line, an answer and an empty line; a memory with the time of each value; quirks
/// included. Written apart from the client, constants included, so that a mistake there is found here. Any number of clients. Thread-safe.
/// </summary>
public sealed class SimulatedEbusdServer : ISimulatedServer
{
    private const int DefaultAge = 300;
    private const int LongestAge = 86_400;
    private const int LongestLine = 4096;
    private static readonly TimeSpan Overheard = TimeSpan.FromSeconds(10);

    private readonly IEbusdPlant _plant;
    private readonly TimeProvider _time;
    private readonly TimeSpan _zone;
    private readonly LoopbackListener _listener;
    private readonly Dictionary<EbusdMessage, (DateTimeOffset At, string Answer)> _stored = [];
    private readonly Lock _gate = new();
    private long _busReads;

    private SimulatedEbusdServer(IEbusdPlant plant, TimeProvider time, int port, TimeSpan zone)
    {
        _plant = plant;
        _time = time;
        _zone = zone;
        _listener = new LoopbackListener(port, () => Faults.OneClientOnly, ServeAsync);
    }

    /// <inheritdoc/>
    public int Port => _listener.Port;

    /// <summary>Faults on demand.</summary>
    public EbusdFaults Faults { get; } = new();

    /// <summary>Whether somebody else on the bus reads everything all the time, as some internet gateways do, so that nothing in memory ever ages.</summary>
    public bool IsReadByOthers { get; init; }

    /// <summary>Who has to log in and how: <c>name secret</c>; null for everybody.</summary>
    public string? User { get; init; }

    /// <summary>Reads that went out on the bus so far.</summary>
    public long BusReads => Interlocked.Read(ref _busReads);

    /// <summary>Connections open now.</summary>
    public int ClientCount => _listener.ClientCount;

    /// <summary>Starts an ebusd.</summary>
    /// <param name="plant">What is on its bus.</param>
    /// <param name="time">Its clock, and that of the delays.</param>
    /// <param name="port">Port on 127.0.0.1; 0 for a free one.</param>
    /// <param name="zone">By how much its local time is ahead of UTC.</param>
    /// <param name="isReadByOthers">Sets <see cref="IsReadByOthers"/>.</param>
    /// <param name="user">Sets <see cref="User"/>.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static SimulatedEbusdServer Start(
        IEbusdPlant plant, TimeProvider time, int port = 0, TimeSpan zone = default, bool isReadByOthers = false, string? user = null) =>
        new(plant, time, port, zone) { IsReadByOthers = isReadByOthers, User = user };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(Socket client, CancellationToken stop)
    {
        var received = new byte[LongestLine];
        var line = new StringBuilder();
        var isKnown = User is null;
        while (true)
        {
            var count = await client.ReceiveAsync(received, SocketFlags.None, stop);
            if (count == 0 || line.Length > LongestLine) return;
            line.Append(Encoding.UTF8.GetString(received, 0, count).Replace("\r", "", StringComparison.Ordinal));

            // Two lines that come together are taken for one.
            if (line[^1] != '\n') continue;
            var command = line.ToString()[..^1];
            line.Clear();
            if (command.Length == 0) continue;
            var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('"', '\'')).ToArray();
            if (words.Length == 0) continue;
            if (words is ["auth" or "a", ..]) isKnown |= User is not null && string.Join(' ', words[1..]) == User;
            var answer = words is ["auth" or "a", ..] ? isKnown ? "done" : "ERR: invalid user name or secret" : AnswerTo(words, isKnown);
            if (!await SendAsync(client, answer, stop)) return;
        }
    }

    // Sends one answer; false ends the connection.
    private async Task<bool> SendAsync(Socket client, string answer, CancellationToken stop)
    {
        if (Faults.Delay is { Ticks: > 0 } delay) await Task.Delay(delay, _time, stop);
        var bytes = Encoding.UTF8.GetBytes(answer + "\n\n");
        switch (Faults.Fault)
        {
            case EbusdFault.Silence:
                return true;
            case EbusdFault.Reset:
                client.LingerState = new LingerOption(enable: true, seconds: 0);
                return false;
            case EbusdFault.Garbage:
                await SendAllAsync(client, new byte[] { 0, 0, 11, 188, 0, 0, 0, 1 }, stop);
                return true;
            case EbusdFault.TruncatedAnswer:
                await SendAllAsync(client, bytes.AsMemory(0, bytes.Length / 2), stop);
                return false;
            case EbusdFault.Endless:
                while (true) await SendAllAsync(client, bytes.AsMemory(0, bytes.Length - 2), stop);
            default:
                await SendAllAsync(client, bytes, stop);
                return true;
        }
    }

    private string AnswerTo(string[] words, bool isKnown)
    {
        if (Array.Exists(words, word => word.Contains('\n', StringComparison.Ordinal))) return "usage: one command a line";
        var messages = Faults.Fault == EbusdFault.Scanning ? [] : _plant.Messages.Where(message => message.Level.Length == 0 || isKnown).ToList();
        return words[0] switch
        {
            "info" or "i" => Info(),
            "state" or "s" => Faults.Fault == EbusdFault.NoSignal ? "ERR: no signal" : "signal acquired, 68 symbols/sec (112 max), 4 masters",
            "scan" => words is [_, "result"] && Faults.Fault != EbusdFault.Scanning ? string.Join('\n', _plant.Scan) : "ERR: no data stored",
            "find" or "f" => Find(messages, words[1..]),
            "read" or "r" => Read(messages, words[1..]),
            "write" or "w" => Write(messages, words[1..]),
            _ => "ERR: command not found",
        };
    }

    private string Info()
    {
        var lines = new List<string>
        {
            "version: ebusd 26.1.p20260208",
            "device: /dev/ttyUSB0, enhanced high speed",
            "access: *",
            Faults.Fault == EbusdFault.NoSignal ? "signal: no signal" : "signal: acquired",
            "symbol rate: 68",
            "max symbol rate: 112",
            Faults.Fault == EbusdFault.Scanning ? "scan: running" : "scan: finished",
            "reconnects: 0",
            "masters: 4",
            Faults.Fault == EbusdFault.Scanning ? "messages: 13" : $"messages: {_plant.Messages.Count.ToString(CultureInfo.InvariantCulture)}",
        };
        if (Faults.Fault != EbusdFault.Scanning) lines.AddRange(_plant.Scan.Select(scanned => $"address {scanned[..2]}: slave, scanned \"{scanned[3..]}\""));
        return string.Join('\n', lines);
    }

    private string Find(List<EbusdMessage> messages, string[] options)
    {
        string[] lines;
        if (options is ["-F", "type,circuit,level,name,pbsb,id,fields", ..])
        {
            lines = [.. messages.SelectMany(message => Definitions(message))];
        }
        else if (options.Contains("-V") && options.Contains("-d"))
        {
            lock (_gate) lines = [.. messages.Where(IsStored).Select(Stored)];
        }
        else
        {
            return "usage: find [-v|-V] [-r] [-w] [-p] [-a] [-d] [-h] [-i ID] [-f] [-F COL[,COL]*] [-e] [-c CIRCUIT] [-l LEVEL] [NAME]";
        }

        return lines.Length == 0 ? "ERR: element not found" : string.Join('\n', lines);
    }

    private static IEnumerable<string> Definitions(EbusdMessage message)
    {
        var rest = $"{message.Circuit},{message.Level},{message.Name},{message.Telegram[..4]},{message.Telegram[4..]},{message.Definition}";
        yield return $"{(message.Kind == EbusdMessageKind.Passive ? "u" : "r")},{rest}";
        if (message.Write is not null) yield return $"w,{rest}";
    }

    private bool IsStored(EbusdMessage message)
    {
        Hear(message);
        return _stored.ContainsKey(message);
    }

    private string Stored(EbusdMessage message)
    {
        var (at, answer) = _stored[message];
        var local = (at + _zone).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var value = answer.StartsWith("ERR: ", StringComparison.Ordinal) ? $" ({answer} for 3108b509 / 00)" : answer == "empty" ? " (empty for 3115b524 / 08)" : $"value={message.InWords(answer)} [comment]";
        return $"{message.Circuit} {message.Name} = {value} [ZZ=08, lastup={local}, {(message.Kind == EbusdMessageKind.Passive ? "passive" : "active")} read]";
    }

    private string Read(List<EbusdMessage> messages, string[] options)
    {
        var (circuit, maxAge, isNumeric) = ("", DefaultAge, false);
        var rest = new Queue<string>(options);
        while (rest.TryPeek(out var option) && option[0] == '-')
        {
            rest.Dequeue();
            switch (option)
            {
                case "-f":
                    maxAge = 0;
                    break;
                case "-n":
                    isNumeric = true;
                    break;
                case "-m" when rest.TryDequeue(out var age) && int.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out maxAge) && maxAge <= LongestAge:
                    break;
                case "-c" when rest.TryDequeue(out var name):
                    circuit = name;
                    break;
                default:
                    return "usage: read [-f] [-m SECONDS] [-c CIRCUIT] [-v|-V] [-n|-N] NAME [FIELD[.N]]";
            }
        }

        if (rest.Count != 1) return "usage: read [-f] [-m SECONDS] [-c CIRCUIT] [-v|-V] [-n|-N] NAME [FIELD[.N]]";
        if (Named(messages, circuit, rest.Dequeue()) is not { } message || (message.Kind == EbusdMessageKind.Passive && maxAge == 0)) return "ERR: element not found";
        var answer = Read(message, maxAge);
        return isNumeric ? answer : message.InWords(answer);
    }

    private string Read(EbusdMessage message, int maxAge)
    {
        lock (_gate)
        {
            Hear(message);
            var now = _time.GetUtcNow();
            if (_stored.TryGetValue(message, out var stored) && (message.Kind == EbusdMessageKind.Passive || stored.At + TimeSpan.FromSeconds(maxAge) > now)) return stored.Answer;
            if (message.Kind == EbusdMessageKind.Passive) return "ERR: no data stored";
            Interlocked.Increment(ref _busReads);
            if (Faults.Fault == EbusdFault.BusTimeout) return "ERR: read timeout";
            if (Faults.Fault == EbusdFault.NoSignal) return "ERR: no signal";
            var answer = message.Read();
            _stored[message] = (now, answer);
            return answer.StartsWith("ERR: invalid position", StringComparison.Ordinal) ? answer + " in decode" : answer;
        }
    }

    // What is said on the bus without anybody asking.
    private void Hear(EbusdMessage message)
    {
        if (Faults.Fault is EbusdFault.NoSignal or EbusdFault.Scanning || !(message.Kind == EbusdMessageKind.Passive || message.Name == "Status01" || IsReadByOthers)) return;
        var now = _time.GetUtcNow();
        if (IsReadByOthers || !_stored.TryGetValue(message, out var stored) || now - stored.At >= Overheard) _stored[message] = (now, message.Read());
    }

    private string Write(List<EbusdMessage> messages, string[] words)
    {
        if (words is not ["-c", var circuit, var name, var value]) return "usage: write [-s QQ] [-d ZZ] -c CIRCUIT NAME [VALUE[;VALUE]*]";
        if (Named(messages, circuit, name) is not { Write: { } write } message) return "ERR: element not found";
        if (Faults.Fault == EbusdFault.NoSignal) return "ERR: no signal";
        if (Faults.Fault == EbusdFault.BusTimeout) return "ERR: read timeout";
        lock (_gate) _stored.Remove(message);
        return Faults.Fault == EbusdFault.ForgetsWrites ? "done" : write(value);
    }

    private static EbusdMessage? Named(List<EbusdMessage> messages, string circuit, string name) => messages.Find(message =>
        (circuit.Length == 0 || message.Circuit.Equals(circuit, StringComparison.OrdinalIgnoreCase)) && message.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static async Task SendAllAsync(Socket client, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (!bytes.IsEmpty) bytes = bytes[await client.SendAsync(bytes, SocketFlags.None, stop)..];
    }
}
