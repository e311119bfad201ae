using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HPManager.Drivers.Husdata.Tables;
using HPManager.Drivers.Sockets;

namespace HPManager.Drivers.Husdata.Client;

/// <summary>
/// Asks a gateway over HTTP: one connection for each request, no redirect, no proxy, no cookie, and answers bounded in size and time, whatever media type
/// they claim. A request goes out once. One call at a time.
/// </summary>
internal sealed class HusdataHttpClient : IDisposable
{
    /// <summary>Longest body that is taken; an answer of a hundred indices has about a kilobyte and a half.</summary>
    public const int MaxBody = 1 << 20;

    private readonly HusdataEndpoint _endpoint;
    private readonly TcpConnect _connect;
    private readonly RequestDeadline _deadline;
    private readonly HttpClient _http;
    private byte[] _body = new byte[8192];
    private bool _isConnected;

    public HusdataHttpClient(HusdataEndpoint endpoint, TimeProvider time)
    {
        _endpoint = endpoint;
        _connect = new TcpConnect(endpoint.Host, endpoint.Port, endpoint.ConnectTimeout, time);
        _deadline = new RequestDeadline(time);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,

            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
        };
        _http = new HttpClient(handler) { BaseAddress = AddressOf(endpoint), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>All values.</summary>
    public ValueTask<HusdataAnswer> GetAllDataAsync(CancellationToken cancellationToken) => GetAsync("/api/alldata", cancellationToken);

    /// <summary>What the gateway says about itself.</summary>
    public ValueTask<HusdataAnswer> GetStatusAsync(CancellationToken cancellationToken) => GetAsync("/status", cancellationToken);

    /// <summary>Hands a number to the heat pump.</summary>
    public ValueTask<HusdataAnswer> SetAsync(HusdataIndex index, int raw, CancellationToken cancellationToken) =>
        GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/set?idx={index}&val={raw}"), cancellationToken);

    public void Dispose()
    {
        _http.Dispose();
        _connect.Dispose();
        _deadline.Dispose();
    }

    private static Uri AddressOf(HusdataEndpoint endpoint)
    {
        // What cannot stand in an address has none either: connecting says so, and this name is only what the request carries.
        var host = endpoint.Host.Contains(':', StringComparison.Ordinal) ? $"[{endpoint.Host}]" : endpoint.Host;
        var port = endpoint.Port.ToString(CultureInfo.InvariantCulture);
        return Uri.TryCreate($"http://{host}:{port}/", UriKind.Absolute, out var address) ? address : new Uri($"http://gateway.invalid:{port}/");
    }

    private async ValueTask<HusdataAnswer> GetAsync(string path, CancellationToken cancellationToken)
    {
        _isConnected = false;
        var limited = _deadline.Start(_endpoint.RequestTimeout, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Version = HttpVersion.Version11 };
            request.Headers.ConnectionClose = true;
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited);
            var status = response.StatusCode;
            if ((int)status is >= 300 and < 400) return HusdataAnswer.Failed(HusdataFault.Redirected, $"HTTP {(int)status}", status);
            if (status != HttpStatusCode.OK) return HusdataAnswer.Failed(HusdataFault.Status, $"HTTP {(int)status}", status);
            var length = await ReadBodyAsync(response, limited);
            return length is { } bytes
                ? new HusdataAnswer(HusdataFault.None, "", status, _body.AsMemory(0, bytes))
                : HusdataAnswer.Failed(HusdataFault.TooLarge, $"the answer is longer than {MaxBody} bytes", status);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return HusdataAnswer.Failed(HusdataFault.Timeout, $"no whole answer within {(long)_endpoint.RequestTimeout.TotalMilliseconds} ms");
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or SocketException)
        {
            return Failed(failed);
        }
        finally
        {
            _deadline.Stop();
        }
    }

    private async ValueTask<int?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > MaxBody) return null;
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        for (var have = 0; ;)
        {
            if (have > MaxBody) return null;
            if (have == _body.Length) Array.Resize(ref _body, Math.Min(_body.Length * 2, MaxBody + 1));
            var count = await stream.ReadAsync(_body.AsMemory(have), cancellationToken);
            if (count == 0) return have;
            have += count;
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // The handler repeats a request that was sent and got no answer, three times if it is let; a write must not go out twice.
        if (_isConnected) throw new NotConnectedException(ConnectOutcome.Failed(ConnectFault.Lost, "the connection ended without an answer"));
        var outcome = await _connect.OpenAsync(cancellationToken);
        _isConnected = outcome.Socket is not null;
        return outcome.Socket is { } socket ? new NetworkStream(socket, ownsSocket: true) : throw new NotConnectedException(outcome);
    }

    private static HusdataAnswer Failed(Exception failed)
    {
        for (var cause = failed; cause is not null; cause = cause.InnerException)
        {
            if (cause is NotConnectedException { Outcome: var outcome }) return HusdataAnswer.Failed(FaultOf(outcome.Fault), outcome.Detail);
        }

        var isForeign = failed is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded }
            or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse };
        return HusdataAnswer.Failed(isForeign ? HusdataFault.NotHttp : HusdataFault.ConnectionLost, failed.Message);
    }

    private static HusdataFault FaultOf(ConnectFault fault) => fault switch
    {
        ConnectFault.NameNotFound => HusdataFault.NameNotFound,
        ConnectFault.Refused => HusdataFault.ConnectionRefused,
        ConnectFault.TimedOut => HusdataFault.ConnectTimeout,
        ConnectFault.Lost => HusdataFault.ConnectionLost,
        _ => HusdataFault.HostUnreachable,
    };

    private sealed class NotConnectedException(ConnectOutcome outcome) : IOException(outcome.Detail)
    {
        public ConnectOutcome Outcome => outcome;
    }
}
