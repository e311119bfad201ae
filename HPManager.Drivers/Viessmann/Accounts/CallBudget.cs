using System.Globalization;
using System.Text.Json;
using HPManager.Drivers.Viessmann.Client;

namespace HPManager.Drivers.Viessmann.Accounts;

/// <summary>What a request is for, which decides how much of the budget it may use up.</summary>
internal enum CallPurpose
{
    /// <summary>The regular reading: leaves the reserve alone.</summary>
    Poll,

    /// <summary>Somebody waits for it: a write and its proof, a connection test, the choice of a heat pump.</summary>
    Asked,
}

/// <summary>
/// Counts the calls of one account against the cloud's two limits, 120 in ten minutes and so many a day (UTC), plans the regular reading so that it cannot exceed
/// them and leaves a reserve, and keeps silent after a 429 until the moment it names. Without I/O; thread-safe.
/// </summary>
internal sealed class CallBudget(TimeProvider time)
{
    /// <summary>Calls in <see cref="Window"/>.</summary>
    public const int PerWindow = 120;

    /// <summary>Calls on a day of the free plan.</summary>
    public const int FreePlan = 1450;

    /// <summary>Of <see cref="PerWindow"/>, what the regular reading leaves.</summary>
    public const int WindowReserve = 30;

    private const double ReservePart = 0.21;

    /// <summary>The short limit's span.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestBlock = TimeSpan.FromHours(25);

    private readonly Lock _gate = new();
    private readonly Queue<DateTimeOffset> _recent = new();
    private DateOnly _day;
    private int _today;
    private int _perDay = FreePlan;
    private DateTimeOffset? _lastPoll;
    private DateTimeOffset? _blockedUntil;
    private CloudLimit? _blockedBy;
    private (DateOnly Day, string Words)? _others;

    /// <summary>Calls allowed on a day.</summary>
    public int PerDay
    {
        get
        {
            lock (_gate) return _perDay;
        }

        set
        {
            lock (_gate) _perDay = Math.Max(1, value);
        }
    }

    /// <summary>Calls since midnight UTC, as far as they are ours.</summary>
    public int Today
    {
        get
        {
            lock (_gate)
            {
                Turn();
                return _today;
            }
        }
    }

    /// <summary>Since when and until when nothing is sent, UTC; null when something may be.</summary>
    public (DateTimeOffset Until, CloudLimit Limit)? Blocked
    {
        get
        {
            lock (_gate) return _blockedUntil is { } until && until > time.GetUtcNow() ? (until, _blockedBy!) : null;
        }
    }

    /// <summary>That somebody else uses the same budget, in words; null when nothing says so today.</summary>
    public string? Others
    {
        get
        {
            lock (_gate)
            {
                Turn();
                return _others?.Words;
            }
        }
    }

    /// <summary>Of a day's calls, what the regular reading leaves.</summary>
    public static int ReserveOf(int perDay) => (int)Math.Ceiling(perDay * ReservePart);

    /// <summary>The shortest interval of the regular reading that exceeds no limit, in whole seconds.</summary>
    /// <param name="perDay">Calls allowed on a day.</param>
    /// <param name="calls">Calls that one reading takes.</param>
    public static TimeSpan ShortestInterval(int perDay, int calls = 1)
    {
        var byDay = Day.TotalSeconds / Math.Max(1, perDay - ReserveOf(perDay));
        var byWindow = Window.TotalSeconds / (PerWindow - WindowReserve);
        return TimeSpan.FromSeconds(Math.Ceiling(Math.Max(byDay, byWindow) * calls));
    }

    /// <summary>When the next regular reading of one gateway may go out; now or earlier when it may at once.</summary>
    /// <param name="last">When it went out last; null for never.</param>
    /// <param name="gateways">Gateways that share the budget.</param>
    public DateTimeOffset NextPoll(DateTimeOffset? last, int gateways)
    {
        lock (_gate)
        {
            Turn();
            var now = time.GetUtcNow();
            var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + Day;
            var left = _perDay - ReserveOf(_perDay) - _today;
            if (left <= 0) return Later(midnight, _blockedUntil);
            if (last is not { } before) return Later(now, _blockedUntil);

            // What was spent beside the plan is saved again over the rest of the day.
            var spread = (midnight - now) * gateways / left;
            var shortest = ShortestInterval(_perDay, gateways);
            return Later(before + (spread > shortest ? spread : shortest), _blockedUntil);
        }
    }

    /// <summary>Notes a call that goes out now.</summary>
    /// <returns>null when it may; otherwise until when it may not.</returns>
    public DateTimeOffset? Take(CallPurpose purpose)
    {
        lock (_gate)
        {
            Turn();
            var now = time.GetUtcNow();
            if (_blockedUntil is { } until && until > now) return until;
            var (day, window) = purpose == CallPurpose.Poll ? (_perDay - ReserveOf(_perDay), PerWindow - WindowReserve) : (_perDay, PerWindow);
            if (_today >= day) return new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + Day;
            if (_recent.Count >= window) return _recent.ElementAt(_recent.Count - window) + Window;
            _today++;
            _recent.Enqueue(now);
            if (purpose == CallPurpose.Poll) _lastPoll = now;
            return null;
        }
    }

    /// <summary>Takes in what a 429 says: nothing is sent until then.</summary>
    public void Exceeded(CloudLimit limit)
    {
        lock (_gate)
        {
            Turn();
            var now = time.GetUtcNow();
            var isDay = IsDay(limit, now);
            var until = limit.Reset is { } told && told > now && told - now <= LongestBlock
                ? told
                : isDay && limit.Reset is null ? new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + Day : now + Window;
            (_blockedUntil, _blockedBy) = (until, limit);
            var (own, allowed) = isDay ? (_today, limit.Count ?? _perDay) : (_recent.Count, limit.Count ?? PerWindow);
            if (own >= allowed * 0.9) return;
            var words = string.Create(
                CultureInfo.InvariantCulture,
                $"The limit of {allowed} calls {(isDay ? "a day" : "in ten minutes")} was reached although HPManager made {own}: another program or the manufacturer's app uses the same budget.");
            _others = (_day, words);
        }
    }

    /// <summary>What to keep over a restart.</summary>
    public string ToJson()
    {
        lock (_gate)
        {
            Turn();
            return JsonSerializer.Serialize(
                new Kept(
                    _day, _today, [.. _recent.Select(at => at.ToUnixTimeSeconds())], _lastPoll, _blockedUntil, _blockedBy?.Name, _blockedBy?.Count, _others?.Words),
                JsonSerializerOptions.Web);
        }
    }

    /// <summary>Goes on from what was kept; what cannot be read is nothing.</summary>
    /// <returns>When the last regular reading went out; null for never.</returns>
    public DateTimeOffset? Restore(string? json)
    {
        if (json is null || Parse(json) is not { } kept) return null;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            (_day, _today) = (kept.Day, Math.Clamp(kept.Today, 0, 1_000_000));
            var (from, to) = ((now - Window).ToUnixTimeSeconds(), now.ToUnixTimeSeconds());
            foreach (var seconds in kept.Recent.Where(seconds => seconds >= from && seconds <= to).Order().TakeLast(PerWindow))
                _recent.Enqueue(DateTimeOffset.FromUnixTimeSeconds(seconds));
            if (kept.BlockedUntil is { } until && until - now <= LongestBlock) (_blockedUntil, _blockedBy) = (until, new CloudLimit(kept.BlockedBy ?? "", kept.BlockedCount, until));
            if (kept.Others is { } words) _others = (kept.Day, words);
            _lastPoll = kept.LastPoll <= now ? kept.LastPoll : null;
            return _lastPoll;
        }
    }

    private static Kept? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Kept>(json, JsonSerializerOptions.Web) is { Recent: not null } kept ? kept : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The short limit ends within its span; what ends later is the day's.
    private static bool IsDay(CloudLimit limit, DateTimeOffset now) =>
        limit.Reset is { } reset ? reset - now > Window : limit.Count is { } count ? count > PerWindow : limit.Name.Contains("day", StringComparison.OrdinalIgnoreCase) || limit.Name.Contains("daily", StringComparison.OrdinalIgnoreCase);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset? other) => other > one ? other.Value : one;

    private void Turn()
    {
        var now = time.GetUtcNow();
        while (_recent.TryPeek(out var oldest) && now - oldest >= Window) _recent.Dequeue();
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        if (day == _day) return;
        (_day, _today) = (day, 0);
        _others = null;
    }

    private sealed record Kept(
        DateOnly Day,
        int Today,
        IReadOnlyList<long> Recent,
        DateTimeOffset? LastPoll,
        DateTimeOffset? BlockedUntil,
        string? BlockedBy,
        int? BlockedCount,
        string? Others);
}
