namespace HPManager.Drivers.Ebusd.Client;

/// <summary>Where an ebusd listens for text lines.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
public sealed record EbusdEndpoint(string Host, int Port)
{
    /// <summary>The port of its line protocol.</summary>
    public const int UsualPort = 8888;

    /// <summary>Longest wait for the connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for a whole answer: an unlucky read of the bus with its retries takes seconds.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest answer that is taken in, in bytes; an inventory of 700 messages has about 150,000.</summary>
    public int MaxAnswer { get; init; } = 4 << 20;

    /// <summary>Longest line of an answer that is taken in, in bytes.</summary>
    public int MaxLine { get; init; } = 64 << 10;
}

/// <summary>Whom ebusd is to take a client for.</summary>
/// <param name="User">Name; empty for nobody in particular.</param>
/// <param name="Secret">What proves it.</param>
internal readonly record struct EbusdLogin(string User, string Secret)
{
    public bool IsAnonymous => string.IsNullOrEmpty(User);
}
