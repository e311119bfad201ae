namespace HPManager.Drivers.Ebusd.Bus;

/// <summary>
/// How far the clock by which ebusd tells ages is ahead of ours. It is ebusd's local time, which nothing says, so that it follows from what must be true:
/// nothing was heard in the future, and what we have had read was heard no earlier than we asked. Used by one session.
/// </summary>
internal sealed class EbusdClock
{
    // Times come in whole seconds, and asking takes a moment.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);
    private TimeSpan? _ahead;

    /// <summary>Notes the newest time of any message, told at a moment of ours.</summary>
    public void NoteNewest(DateTime told, DateTimeOffset now)
    {
        var ahead = told - now.UtcDateTime;
        if (_ahead is null || ahead > _ahead + Slack) _ahead = ahead;
    }

    /// <summary>Notes the time of a message that was read from the bus because we asked for it.</summary>
    public void NoteRead(DateTime told, DateTimeOffset asked)
    {
        var ahead = told - asked.UtcDateTime;
        if (_ahead is null || ahead < _ahead - Slack) _ahead = ahead;
    }

    /// <summary>How long ago something was; never negative.</summary>
    public TimeSpan AgeOf(DateTime told, DateTimeOffset now)
    {
        var age = now.UtcDateTime + (_ahead ?? TimeSpan.Zero) - told;
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }

    /// <summary>A moment of ours, by the other clock.</summary>
    public DateTime ToTold(DateTimeOffset moment) => DateTime.SpecifyKind(moment.UtcDateTime + (_ahead ?? TimeSpan.Zero), DateTimeKind.Unspecified);
}
