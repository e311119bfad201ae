using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Drivers.Luxtronik.Client;
using HPManager.Drivers.Luxtronik.Driver;
using HPManager.Drivers.Luxtronik.Tables;
using HPManager.Drivers.Sockets;

namespace HPManager.Drivers.Discovery;

/// <summary>Recognises Luxtronik controllers by reading their calculations, and calls for them by their search datagram. Thread-safe.</summary>
public sealed class LuxtronikProbe(HostGate gate, TimeProvider time) : INetworkProbe, INetworkCall
{
    private const string Make = "luxtronik";
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IReadOnlyList<int> Ports { get; } = [LuxtronikEndpoint.UsualPort, LuxtronikEndpoint.OldPort];

    /// <inheritdoc/>
    public async Task<Sighting?> AskAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var endpoint = new LuxtronikEndpoint(address.ToString(), port)
        {
            ConnectTimeout = AnswerWithin,
            IdleTimeout = AnswerWithin,
            CycleTimeout = AnswerWithin * 2,
        };
        if (await gate.EnterAsync(endpoint.Host, AnswerWithin, cancellationToken) is not { } turn) return null;
        using var held = turn;
        using var client = new LuxtronikClient(endpoint, time);
        var read = await client.ReadCalculationsAsync(cancellationToken);
        if (!read.Result.IsSuccess || read.Value is not { } calculations || ControllerDescription.Of(calculations, []) is not { } controller) return null;
        var model = controller.Firmware.Series is 1 or 2 ? "luxtronik_2_0" : "luxtronik_2_1";
        var settings = new Settings(
            [new(LuxtronikConnections.Host, address.ToString()), new(LuxtronikConnections.Port, port.ToString(CultureInfo.InvariantCulture))]);
        return new Sighting(
            address.ToString(), port, $"Luxtronik, firmware {controller.Firmware.Text}", Certainty.Certain, "It says so itself.",
            Make, model, new ConnectionConfig(LuxtronikConnections.Kind, settings));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IPEndPoint>> CallAsync(AddressRange range, CancellationToken cancellationToken)
    {
        var found = new HashSet<IPEndPoint>();
        foreach (var port in LuxtronikSearch.Ports)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
            try
            {
                // Controllers answer to the port that they were called on; another program may have it.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
                socket.Bind(new IPEndPoint(IPAddress.Any, port));
                await socket.SendToAsync(LuxtronikSearch.Request, new IPEndPoint(range.Broadcast, port), cancellationToken);
                await CollectAsync(socket, range, found, cancellationToken);
            }
            catch (SocketException)
            {
                // No way to call there: every address is asked anyway.
            }
        }

        return [.. found];
    }

    private async Task CollectAsync(Socket socket, AddressRange range, HashSet<IPEndPoint> found, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = time.CreateTimer(_ => limited.Cancel(), null, AnswerWithin, Timeout.InfiniteTimeSpan);
        var datagram = new byte[LuxtronikSearch.MaxReply + 1];
        try
        {
            while (found.Count < range.Count)
            {
                var received = await socket.ReceiveFromAsync(datagram, new IPEndPoint(IPAddress.Any, 0), limited.Token);
                if (!LuxtronikSearch.TryParseReply(datagram.AsSpan(0, received.ReceivedBytes), out var port)) continue;
                var sender = ((IPEndPoint)received.RemoteEndPoint).Address;

                // Anybody may send a datagram; nobody is asked who was not to be searched.
                if (range.Contains(sender)) found.Add(new IPEndPoint(sender, port ?? LuxtronikEndpoint.UsualPort));
            }
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
