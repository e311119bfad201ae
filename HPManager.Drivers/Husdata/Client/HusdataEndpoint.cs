namespace HPManager.Drivers.Husdata.Client;

/// <summary>Where a gateway's HTTP interface is, and how long it is given.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
internal sealed record HusdataEndpoint(string Host, int Port)
{
    /// <summary>The port gateways listen on.</summary>
    public const int UsualPort = 80;

    /// <summary>Longest wait for a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for a whole answer, connecting included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
