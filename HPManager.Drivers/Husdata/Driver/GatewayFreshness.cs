namespace HPManager.Drivers.Husdata.Driver;

/// <summary>
/// Notices a gateway whose link to the heat pump is dead: it goes on serving its last values, and does not say how old they are. Used by one session.
/// </summary>
internal sealed class GatewayFreshness
{
    /// <summary>Ten temperatures to a tenth of a degree do not stand still for so long.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    private int _fingerprint;
    private DateTimeOffset? _since;

    /// <summary>Takes an answer into account.</summary>
    /// <returns>Since when nothing at all has changed, when that is too long; null as long as it is alive.</returns>
    public DateTimeOffset? Note(ReadOnlySpan<byte> body, DateTimeOffset at)
    {
        var hash = default(HashCode);
        hash.AddBytes(body);
        var fingerprint = hash.ToHashCode();
        if (_since is null || fingerprint != _fingerprint || at < _since) (_fingerprint, _since) = (fingerprint, at);
        return at - _since.Value > Limit ? _since : null;
    }
}
