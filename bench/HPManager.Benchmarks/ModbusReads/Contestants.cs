using System.Globalization;
using HPManager.Benchmarks.Harness;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Benchmarks.ModbusReads;

/// <summary>A client connected to the server, that can be let off the leash for a while.</summary>
internal interface IContestant : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Reads, decodes and checks for this long; gives reads a second.</summary>
    Task<double> ReadForAsync(TimeSpan duration, CancellationToken cancellationToken);
}

/// <summary>Ours, in this process.</summary>
internal sealed class OurClient(string name, int port, double expectedSum) : IContestant
{
    private const double Tolerance = 1e-6;

    private readonly ModbusClient _client = new(
        new ModbusEndpoint("127.0.0.1", port, ModbusTransport.Tcp, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), TimeSpan.Zero),
        TimeProvider.System);

    private readonly ushort[] _words = new ushort[ReadsServer.Registers];
    private readonly double[] _values = new double[ReadsServer.Registers];

    public string Name => name;

    /// <summary>Bytes allocated per read in the last run.</summary>
    public double BytesPerRead { get; private set; }

    public async Task<double> ReadForAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var start = time.GetTimestamp();
        var reads = 0;
        while (time.GetElapsedTime(start) < duration)
        {
            var result = await _client.ReadRegistersAsync(1, ModbusTable.HoldingRegister, 0, _words, cancellationToken);
            if (!result.IsSuccess) throw new InvalidOperationException(result.Detail);
            var sum = Decode();
            if (Math.Abs(sum - expectedSum) > Tolerance) throw new InvalidOperationException($"sum {sum} where {expectedSum} was expected");
            reads++;
        }

        var elapsed = time.GetElapsedTime(start);
        BytesPerRead = (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / reads;
        return reads / elapsed.TotalSeconds;
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private double Decode()
    {
        var sum = 0.0;
        for (var i = 0; i < _words.Length; i++)
        {
            _values[i] = (short)_words[i] * 0.1;
            sum += _values[i];
        }

        return sum;
    }
}

/// <summary>
/// A peer in a process of its own. It gets the port and the expected sum as arguments and says "ready" when connected; told a
/// number of seconds on a line, it reads for that long and says "READS SECONDS". It ends when its standard input ends.
/// </summary>
internal sealed class PeerProcess : IContestant
{
    private readonly ChildProcess _process;

    private PeerProcess(string name, ChildProcess process)
    {
        Name = name;
        _process = process;
    }

    public string Name { get; }

    public static async Task<PeerProcess> StartAsync(
        string name, string program, string folder, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var process = ChildProcess.Start(program, folder, arguments);
        try
        {
            var line = await process.ReadLineAsync(cancellationToken);
            if (line != "ready") throw new InvalidOperationException($"{name} said: {line}");
            return new PeerProcess(name, process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async Task<double> ReadForAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        await _process.WriteLineAsync(duration.TotalSeconds.ToString(CultureInfo.InvariantCulture), cancellationToken);
        var words = (await _process.ReadLineAsync(cancellationToken)).Split(' ');
        return double.Parse(words[0], CultureInfo.InvariantCulture) / double.Parse(words[1], CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
