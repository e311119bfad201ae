namespace HPManager.Drivers.Mqtt.Session;

/// <summary>Gives out the numbers 1..65,535 that are not in use, going round. One user at a time.</summary>
internal sealed class PacketIds
{
    private readonly HashSet<ushort> _used = [];
    private ushort _last;

    /// <summary>A free number.</summary>
    /// <exception cref="InvalidOperationException">All are in use, which the limits of the client do not allow.</exception>
    public ushort Take()
    {
        if (_used.Count == ushort.MaxValue) throw new InvalidOperationException("All packet ids are in use.");
        do _last = _last == ushort.MaxValue ? (ushort)1 : (ushort)(_last + 1);
        while (!_used.Add(_last));
        return _last;
    }

    public void Return(ushort id) => _used.Remove(id);
}
