using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;

namespace HPManager.Drivers.Viessmann.Client;

/// <summary>
/// Sends single requests and reads their answers within bounds of size and time. Knows nothing of accounts: the caller gives the token. Never follows a
/// redirect. Thread-safe.
/// </summary>
internal sealed class CloudHttp : IDisposable
{
    /// <summary>Largest answer that is read, in bytes and unpacked. One heat pump's features are about 230 kB.</summary>
    public const int LargestAnswer = 16 * 1024 * 1024;

    /// <summary>Longest that a request takes.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly Uri _api;
    private readonly Uri _token;

    public CloudHttp(ViessmannOptions options, TimeProvider time)
    {
        _time = time;
        _api = new Uri(options.ApiBase.TrimEnd('/') + "/");
        _token = new Uri(options.TokenAddress);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            MaxResponseHeadersLength = 64,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("HPManager", null));
    }

    /// <summary>The host that data comes from.</summary>
    public string ApiHost => _api.Host;

    /// <summary>The host that tokens come from.</summary>
    public string TokenHost => _token.Host;

    /// <summary>An address below the base.</summary>
    public Uri AddressOf(string path) => new(_api, path);

    /// <summary>
    /// An address that the cloud itself names; null when it does not lead to the configured host, so that the token cannot be sent elsewhere.
    /// </summary>
    public Uri? Trusted(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == _api.Scheme && uri.Host == _api.Host && uri.Port == _api.Port && uri.UserInfo.Length == 0
            ? uri
            : null;

    /// <summary>Asks for data, or gives a command when there is a body.</summary>
    public Task<CloudResult> CallAsync(Uri address, string accessToken, JsonElement? body, CancellationToken cancellationToken)
    {
        if (Trusted(address.AbsoluteUri) is null) throw new ArgumentException("not an address of the cloud", nameof(address));
        var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        request.Headers.Accept.ParseAdd("application/json");
        if (body is { } json) request.Content = new StringContent(json.GetRawText(), Encoding.UTF8, "application/json");
        return SendAsync(request, cancellationToken);
    }

    /// <summary>Asks for tokens.</summary>
    public Task<CloudResult> ExchangeAsync(IEnumerable<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _token) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Accept.ParseAdd("application/json");
        return SendAsync(request, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<CloudResult> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var host = request.RequestUri!.Host;
        using var limit = new CancellationTokenSource(Limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using (request)
            using (var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token))
                return await ReadAsync(response, host, either.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return CloudResult.Failed(CloudFault.Timeout, $"{host} did not answer within {Limit.TotalSeconds:0} s");
        }
        catch (HttpRequestException fault)
        {
            return Of(fault, host);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException)
        {
            return CloudResult.Failed(CloudFault.ConnectionLost, $"the connection to {host} broke in the middle of an answer");
        }
    }

    private static async Task<CloudResult> ReadAsync(HttpResponseMessage response, string host, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            var target = response.Headers.Location is { IsAbsoluteUri: true } location ? location.Host : host;
            return CloudResult.Failed(CloudFault.Redirected, $"{host} points to {target} instead of answering");
        }

        var media = response.Content.Headers.ContentType?.MediaType ?? "";
        var isJson = media.Equals("application/json", StringComparison.OrdinalIgnoreCase) || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
        if (!isJson) return CloudErrors.WithoutJson(status, media, host);
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        if (!await FillAsync(response.Content, buffer, cancellationToken))
            return CloudResult.Failed(CloudFault.TooLarge, $"{host} sends more than {LargestAnswer / 1024 / 1024} MB");
        if (buffer.WrittenCount == 0) return status < 300 ? new CloudResult(CloudFault.None, "") : CloudErrors.WithoutJson(status, media, host);
        return CloudJson.TryParse(buffer.WrittenSpan, out var root, out var problem)
            ? CloudErrors.Judge(status, root)
            : status < 300 ? CloudResult.Failed(CloudFault.BadJson, problem) : CloudErrors.WithoutJson(status, media, host);
    }

    private static async Task<bool> FillAsync(HttpContent content, ArrayBufferWriter<byte> buffer, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > LargestAnswer) return false;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        while (true)
        {
            var count = await stream.ReadAsync(buffer.GetMemory(16 * 1024), cancellationToken);
            if (count == 0) return true;
            buffer.Advance(count);
            if (buffer.WrittenCount > LargestAnswer) return false;
        }
    }

    private static CloudResult Of(HttpRequestException fault, string host) => fault.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => CloudResult.Failed(CloudFault.NameNotFound, host) with { IsBeforeSending = true },
        HttpRequestError.ConnectionError => CloudResult.Failed(CloudFault.Unreachable, $"no connection to {host}") with { IsBeforeSending = true },
        HttpRequestError.SecureConnectionError => CloudResult.Failed(CloudFault.NotTrusted, ReasonOf(fault.InnerException as AuthenticationException)) with
        {
            IsBeforeSending = true,
        },
        _ => CloudResult.Failed(CloudFault.ConnectionLost, $"the connection to {host} broke"),
    };

    private static string ReasonOf(AuthenticationException? fault) =>
        fault?.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) == true ? "its certificate is not one to trust" : "it does not agree on encryption";
}
