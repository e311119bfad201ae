using System.Globalization;
using System.Net;
using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Drivers.Ebusd.Client;
using HPManager.Drivers.Ebusd.Driver;
using HPManager.Drivers.Ebusd.Inventory;
using HPManager.Drivers.Sockets;

namespace HPManager.Drivers.Discovery;

/// <summary>
/// Recognises ebusd by its answers to <c>state</c> and <c>scan result</c>: what it has in its memory, so that nothing is asked on the bus. Old Luxtronik
/// controllers listen on the same port: the six bytes of the first question are fewer than their shortest request, and are all that they get. Thread-safe.
/// </summary>
public sealed class EbusdProbe(HostGate gate, TimeProvider time) : INetworkProbe
{
    private const string Make = "vaillant";
    private const string Model = "ebus";
    private const string HasSignal = "signal acquired";
    private const string NoSignal = "ERR: no signal";
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IReadOnlyList<int> Ports { get; } = [EbusdEndpoint.UsualPort];

    /// <inheritdoc/>
    public async Task<Sighting?> AskAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        // Who is behind the port is not known yet, and there are controllers that bear one client at a time.
        if (await gate.EnterAsync(address.ToString(), AnswerWithin, cancellationToken) is not { } turn) return null;
        using var held = turn;
        using var client = new EbusdClient(
            new EbusdEndpoint(address.ToString(), port) { ConnectTimeout = AnswerWithin, CommandTimeout = AnswerWithin, MaxAnswer = 16 << 10, MaxLine = 1 << 10 }, time);
        var state = await client.AskAsync("state", cancellationToken);
        var isAlive = state.Text.StartsWith(HasSignal, StringComparison.Ordinal);
        if (!state.IsAnswered || state.Lines.Count != 1 || !(isAlive || state.Text == NoSignal)) return null;
        var scan = await client.AskAsync("scan result", cancellationToken);
        var heatPump = scan.IsAnswered ? scan.Lines.FirstOrDefault(Circuits.IsHeatPump) : null;
        return heatPump is not null
            ? Seen(address, port, Certainty.Certain, $"ebusd with a Vaillant heat pump ({heatPump.Split(';')[2]})", "It says so itself.")
            : Seen(
                address, port, Certainty.Likely, "ebusd",
                isAlive ? "It answers as ebusd does, and does not say that a Vaillant heat pump is on its bus." : "It answers as ebusd does, and has no signal on the bus now.");
    }

    private static Sighting Seen(IPAddress address, int port, Certainty certainty, string title, string reason) => new(
        address.ToString(), port, title, certainty, reason, Make, Model,
        new ConnectionConfig(EbusdConnections.Kind, new Settings(
            [new(EbusdConnections.Host, address.ToString()), new(EbusdConnections.Port, port.ToString(CultureInfo.InvariantCulture))])));
}
