using HPManager.Core.Manufacturers;
using HPManager.Drivers.Husdata.Client;
using HPManager.Drivers.Husdata.Feed;

namespace HPManager.Drivers.Husdata.Driver;

/// <summary>
/// The ways to one gateway: its HTTP interface, what it publishes, or both side by side. With both, the newest value counts, and one that is down is said and
/// fails nothing while the other lives. Used by one session.
/// </summary>
internal sealed class GatewayLinks(HusdataHttpClient? http, GatewayFeed? feed, HusdataFailures failures)
{
    private readonly GatewayFreshness _freshness = new();
    private bool _isHttpUp;
    private bool _isFeedUp;

    /// <summary>What goes wrong, in words.</summary>
    public HusdataFailures Failures => failures;

    /// <summary>The HTTP interface, when it is used.</summary>
    public HusdataHttpClient? Http => http;

    /// <summary>What the gateway publishes, when it is used.</summary>
    public GatewayFeed? Feed => feed;

    /// <summary>Which ways work, in words.</summary>
    public string Words { get; private set; } = "";

    /// <summary>Since when nothing at all has changed at the gateway; null as long as that is not too long.</summary>
    public DateTimeOffset? FrozenSince { get; private set; }

    /// <summary>Whether a write goes by what the gateway subscribes to, because HTTP is not used or is down.</summary>
    public bool WritesByFeed => !_isHttpUp && _isFeedUp;

    /// <summary>Takes in all values.</summary>
    public async ValueTask<Failure?> CollectAsync(GatewayValues values, DateTimeOffset at, CancellationToken cancellationToken)
    {
        values.Clear(at);
        FrozenSince = null;
        var httpFailure = http is null ? null : await CollectHttpAsync(http, values, at, cancellationToken);
        if (httpFailure is not null) values.Clear(at);
        var feedFailure = feed is null ? null : await feed.RefreshAsync(cancellationToken);
        (_isHttpUp, _isFeedUp) = (http is not null && httpFailure is null, feed is not null && feedFailure is null);
        if (_isFeedUp) values.Read(feed!, at);
        if (_isFeedUp && feed!.LastMessage >= at - GatewayFeed.StaleAfter) FrozenSince = null;
        Words = (_isHttpUp, _isFeedUp) switch
        {
            (true, true) => "HTTP and MQTT",
            (true, false) => feedFailure is null ? "HTTP" : $"HTTP; MQTT is down: {feedFailure.Message}",
            (false, true) => httpFailure is null ? "MQTT" : $"MQTT; HTTP is down: {httpFailure.Message}",
            _ => "none",
        };
        if (_isHttpUp || _isFeedUp) return null;
        if (httpFailure is null) return feedFailure;
        return feedFailure is null ? httpFailure : httpFailure with { Message = $"{httpFailure.Message} Nor over MQTT: {feedFailure.Message}" };
    }

    private async ValueTask<Failure?> CollectHttpAsync(HusdataHttpClient client, GatewayValues values, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var answer = await client.GetAllDataAsync(cancellationToken);
        if (!answer.IsSuccess) return failures.Of(answer);
        var text = answer.Body.Span.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || text[0] == '<') return failures.NoJson(text.IsEmpty);
        var parsed = values.Read(answer.Body.Span, at);
        if (parsed.Error is { } error) return HusdataFailures.Broken(error);
        if (parsed.Indices == 0) return parsed.Members == 0 ? HusdataFailures.NoData(isStarting: false) : failures.NoIndices();
        if (values.IsAllZero()) return HusdataFailures.NoData(isStarting: true);
        FrozenSince = _freshness.Note(answer.Body.Span, at);
        return null;
    }
}
