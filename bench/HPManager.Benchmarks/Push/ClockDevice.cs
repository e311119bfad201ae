using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace HPManager.Benchmarks.Push;

/// <summary>A Modbus device of one value: the tenths of milliseconds that have passed when it is read.</summary>
internal sealed class ClockDevice : IAsyncDisposable
{
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
    public static void WriteProfile(string folder)
    {
        var model = Directory.CreateDirectory(Path.Combine(folder, "bench", "clock")).FullName;
        File.WriteAllText(Path.Combine(model, "profile.yaml"), """
            manufacturer:
              key: bench
              name: Bench
            protocol: modbus
            models:
              - key: clock
                name: Clock
                description: Tells when it is read.
                tags: [clock]
            connection:
              kinds: [modbus_tcp]
              port: 502
              unit_id: 1
              connect_timeout_ms: 2000
              request_timeout_ms: 1000
            default_interval_s: 10
            blocks:
              holding: { max_words: 2, max_hole: 0 }
            word_order:
              read: high_first
              write: high_first
            write_rules:
              read_back_within_ms: 1000
              min_eeprom_interval_s: 60
            setup_guide:
              steps: [Start the benchmark.]
              notes: []
              unverified: []
            """);
        File.WriteAllText(
            Path.Combine(model, "registers.csv"),
            "key,address,table,type,scale,unit,access,category,value,label,source\nclock,0,holding,uint32,1,,r,other,number,Clock,bench\n");
    }

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
