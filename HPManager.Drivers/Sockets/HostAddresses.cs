using System.Net;
using System.Net.Sockets;

namespace HPManager.Drivers.Sockets;

/// <summary>Finds the addresses of a host by name or address, within a limit. One call at a time.</summary>
internal sealed class HostAddresses(string host, TimeSpan limit, TimeProvider time) : IDisposable
{
    private readonly RequestDeadline _deadline = new(time);

    /// <summary>The addresses in the resolver's order, or why there are none. Cancellation throws.</summary>
    public async ValueTask<(IPAddress[] Addresses, ConnectOutcome Failure)> ResolveAsync(CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal)) return ([literal], default);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, _deadline.Start(limit, cancellationToken));
            return addresses.Length > 0 ? (addresses, default) : ([], NameNotFound());
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ([], ConnectOutcome.Failed(ConnectFault.TimedOut, $"no address for {host} within {(long)limit.TotalMilliseconds} ms"));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return ([], NameNotFound());
        }
        finally
        {
            _deadline.Stop();
        }

        ConnectOutcome NameNotFound() => ConnectOutcome.Failed(ConnectFault.NameNotFound, $"no address known for the name {host}");
    }

    public void Dispose() => _deadline.Dispose();
}
