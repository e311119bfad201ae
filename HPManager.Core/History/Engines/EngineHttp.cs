using System.Buffers;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;

namespace HPManager.Core.History.Engines;

/// <summary>Where an engine is, and how it is spoken to.</summary>
/// <param name="Product">What it is called in messages.</param>
/// <param name="Address">Its address; paths are put behind it.</param>
/// <param name="Login">Sent with every request; null for none.</param>
/// <param name="Secrets">What must never be in a message, whoever says it.</param>
internal sealed record EngineHttpSettings(string Product, Uri Address, AuthenticationHeaderValue? Login, IReadOnlyList<string> Secrets);

/// <summary>
/// Sends single requests to an engine and reads the answers within bounds of size. Follows no redirect, keeps no cookie, tries nothing twice. Thread-safe.
/// </summary>
internal sealed class EngineHttp : IDisposable
{
    // A refusal is read so far: what is said is in its first words.
    private const int LargestRefusal = 64 * 1024;
    private const int LongestSaid = 300;
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly EngineHttpSettings _settings;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public EngineHttp(EngineHttpSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.GZip,
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

    /// <summary>Bytes, packed for the way.</summary>
    public static HttpContent Packed(ReadOnlySpan<byte> body, string mediaType)
    {
        using var packed = new MemoryStream((body.Length / 4) + 64);

        // Of nothing it would make nothing, which is no gzip.
        if (body.IsEmpty) return new ByteArrayContent([]);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(body);
        var content = new ByteArrayContent(packed.GetBuffer(), 0, (int)packed.Length);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    /// <summary>Names and values for the body of a question that may be long.</summary>
    public static HttpContent Form(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            if (text.Length > 0) text.Append('&');
            text.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return new StringContent(text.ToString(), Encoding.ASCII, "application/x-www-form-urlencoded");
    }

    /// <summary>Sends a request.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Path and query below the address, without a slash before it.</param>
    /// <param name="content">Its body; null for none.</param>
    /// <param name="largest">Most bytes, unpacked, that a good answer may have.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="EngineException">There was no whole answer, or one that leads elsewhere.</exception>
    public async Task<EngineAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, int largest, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(_settings.Address, path)) { Content = content };
        request.Headers.Authorization = _settings.Login;
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)response.StatusCode;
            if (status is >= 300 and < 400) throw Redirected(response);
            var isSuccess = response.IsSuccessStatusCode;
            var body = await ReadAsync(response.Content, isSuccess ? largest : LargestRefusal, cancellationToken);
            if (body.IsCut && isSuccess) throw Strange($"sends more than {largest / 1024} kB at once");
            return new EngineAnswer(status, body.Bytes, response.Headers);
        }
        catch (HttpRequestException fault)
        {
            throw Unreachable(fault);
        }
        catch (Exception fault) when (fault is IOException and not EngineException or InvalidDataException)
        {
            throw new EngineException(EngineFault.Unreachable, $"The connection to {_settings.Product} broke in the middle of an answer.", fault);
        }
    }

    /// <summary>The fault that an answer tells, by its status.</summary>
    /// <param name="answer">One that is no success, or not the one that was to be expected.</param>
    /// <param name="notFound">What is not there when it says that something is not.</param>
    public EngineException FaultOf(EngineAnswer answer, string notFound)
    {
        var product = _settings.Product;
        var said = Said(answer);
        return answer.Status switch
        {
            401 or 403 => new EngineException(EngineFault.AccessDenied, $"{product} refuses the credentials (HTTP {answer.Status}){said}"),
            404 => new EngineException(EngineFault.NotFound, $"{product} does not have {notFound}{said}"),
            413 => new EngineException(EngineFault.TooLarge, $"{product} finds the batch too large{said}"),
            429 or 503 => new EngineException(EngineFault.Busy, $"{product} asks to wait (HTTP {answer.Status}){said}") { RetryAfter = RetryAfter(answer) },
            >= 500 => new EngineException(EngineFault.Failed, $"{product} failed (HTTP {answer.Status}){said}") { RetryAfter = RetryAfter(answer) },
            _ => new EngineException(EngineFault.OtherProtocol, $"{product} answers with HTTP {answer.Status}{said}"),
        };
    }

    /// <summary>An answer that makes no sense.</summary>
    /// <param name="what">What it does, behind the product's name.</param>
    public EngineException Strange(string what) => new(EngineFault.OtherProtocol, $"{_settings.Product} {what}.");

    /// <summary>A text from outside as it may stand in a message: short, one line, without a secret.</summary>
    public string Clean(string text)
    {
        foreach (var secret in _settings.Secrets) text = text.Replace(secret, "***", StringComparison.Ordinal);
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new string([.. text.Take(LongestSaid).Select(c => char.IsControl(c) ? ' ' : c)]);
    }

    /// <summary>What a refusal says in its own words; empty when there are none.</summary>
    public static string Words(EngineAnswer answer)
    {
        using var json = answer.Json();
        if (json?.RootElement is { ValueKind: System.Text.Json.JsonValueKind.Object } root)
        {
            foreach (var name in (string[])["error", "message"])
            {
                if (root.TryGetProperty(name, out var value) && value.ValueKind == System.Text.Json.JsonValueKind.String) return value.GetString()!;
            }
        }

        var text = Encoding.UTF8.GetString(answer.Body.Span);
        return text.TrimStart().StartsWith('<') ? "" : text;
    }

    public void Dispose() => _http.Dispose();

    private string Said(EngineAnswer answer) => Clean(Words(answer)) is { Length: > 0 } words ? $": {words}" : ".";

    private TimeSpan? RetryAfter(EngineAnswer answer)
    {
        var asked = answer.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - _time.GetUtcNow()) : null;
        return asked is not { } wait ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
    }

    private EngineException Redirected(HttpResponseMessage response)
    {
        var target = response.Headers.Location is { IsAbsoluteUri: true } location ? location.Authority : "another path";
        return Strange($"points to {target} instead of answering; give the address that it leads to");
    }

    private EngineException Unreachable(HttpRequestException fault)
    {
        var (product, host) = (_settings.Product, _settings.Address.Authority);
        return fault.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new EngineException(EngineFault.Unreachable, $"{product}: the name {_settings.Address.Host} is not known.", fault),
            HttpRequestError.ConnectionError => new EngineException(EngineFault.Unreachable, $"{product} cannot be reached at {host}.", fault),
            HttpRequestError.SecureConnectionError => new EngineException(
                EngineFault.Unreachable,
                fault.InnerException is AuthenticationException ? $"{product} at {host} shows no certificate to trust." : $"{product} at {host} does not agree on encryption.",
                fault),
            HttpRequestError.InvalidResponse => new EngineException(EngineFault.OtherProtocol, $"What answers at {host} does not speak HTTP.", fault),
            HttpRequestError.ConfigurationLimitExceeded => new EngineException(EngineFault.OtherProtocol, $"{product} answers with headers without an end.", fault),
            _ => new EngineException(EngineFault.Unreachable, $"The connection to {product} broke.", fault),
        };
    }

    private static async Task<(ReadOnlyMemory<byte> Bytes, bool IsCut)> ReadAsync(HttpContent content, int largest, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        while (true)
        {
            var count = await stream.ReadAsync(buffer.GetMemory(4096), cancellationToken);
            if (count == 0) return (buffer.WrittenMemory, false);
            buffer.Advance(count);
            if (buffer.WrittenCount > largest) return (buffer.WrittenMemory[..largest], true);
        }
    }
}
