namespace HPManager.Web.Components.Display;

/// <summary>From a wall clock in a zone to moments, over the hours that daylight saving leaves out or repeats.</summary>
internal static class LocalTime
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    /// <summary>The first moment of a day: midnight, or the moment the clock jumped over it to.</summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone) => At(day.ToDateTime(TimeOnly.MinValue), zone);

    /// <summary>
    /// The moment at which a wall clock shows a time. One that is left out becomes the first that is not; of one that comes twice the first is taken, or the
    /// second when asked for. Beyond the calendar's ends it is the end.
    /// </summary>
    public static DateTimeOffset At(DateTime wall, TimeZoneInfo zone, bool second = false)
    {
        while (zone.IsInvalidTime(wall)) wall += Step;
        var offset = zone.GetUtcOffset(wall);
        if (zone.IsAmbiguousTime(wall))
        {
            var offsets = zone.GetAmbiguousTimeOffsets(wall);
            offset = second ? offsets.Min() : offsets.Max();
        }

        var ticks = Math.Clamp(wall.Ticks - offset.Ticks, DateTimeOffset.UnixEpoch.Ticks, DateTimeOffset.MaxValue.Ticks);
        return new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    /// <summary>The wall clock's time at a moment.</summary>
    public static DateTime Of(DateTimeOffset moment, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(moment, zone).DateTime;

    /// <summary>The day at a moment.</summary>
    public static DateOnly DayOf(DateTimeOffset moment, TimeZoneInfo zone) => DateOnly.FromDateTime(Of(moment, zone));
}
