using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Text;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.Discovery;

/// <summary>Where a search is.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<SearchStatus>))]
public enum SearchStatus
{
    /// <summary>None was asked for yet.</summary>
    Idle,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Every address was asked.</summary>
    Finished,

    /// <summary>Ended by the one who asked for it.</summary>
    Cancelled,
}

/// <summary>A search as it stands. Immutable.</summary>
/// <param name="Status">Where it is.</param>
/// <param name="Ranges">What is searched.</param>
/// <param name="Done">Addresses and ports that were asked.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Found">What was found so far, in the order of finding.</param>
public sealed record SearchState(SearchStatus Status, IReadOnlyList<AddressRange> Ranges, int Done, int Total, ImmutableArray<Sighting> Found);

/// <summary>
/// Looks for heat pumps on private networks, when somebody asks for it and never by itself. One search at a time, at most 64 connections and 200 new
/// ones a second. Heat pumps that are configured are named without being asked, because many allow one connection only. Thread-safe.
/// </summary>
public sealed partial class NetworkSearch(
    IEnumerable<INetworkProbe> probes, IEnumerable<INetworkCall> calls, IHeatPumpStore heatPumps, TimeProvider time, ILogger<NetworkSearch> logger) : IDisposable
{
    /// <summary>Most ranges of one search.</summary>
    public const int MaxRanges = 8;

    private const int AtOnce = 64;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromMilliseconds(800);

    private readonly IReadOnlyList<INetworkProbe> _probes = [.. probes];
    private readonly IReadOnlyList<INetworkCall> _calls = [.. calls];
    private readonly Lock _gate = new();
    private SearchState _state = new(SearchStatus.Idle, [], 0, 0, []);
    private CancellationTokenSource? _stop;

    private IEnumerable<int> Ports => _probes.SelectMany(probe => probe.Ports).Distinct();

    /// <summary>The search as it stands.</summary>
    public SearchState State
    {
        get
        {
            lock (_gate) return _state;
        }
    }

    /// <summary>Begins a search; what it finds is in <see cref="State"/>.</summary>
    /// <param name="ranges">1 to <see cref="MaxRanges"/> ranges.</param>
    /// <param name="ended">Ends with the search; ended already when none began.</param>
    /// <returns>false when one is under way already.</returns>
    public bool TryStart(IReadOnlyList<AddressRange> ranges, out Task ended)
    {
        if (ranges.Count is 0 or > MaxRanges) throw new ArgumentException($"1 to {MaxRanges} ranges, not {ranges.Count}", nameof(ranges));
        CancellationTokenSource stop;
        lock (_gate)
        {
            ended = Task.CompletedTask;
            if (_state.Status == SearchStatus.Running) return false;
            _stop?.Dispose();
            _stop = stop = new CancellationTokenSource();
            var total = ranges.Sum(range => range.Count) * Ports.Count();
            _state = new SearchState(SearchStatus.Running, ranges, 0, total, []);
        }

        Log.Began(logger, new Listed(ranges));
        ended = RunAsync(ranges, stop.Token);
        return true;
    }

    /// <summary>Ends the search that is under way; what was found stays.</summary>
    public void Cancel()
    {
        lock (_gate) _stop?.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _stop?.Cancel();
            _stop?.Dispose();
            _stop = null;
        }
    }

    private async Task RunAsync(IReadOnlyList<AddressRange> ranges, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var status = SearchStatus.Finished;
        try
        {
            var configured = await ConfiguredAsync(cancellationToken);
            var asked = new ConcurrentDictionary<IPEndPoint, bool>();
            await CallAsync(ranges, configured, asked, cancellationToken);
            var targets = ranges.SelectMany(range => range.Addresses()).SelectMany(address => Ports, (address, port) => new IPEndPoint(address, port));
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(Paced(targets, cancellationToken), parallel, async (place, stop) =>
            {
                if (asked.TryAdd(place, true)) await AskAsync(place, configured, stop);
                Change(state => state with { Done = state.Done + 1 });
            });
        }
        catch (OperationCanceledException)
        {
            status = SearchStatus.Cancelled;
        }

        Change(state => state with { Status = status });
        Log.Ended(logger, status, State.Found.Length);
    }

    // Luxtronik and its kind answer a call; they are asked first, so that they are not kept waiting behind a thousand addresses.
    private async Task CallAsync(
        IReadOnlyList<AddressRange> ranges, Dictionary<(string, int), HeatPump> configured, ConcurrentDictionary<IPEndPoint, bool> asked,
        CancellationToken cancellationToken)
    {
        foreach (var range in ranges)
        {
            foreach (var call in _calls)
            {
                foreach (var place in await call.CallAsync(range, cancellationToken))
                {
                    if (!AddressRange.IsPrivate(place.Address) || !asked.TryAdd(place, true)) continue;
                    await AskAsync(place, configured, cancellationToken);
                }
            }
        }
    }

    private async IAsyncEnumerable<T> Paced<T>(IEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var item in items)
        {
            await Task.Delay(Pace, time, cancellationToken);
            yield return item;
        }
    }

    // Several protocols may use one port: they are tried one after the other, until one knows what is there.
    private async Task AskAsync(IPEndPoint place, Dictionary<(string, int), HeatPump> configured, CancellationToken cancellationToken)
    {
        if (configured.TryGetValue((place.Address.ToString(), place.Port), out var own))
        {
            Add(new Sighting(
                place.Address.ToString(), place.Port, own.Name, Certainty.Certain, $"It is configured as {own.Id} and was not disturbed.",
                own.Manufacturer, own.Model, own.Connection, own.Id));
            return;
        }

        if (!await IsOpenAsync(place, cancellationToken)) return;
        foreach (var probe in _probes.Where(probe => probe.Ports.Contains(place.Port)))
        {
            if (await probe.AskAsync(place.Address, place.Port, cancellationToken) is not { } sighting) continue;
            Add(sighting);
            return;
        }
    }

    private async Task<bool> IsOpenAsync(IPEndPoint place, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = time.CreateTimer(_ => limited.Cancel(), null, ConnectWithin, Timeout.InfiniteTimeSpan);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(place, limited.Token);
            return true;
        }
        catch (Exception closed) when (closed is SocketException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private async Task<Dictionary<(string, int), HeatPump>> ConfiguredAsync(CancellationToken cancellationToken)
    {
        var places = new Dictionary<(string, int), HeatPump>();
        foreach (var heatPump in await heatPumps.ListAsync(cancellationToken))
        {
            var settings = heatPump.Connection.Settings;
            if (settings["host"] is { } host && settings.Integer("port") is { } port) places.TryAdd((host, port), heatPump);
        }

        return places;
    }

    private void Add(Sighting sighting) => Change(state => state with { Found = state.Found.Add(sighting) });

    private void Change(Func<SearchState, SearchState> change)
    {
        lock (_gate) _state = change(_state);
    }

    private readonly record struct Listed(IReadOnlyList<AddressRange> Ranges)
    {
        public override string ToString() => string.Join(", ", Ranges);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2300, Level = LogLevel.Information, Message = "Looking for heat pumps in {Ranges}, as somebody asked")]
        public static partial void Began(ILogger logger, Listed ranges);

        [LoggerMessage(EventId = 2301, Level = LogLevel.Information, Message = "The search ended ({Status}) with {Found} devices")]
        public static partial void Ended(ILogger logger, SearchStatus status, int found);
    }
}
