using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>Runs alone: the measure is of the whole process.</summary>
[CollectionDefinition(nameof(AllocationMeasures), DisableParallelization = true)]
public sealed class AllocationMeasures;

[Collection(nameof(AllocationMeasures))]
public class ModbusClientAllocationTests
{
    private const int Reads = 1000;

    /// <summary>Far below one Task (72) and its state machine, above the odd refill of a pool.</summary>
    private const int BytesPerRead = 16;

    /// <summary>
    /// Without optimization the compiler makes every async method's state machine a class, one object per call (some 620 bytes
    /// for the four methods of a read, 80 more for the silence). The measure that counts is the optimized one; this one still
    /// finds an array, a timer or a token source per request.
    /// </summary>
    private static readonly int Unoptimized =
        typeof(ModbusClient).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true } ? 710 : 0;

    [Fact]
    public async Task ReadRegisters_InSteadyState_AllocatesNothing()
    {
        using var server = new FrugalServer([0, 0, 0, 0, 0, 253, 1, 3, 250, .. new byte[250]], requestLength: 12, copied: 2);
        await using var client = ModbusClients.Tcp(server.Port);

        await AssertAllocatesNothingAsync(client, new ushort[125], Reads);
    }

    [Fact]
    public async Task ReadRegisters_OfASerialLineWithSilence_AllocatesNothing()
    {
        using var server = new FrugalServer(ModbusFrames.Rtu(1, [3, 20, .. new byte[20]]), requestLength: 8, copied: 0);
        await using var client = ModbusClients.Rtu(server.Port, silence: TimeSpan.FromMilliseconds(1));

        await AssertAllocatesNothingAsync(client, new ushort[10], Reads / 10);
    }

    /// <summary>The least of several rounds counts: whatever else runs in this process can only add.</summary>
    private static async Task AssertAllocatesNothingAsync(ModbusClient client, ushort[] destination, int reads)
    {
        const int MostRounds = 40;
        var allowed = BytesPerRead + Unoptimized;
        using var caller = new CancellationTokenSource();
        var least = long.MaxValue;
        for (var round = 0; round < MostRounds && least > allowed; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < reads; i++)
            {
                var result = await client.ReadRegistersAsync(1, ModbusTable.HoldingRegister, 0, destination, caller.Token);
                if (!result.IsSuccess) Assert.Fail(result.Detail);
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / reads);
        }

        Assert.InRange(least, 0, allowed);
    }

    /// <summary>Blocking sockets on a thread of its own: allocates nothing per request either, so that the measure is the client's.</summary>
    private sealed class FrugalServer : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly byte[] _answer;
        private readonly byte[] _request;
        private readonly int _copied;
        private readonly Thread _thread;

        public FrugalServer(byte[] answer, int requestLength, int copied)
        {
            _answer = answer;
            _request = new byte[requestLength];
            _copied = copied;
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen();
            _thread = new Thread(Serve) { IsBackground = true };
            _thread.Start();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

        public void Dispose()
        {
            _listener.Dispose();
            _thread.Join();
        }

        private void Serve()
        {
            try
            {
                using var socket = _listener.Accept();
                socket.NoDelay = true;
                while (Receive(socket))
                {
                    _request.AsSpan(0, _copied).CopyTo(_answer);
                    socket.Send(_answer);
                }
            }
            catch (SocketException)
            {
                // The test is over.
            }
        }

        private bool Receive(Socket socket)
        {
            for (var count = 0; count < _request.Length;)
            {
                var read = socket.Receive(_request.AsSpan(count), SocketFlags.None);
                if (read == 0) return false;
                count += read;
            }

            return true;
        }
    }
}
