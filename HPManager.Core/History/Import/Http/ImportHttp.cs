using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace HPManager.Core.History.Import.Http;

/// <summary>
/// Asks one server, at the address that the owner gave and nowhere else: redirects are not followed, no proxy is used, every answer is bounded in size and in time. Used by
/// one caller at a time.
/// </summary>
internal sealed class ImportHttp : IDisposable
{
    private const int LongestLine = 64 * 1024 * 1024;
    private const long LargestAnswer = 16 * 1024 * 1024;
    private const int MessageLength = 200;
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client;
    private readonly TimeProvider _time;
    private readonly string _server;

    /// <summary>For one server; a secret without a user is a token of the scheme.</summary>
    public ImportHttp(ServerSettings settings, string tokenScheme, TimeProvider time)
    {
        _time = time;
        _server = settings.Url;
        var address = ServerAddress.Parse(settings.Url) ?? throw new ImportException($"This is no address of a server: it must be {ServerAddress.Format}.");
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = ConnectWithin,
            AutomaticDecompression = DecompressionMethods.GZip,
        };
        _client = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        if (settings.User is { Length: > 0 } user)
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{settings.Secret}")));
        else if (settings.Secret is { Length: > 0 } token)
            _client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"{tokenScheme} {token}");
    }

    /// <summary>A JSON answer.</summary>
    public async ValueTask<JsonDocument> GetJsonAsync(string path, CancellationToken cancellationToken)
    {
        using var limit = new Limit(_time, cancellationToken);
        return await AskedAsync(
            path,
            limit,
            async response =>
            {
                await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
                await using var bounded = new BoundedStream(body, LargestAnswer);
                return await JsonDocument.ParseAsync(bounded, cancellationToken: limit.Token);
            });
    }

    /// <summary>An answer that is a JSON document a line, each handed over as it comes.</summary>
    public async ValueTask ReadLinesAsync(string path, Action<JsonElement> take, CancellationToken cancellationToken)
    {
        using var limit = new Limit(_time, cancellationToken);
        await AskedAsync(
            path,
            limit,
            async response =>
            {
                await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
                var lines = new LineReader(body, LongestLine);
                while (await lines.NextAsync(limit.Token) is { } line)
                {
                    limit.Extend();
                    using var document = JsonDocument.Parse(line);
                    take(document.RootElement);
                }

                return true;
            });
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async ValueTask<T> AskedAsync<T>(string path, Limit limit, Func<HttpResponseMessage, Task<T>> read)
    {
        try
        {
            using var response = await _client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType is not "text/html") return await read(response);
            throw new ImportException(await RefusalAsync(response, limit.Token));
        }
        catch (OperationCanceledException) when (limit.IsOver)
        {
            throw new ImportException($"{_server} does not answer within {AnswerWithin.TotalSeconds} s.");
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError == HttpRequestError.InvalidResponse)
        {
            throw new ImportException($"{_server} answers something that is not what was asked for: another program is at this address.", fault);
        }
        catch (HttpRequestException fault)
        {
            throw new ImportException($"{_server} cannot be reached: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new ImportException($"{_server} answers something that is not what was asked for.", fault);
        }
        catch (IOException fault) when (fault is not ImportException)
        {
            throw new ImportException($"{_server} broke off: {fault.Message}", fault);
        }
    }

    private async ValueTask<string> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.OK) return $"{_server} answers with a web page: another program is at this address.";
        if (status is >= 300 and < 400) return $"{_server} wants to lead elsewhere ({status}); give the address itself.";
        if (status is 401 or 403) return $"{_server} refuses the user, password or token ({status}).";
        var buffer = new byte[MessageLength];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var told = new string([.. Encoding.UTF8.GetString(buffer, 0, length).Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
        return response.Content.Headers.ContentType?.MediaType == "text/html" ? $"{_server} answers {status} with a web page." : $"{_server} answers {status}: {told}";
    }

    // Over when nothing came for long, not when much came.
    private sealed class Limit : IDisposable
    {
        private readonly CancellationTokenSource _late;
        private readonly CancellationTokenSource _either;
        private readonly CancellationToken _cancelled;

        public Limit(TimeProvider time, CancellationToken cancellationToken)
        {
            _cancelled = cancellationToken;
            _late = new CancellationTokenSource(AnswerWithin, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_late.Token, cancellationToken);
        }

        public CancellationToken Token => _either.Token;

        public bool IsOver => _late.IsCancellationRequested && !_cancelled.IsCancellationRequested;

        public void Extend() => _late.CancelAfter(AnswerWithin);

        public void Dispose()
        {
            _either.Dispose();
            _late.Dispose();
        }
    }
}
