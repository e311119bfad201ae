using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HPManager.Tests.Drivers.Ebusd.Fixtures;

/// <summary>A message of a <see cref="FakeEbusd"/>; <c>Stored</c> is what it has in memory, <c>Bus</c> what a read of the bus gives.</summary>
internal sealed class FakeMessage(string type, string circuit, string name, string telegram, string fields)
{
    public string Type { get; set; } = type;

    public string Circuit => circuit;

    public string Name => name;

    public string Telegram => telegram;

    public string Fields { get; set; } = fields;

    public string Level { get; set; } = "";

    /// <summary>Whether there is a write of it too.</summary>
    public bool IsWritable { get; set; }

    public string? Stored { get; set; }

    /// <summary>When it was heard, in ebusd's local time.</summary>
    public DateTime HeardAt { get; set; }

    public string Bus { get; set; } = "ERR: read timeout";
}

/// <summary>
/// A line server written from the protocol page alone: what it says stands here in ebusd's own words. Its local clock stands still until a test moves it.
/// What it does with a line can be replaced.
/// </summary>
internal sealed class FakeEbusd : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Task _accepting;
    private int _connections;

    public FakeEbusd(IPEndPoint? endpoint = null)
    {
        _listener = new TcpListener(endpoint ?? new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>ebusd's own local time.</summary>
    public DateTime LocalTime { get; set; } = new(2026, 1, 15, 13, 0, 0, DateTimeKind.Unspecified);

    public List<FakeMessage> Messages { get; } = [];

    public List<string> Scan { get; } = ["08;Vaillant;HMU00;0901;5103", "15;Vaillant;CTLV2;0514;1104"];

    public string Version { get; set; } = "ebusd 26.1.p20260208";

    public string Signal { get; set; } = "acquired";

    public string Scanned { get; set; } = "finished";

    /// <summary>Name and secret that a client has to give; null for none.</summary>
    public (string Name, string Secret)? User { get; set; }

    /// <summary>Lines in the order they came, from whatever connection.</summary>
    public ConcurrentQueue<string> Lines { get; } = [];

    /// <summary>Reads that went out on the bus.</summary>
    public IEnumerable<string> BusReads => Lines.Where(line => line.StartsWith("read", StringComparison.Ordinal) && _bus.ContainsKey(line));

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Takes a line instead of the server; gives false to let it answer.</summary>
    public Func<Socket, string, Task<bool>>? Script { get; set; }

    private readonly ConcurrentDictionary<string, int> _bus = [];

    /// <summary>How often a message was read from the bus.</summary>
    public int BusReadsOf(string name) => _bus.Where(pair => pair.Key.EndsWith(" " + name, StringComparison.Ordinal)).Sum(pair => pair.Value);

    /// <summary>All reads of the bus.</summary>
    public int BusReadCount => _bus.Values.Sum();

    public FakeMessage this[string name] => Messages.Single(message => message.Name == name);

    /// <summary>The plant of the page's examples: an aroTHERM plus with a sensoCOMFORT.</summary>
    public static FakeEbusd Plant(IPEndPoint? endpoint = null)
    {
        var fake = new FakeEbusd(endpoint);
        fake.Add("r", "hmu", "Status01", "b51101", "temp,s,D1C,,°C,,temp_1,s,D1C,,°C,,temp_2,s,D2B,,°C,,temp_3,s,D1C,,°C,,temp_4,s,D1C,,°C,,pumpstate,s,UCH,0=off;1=on;2=overrun;4=hwc,,pump state", "35.0;30.0;-;-;-;1");
        fake.Add("r", "hmu", "FlowTemp", "b51a05ff3220", "ign,s,IGN:3,,,,value,s,D2C,,°C,temperature", "35.25");
        fake.Add("r", "hmu", "RunDataStatuscode", "b509540200530d", "ign,s,IGN:4,,,,value,s,UIN,100=Standby;104=Heating_Compressor_active;516=Deicing_active,,", "104");
        fake.Add("r", "hmu", "CurrentYieldPower", "b51a05ff3223", "ign,s,IGN:3,,,,value,s,SCH,10,kW,", "5.3");
        fake.Add("r", "hmu", "CurrentConsumedPower", "b51a05ff3224", "ign,s,IGN:3,,,,value,s,SCH,10,kW,", "1.4");
        fake.Add("r", "hmu", "RunDataCompressorSpeed", "b5095402000d0a", "ign,s,IGN:4,,,,value,s,EXP,,rps,", "49.9967");
        fake.Add("r", "hmu", "Currenterror", "b5030001", "error,s,UIN,,,,error_1,s,UIN,,,,error_2,s,UIN,,,,error_3,s,UIN,,,,error_4,s,UIN,,,", "-;-;-;-;-");
        fake.Add("r", "ctlv2", "WaterPressure", "b524020000003900", "ign,s,IGN:4,,,,value,s,EXP,,bar,water pressure", "1.6");
        fake.Add("r", "ctlv2", "HwcStorageTempTop", "b524020000009d00", "ign,s,IGN:4,,,,value,s,EXP,,°C,", "empty");
        fake.Add("r", "ctlv2", "SystemFlowTemp", "b524020000004b00", "ign,s,IGN:4,,,,value,s,EXP,,°C,", "ERR: invalid position");
        fake.Add("r", "ctlv2", "HwcTempDesired", "b524020001000400", "ign,s,IGN:4,,,,value,s,EXP,,°C,", "58").IsWritable = true;
        fake.Add("r", "ctlv2", "HwcOpMode", "b524020001000300", "ign,s,IGN:4,,,,value,s,UIN,0=off;1=auto;2=day;3=night,,", "1").IsWritable = true;
        fake.Add("u", "Broadcast", "Outsidetemp", "b51601", "temp2,m,D2B,,°C,", "8.250");
        return fake;
    }

    /// <summary>Adds a message that was heard just now; null for never.</summary>
    public FakeMessage Add(string type, string circuit, string name, string telegram, string fields, string? value)
    {
        var message = new FakeMessage(type, circuit, name, telegram, fields) { Stored = value, Bus = value ?? "ERR: read timeout", HeardAt = LocalTime };
        Messages.Add(message);
        return message;
    }

    /// <summary>Everything was heard just now.</summary>
    public void HearAll()
    {
        foreach (var message in Messages) message.HeardAt = LocalTime;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                Interlocked.Increment(ref _connections);
                _serving.Add(ServeAsync(socket));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        var isKnown = User is null;
        try
        {
            var received = new byte[4096];
            var pending = "";
            while (await socket.ReceiveAsync(received, _stop.Token) is > 0 and var count)
            {
                pending += Encoding.UTF8.GetString(received, 0, count);
                if (!pending.EndsWith('\n')) continue;
                var line = pending[..^1];
                pending = "";
                Lines.Enqueue(line);
                if (Script is not null && await Script(socket, line)) continue;
                if (line.Length == 0) continue;
                string answer;
                if (line.StartsWith("auth ", StringComparison.Ordinal))
                {
                    isKnown = User is { } user && line == $"auth \"{user.Name}\" \"{user.Secret}\"";
                    answer = isKnown ? "done" : "ERR: invalid user name or secret";
                }
                else
                {
                    answer = Answer(line, isKnown);
                }

                await socket.SendAsync(Encoding.UTF8.GetBytes(answer + "\n\n"), _stop.Token);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client closed, or the test is over.
        }
    }

    private string Answer(string line, bool isKnown)
    {
        if (line.Contains('\n', StringComparison.Ordinal)) return "usage: two lines at once";
        var words = line.Split(' ');
        lock (Messages)
        {
            var messages = isKnown ? Messages : [];
            return words[0] switch
            {
                "info" => string.Join('\n',
                    $"version: {Version}", "update check: revision v26.1 available", "device: 192.168.1.9:9999, TCP, enhanced", "access: *", $"signal: {Signal}",
                    "symbol rate: 68", "max symbol rate: 112", $"scan: {Scanned}", "reconnects: 0", "masters: 4",
                    $"messages: {Messages.Count.ToString(CultureInfo.InvariantCulture)}", "address 08: slave #11, scanned \"MF=Vaillant;ID=HMU00;SW=0901;HW=5103\", loaded \"vaillant/08.hmu.csv\""),
                "state" => Signal == "acquired" ? "signal acquired, 112 symbols/sec (200 max), 4 masters" : "ERR: no signal",
                "scan" => Scan.Count > 0 ? string.Join('\n', Scan) : "ERR: no data stored",
                "find" => Find(messages, line),
                "read" => Read(messages, line, words),
                "write" => Write(messages, words),
                _ => "ERR: command not found",
            };
        }
    }

    private static string Find(List<FakeMessage> messages, string line)
    {
        var lines = line == "find -V -d"
            ? messages.Where(message => message.Stored is not null).Select(Stored)
            : messages.SelectMany(message => message.IsWritable ? new[] { message.Type, "w" } : [message.Type], (message, type) =>
                $"{type},{message.Circuit},{message.Level},{message.Name},{message.Telegram[..4]},{message.Telegram[4..]},{message.Fields}");
        return string.Join('\n', lines) is { Length: > 0 } text ? text : "ERR: element not found";
    }

    private static string Stored(FakeMessage message)
    {
        var value = message.Stored! switch
        {
            "empty" => " (empty for 3115b5240602000000/08)",
            ['E', 'R', 'R', ':', ..] error => $" ({error} for 3108b51a/00)",
            var text => $"value={text} [a comment; with a semicolon]",
        };
        var time = message.HeardAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return $"{message.Circuit} {message.Name} = {value} [ZZ=08, lastup={time}, {(message.Type.StartsWith('u') ? "passive" : "active")} read]";
    }

    private string Read(List<FakeMessage> messages, string line, string[] words)
    {
        var circuit = words[Array.IndexOf(words, "-c") + 1];
        var message = messages.Find(candidate =>
            candidate.Name.Equals(words[^1], StringComparison.OrdinalIgnoreCase) && candidate.Circuit.Equals(circuit, StringComparison.OrdinalIgnoreCase));
        if (message is null) return "ERR: element not found";
        var isPassive = message.Type.StartsWith('u');
        if (isPassive) return words.Contains("-f") ? "ERR: element not found" : message.Stored ?? "ERR: no data stored";
        var age = words.Contains("-f") ? 0 : Array.IndexOf(words, "-m") is > 0 and var m ? int.Parse(words[m + 1], CultureInfo.InvariantCulture) : 300;
        if (message.Stored is not null && message.HeardAt.AddSeconds(age) > LocalTime) return message.Stored;
        _bus.AddOrUpdate(line, 1, (_, count) => count + 1);
        if (!message.Bus.StartsWith("ERR: read", StringComparison.Ordinal)) (message.Stored, message.HeardAt) = (message.Bus, LocalTime);
        return message.Bus.StartsWith("ERR: invalid position", StringComparison.Ordinal) ? "ERR: invalid position in decode" : message.Bus;
    }

    private static string Write(List<FakeMessage> messages, string[] words)
    {
        if (words is not [_, "-c", var circuit, var name, var value]) return "usage: write [-s QQ] [-d ZZ] -c CIRCUIT NAME [VALUE[;VALUE]*]";
        var message = messages.Find(candidate => candidate.Name == name && candidate.Circuit == circuit && candidate.IsWritable);
        if (message is null) return "ERR: element not found";
        if (value.Contains(',', StringComparison.Ordinal)) return "ERR: invalid numeric argument";
        (message.Bus, message.Stored) = (value, null);
        return "done";
    }
}
