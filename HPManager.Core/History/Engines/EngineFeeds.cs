using HPManager.Core.Live;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HPManager.Core.History.Engines;

/// <summary>
/// Feeds every engine that is set up, each on its own, and begins anew with one whose settings change. Also answers where charts read from: <see cref="IHistorySource"/>. Thread-safe.
/// </summary>
public sealed partial class EngineFeeds : IHistorySource, IHostedService, IAsyncDisposable
{
    private readonly HistorySettingsStore _settings;
    private readonly ITimeSeriesStore _store;
    private readonly IOutbox _outbox;
    private readonly LiveValues _live;
    private readonly IOptions<HistoryOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<EngineFeeds> _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Dictionary<string, (EffectiveEngine Engine, EngineFeed Feed)> _feeds = [];
    private readonly ChosenSource _source;
    private bool _isStopped;

    /// <summary>Creates it; feeding begins once started.</summary>
    public EngineFeeds(
        HistorySettingsStore settings,
        ITimeSeriesStore store,
        IOutbox outbox,
        LiveValues live,
        IOptions<HistoryOptions> options,
        TimeProvider time,
        ILogger<EngineFeeds> logger)
    {
        (_settings, _store, _outbox, _live, _options, _time, _logger) = (settings, store, outbox, live, options, time, logger);
        _source = new ChosenSource(time, logger);
    }

    /// <summary>Where charts and REST read from now.</summary>
    public HistorySourceStatus Source => _source.Status;

    /// <summary>How the engines are doing, by the key of their type.</summary>
    public async Task<IReadOnlyDictionary<string, EngineStatus>> StatusAsync(CancellationToken cancellationToken)
    {
        var statuses = new Dictionary<string, EngineStatus>();
        foreach (var (name, (_, feed)) in _feeds) statuses[name] = await feed.StatusAsync(cancellationToken);
        return statuses;
    }

    /// <summary>Asks the engine that was chosen; the embedded store when none was, or when that one cannot be read now (<see cref="HistoryTable.ReadFrom"/> tells).</summary>
    public async ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        if (_source.ToAsk is { } source && _feeds.TryGetValue(source, out var chosen))
        {
            try
            {
                var table = await chosen.Feed.Engine.QueryAsync(query, cancellationToken);
                _source.Answered(source);
                return table with { ReadFrom = source };
            }
            catch (EngineException fault)
            {
                _source.Failed(source, fault.Message);
            }
        }

        return await _store.QueryAsync(query, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _settings.Changed += OnChanged;
        await ApplyAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _settings.Changed -= OnChanged;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _isStopped = true;
            await ReplaceAsync([]);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ReplaceAsync([]);
        _gate.Dispose();
    }

    /// <summary>Does what the settings say now; called by itself when they change.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_isStopped) return;
            var wanted = (await _settings.EnginesAsync(cancellationToken)).Where(engine => engine.IsOn).ToDictionary(engine => engine.Type.Key);
            await ForgetRemovedAsync(wanted.Keys, cancellationToken);
            await ReplaceAsync(wanted);
            var source = (await _settings.ReadAsync(cancellationToken)).Source;
            _source.Choose(source, source is not null && _feeds.ContainsKey(source));
        }
        finally
        {
            _gate.Release();
        }
    }

    private void OnChanged(object? sender, EventArgs change) => _ = ApplyChangeAsync();

    private async Task ApplyChangeAsync()
    {
        try
        {
            await ApplyAsync(CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or System.Data.Common.DbException)
        {
            Log.NotApplied(_logger, fault);
        }
    }

    // An engine that is switched off keeps its place; one that is taken away does not.
    private async Task ForgetRemovedAsync(IEnumerable<string> wanted, CancellationToken cancellationToken)
    {
        var known = (await _settings.EnginesAsync(cancellationToken)).Select(engine => engine.Type.Key).Concat(wanted).ToHashSet();
        foreach (var name in _feeds.Keys.Where(name => !known.Contains(name)).ToList())
        {
            await RemoveAsync(name);
            await _outbox.ForgetAsync(name, cancellationToken);
        }
    }

    private async Task ReplaceAsync(Dictionary<string, EffectiveEngine> wanted)
    {
        foreach (var (name, (engine, _)) in _feeds.ToList())
        {
            if (!wanted.TryGetValue(name, out var same) || !same.Settings.Equals(engine.Settings)) await RemoveAsync(name);
        }

        foreach (var (name, engine) in wanted)
        {
            if (_feeds.ContainsKey(name)) continue;
            var feed = new EngineFeed(name, engine.WithPast, engine.Type.Create(engine.Settings), _outbox, _live, _options.Value, _time, _logger);
            _feeds = new Dictionary<string, (EffectiveEngine, EngineFeed)>(_feeds) { [name] = (engine, feed) };
        }
    }

    private async Task RemoveAsync(string name)
    {
        var feed = _feeds[name].Feed;
        _feeds = _feeds.Where(pair => pair.Key != name).ToDictionary();
        await feed.DisposeAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 6025, Level = LogLevel.Error, Message = "The settings of the history engines were saved but could not be applied; they are at the next start")]
        public static partial void NotApplied(ILogger logger, Exception exception);
    }
}
