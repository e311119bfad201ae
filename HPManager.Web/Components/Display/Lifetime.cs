namespace HPManager.Web.Components.Display;

/// <summary>
/// How long a component lives. The token may also be asked for when that is over: what awaited something while the page was left comes back after it, and
/// a disposed source of tokens would then throw into a page that has nothing to do with it.
/// </summary>
public sealed class Lifetime : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private bool _isOver;

    /// <summary>Begins it.</summary>
    public Lifetime() => Token = _source.Token;

    /// <summary>Cancelled when it is over.</summary>
    public CancellationToken Token { get; }

    /// <summary>Ends it; a second time does nothing.</summary>
    public void Dispose()
    {
        if (_isOver) return;
        _isOver = true;
        _source.Cancel();
        _source.Dispose();
    }
}
