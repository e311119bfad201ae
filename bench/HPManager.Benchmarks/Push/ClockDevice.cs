using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HPManager.Benchmarks.Harness;

namespace HPManager.Benchmarks.Push;

/// <summary>A Modbus device of one value: the tenths of milliseconds that have passed when it is read.</summary>
internal sealed class ClockDevice : IAsyncDisposable
{
    public const string Model = "clock";

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _stop = new();

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public double NowTenths => Stopwatch.GetElapsedTime(_began).TotalMilliseconds * 10;

    public static ClockDevice Start()
    {
        var device = new ClockDevice();
        device._listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        device._listener.Listen(4);
        _ = device.AcceptAsync();
        return device;
    }

    /// <summary>Describes the device to the product, as an owner would.</summary>
    public static void WriteProfile(string folder) => BenchProfile.Write(folder, Model, [("clock", 0, "uint32", "", "")]);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                client.NoDelay = true;
                _ = ServeAsync(client);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the run.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var _ = client;
        var request = new byte[12];
        var answer = new byte[13];
        try
        {
            while (await client.ReceiveAsync(request, _stop.Token) == request.Length)
            {
                request.AsSpan(0, 4).CopyTo(answer);
                answer[5] = 7;
                answer[6] = request[6];
                answer[7] = request[7];
                answer[8] = 4;
                BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(9), (uint)NowTenths);
                await client.SendAsync(answer, _stop.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // The end of the run.
        }
    }
}
