using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using HPManager.Drivers.Simulation.Http;
using HPManager.Drivers.Simulation.Makes;

namespace HPManager.Drivers.Simulation.Viessmann;

/// <summary>
/// Viessmann's cloud on a loopback socket, over one simulated heat pump: the sign-in page, tokens, installations, features, commands, and the limits. Written from
/// the protocol page apart from the client, constants included. Thread-safe.
/// </summary>
public sealed class SimulatedViessmannCloud : ISimulatedServer
{
    /// <summary>A client id that it knows; every other one of at least eight letters is known too.</summary>
    public const string ClientId = "demo-client-of-the-villa";

    /// <summary>Which heat pump it has.</summary>
    public const string Device = "4200001/7000000000000001/0";

    private const string Installation = "4200001";
    private const string Gateway = "7000000000000001";
    private const string Features = $"/iot/v2/features/installations/{Installation}/gateways/{Gateway}";
    private const int CallsPerTenMinutes = 120;

    private readonly ViessmannFeatures _features;
    private readonly TimeProvider _time;
    private readonly SimulatedHttpServer _server;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Challenge, string Redirect, string Client, DateTimeOffset At)> _codes = [];
    private readonly Dictionary<string, string> _refreshTokens = [];
    private readonly Dictionary<string, DateTimeOffset> _accessTokens = [];
    private readonly Queue<DateTimeOffset> _calls = new();

    private SimulatedViessmannCloud(SimulatedHeatPump heatPump, TimeProvider time, int port)
    {
        _time = time;
        _features = new ViessmannFeatures(heatPump, Installation, Gateway, "0", () => $"http://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}/iot/v2");
        _server = new SimulatedHttpServer(port, Answer);
    }

    /// <inheritdoc/>
    public int Port => _server.Port;

    /// <summary>Faults on demand.</summary>
    public ViessmannCloudFaults Faults { get; } = new();

    /// <summary>Starts a cloud.</summary>
    /// <param name="heatPump">The one heat pump in it.</param>
    /// <param name="time">Clock of tokens and limits.</param>
    /// <param name="port">Port on 127.0.0.1; 0 for a free one.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static SimulatedViessmannCloud Start(SimulatedHeatPump heatPump, TimeProvider time, int port = 0) => new(heatPump, time, port);

    /// <summary>Settings by which the program finds a cloud at a port instead of the real one.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Settings(int port)
    {
        var at = $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";
        yield return new("Viessmann:ApiBase", $"{at}/iot/v2");
        yield return new("Viessmann:AuthoriseAddress", $"{at}/idp/v3/authorize");
        yield return new("Viessmann:TokenAddress", $"{at}/idp/v3/token");
        yield return new("Viessmann:PortalAddress", $"{at}/");
    }

    /// <summary>A refresh token as a sign-in would have given it.</summary>
    public string NewRefreshToken()
    {
        lock (_gate)
        {
            var token = NewToken();
            _refreshTokens[token] = ClientId;
            return token;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private HttpReply Answer(HttpCall call)
    {
        lock (_gate)
        {
            return (call.Method, call.Path) switch
            {
                ("GET", "/idp/v3/authorize") => Authorise(call),
                ("POST", "/idp/v3/token") => Exchange(call.Body),
                ("GET", "/") => HttpReply.Page(Page("Developer portal", "<p>This stands in for Viessmann's developer portal. Any client id of at least eight letters will do here.</p>")),
                _ when call.Path.StartsWith("/iot/v2/", StringComparison.Ordinal) => Refusal(call) ?? Data(call),
                _ => HttpReply.Json(404, Error(404, "NOT_FOUND", null)),
            };
        }
    }

    private HttpReply Authorise(HttpCall call)
    {
        string Field(string name) => HttpCall.Field(call.Query, name);
        if (Field("client_id").Length < 8) return HttpReply.Json(401, """{"error":"unauthorized_client","error_description":"Client not registered."}""");
        if (!Uri.TryCreate(Field("redirect_uri"), UriKind.Absolute, out var redirect)) return HttpReply.Json(400, """{"error":"Invalid redirection URI."}""");
        if (Field("response_type") != "code" || Field("code_challenge_method") != "S256" || Field("code_challenge").Length < 43)
            return HttpReply.Json(400, """{"error":"invalid_request"}""");
        var back = $"{redirect.AbsoluteUri}{(redirect.Query.Length > 0 ? '&' : '?')}state={Uri.EscapeDataString(Field("state"))}";
        switch (Field("answer"))
        {
            case "no":
                return HttpReply.Redirect($"{back}&error=access_denied");
            case "yes":
                var code = NewToken();
                _codes[code] = (Field("code_challenge"), Field("redirect_uri"), Field("client_id"), _time.GetUtcNow());
                return HttpReply.Redirect($"{back}&code={code}");
            default:
                var here = System.Net.WebUtility.HtmlEncode($"{call.Path}?{call.Query}");
                return HttpReply.Page(Page(
                    "Simulated sign-in",
                    $"<p>HPManager would like to read and change your heat pump, also while you are away.</p><p><a class=yes href=\"{here}&amp;answer=yes\">Allow</a> <a href=\"{here}&amp;answer=no\">Refuse</a></p>"));
        }
    }

    private HttpReply Exchange(string form)
    {
        string Field(string name) => HttpCall.Field(form, name);
        var isGood = Faults.Fault != ViessmannCloudFault.SignedOut && Field("grant_type") switch
        {
            "authorization_code" => _codes.Remove(Field("code"), out var asked)
                && asked.Challenge == Challenge(Field("code_verifier")) && asked.Redirect == Field("redirect_uri") && asked.Client == Field("client_id")
                && _time.GetUtcNow() - asked.At <= TimeSpan.FromSeconds(20),
            "refresh_token" => _refreshTokens.Remove(Field("refresh_token"), out var client) && client == Field("client_id"),
            _ => false,
        };
        if (!isGood) return HttpReply.Json(400, """{"error":"invalid_grant"}""");
        var (access, refresh) = (NewToken(), NewToken());
        _refreshTokens[refresh] = Field("client_id");
        _accessTokens[access] = _time.GetUtcNow().AddHours(1);
        return HttpReply.Json(200, $$"""{"access_token":"{{access}}","refresh_token":"{{refresh}}","token_type":"Bearer","expires_in":3600}""");
    }

    // Null when the call may go on.
    private HttpReply? Refusal(HttpCall call)
    {
        var now = _time.GetUtcNow();
        var token = call.Headers.GetValueOrDefault("authorization", "");
        var isGood = token.StartsWith("Bearer ", StringComparison.Ordinal) && _accessTokens.TryGetValue(token[7..], out var until) && until > now;
        if (!isGood || Faults.Fault == ViessmannCloudFault.SignedOut) return HttpReply.Json(401, """{"statusCode":401,"error":"EXPIRED TOKEN"}""");
        while (_calls.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromMinutes(10)) _calls.Dequeue();
        var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1).AddSeconds(3);
        if (Faults.Fault == ViessmannCloudFault.LimitReached) return TooMany("ViCare day limit", 1450, midnight);
        if (_calls.Count >= CallsPerTenMinutes) return TooMany("ViCare 10 minutes limit", CallsPerTenMinutes, _calls.Peek().AddMinutes(10));
        _calls.Enqueue(now);
        return Faults.Fault switch
        {
            ViessmannCloudFault.GatewayOffline => HttpReply.Json(400, Error(400, "DEVICE_COMMUNICATION_ERROR", "GATEWAY_OFFLINE")),
            ViessmannCloudFault.DeviceOffline => HttpReply.Json(400, Error(400, "DEVICE_COMMUNICATION_ERROR", "DEVICE_OFFLINE")),
            ViessmannCloudFault.NotPaid => HttpReply.Json(402, Error(402, "PACKAGE_NOT_PAID_FOR", null)),
            ViessmannCloudFault.Down => new HttpReply(503, "text/html", "<html><body>Service unavailable</body></html>"),
            _ => null,
        };
    }

    private HttpReply Data(HttpCall call)
    {
        const string Below = $"{Features}/devices/0/features/";
        if (call.Method == "GET" && call.Path == "/iot/v2/equipment/installations") return HttpReply.Json(200, _features.Installations());
        if (call.Method == "GET" && call.Path == $"{Features}/features") return HttpReply.Json(200, _features.All());
        if (!call.Path.StartsWith(Below, StringComparison.Ordinal)) return HttpReply.Json(404, Error(404, "NOT_FOUND", null));
        var rest = Uri.UnescapeDataString(call.Path[Below.Length..]).Split('/');
        if (call.Method == "GET" && rest.Length == 1) return _features.One(rest[0]) is { } one ? HttpReply.Json(200, one) : HttpReply.Json(404, Error(404, "FEATURE_NOT_FOUND", null));
        if (call.Method != "POST" || rest.Length != 3 || rest[1] != "commands") return HttpReply.Json(404, Error(404, "NOT_FOUND", null));
        return _features.Carry(rest[0], rest[2], call.Body) switch
        {
            true => HttpReply.Json(202, """{"data":{"success":true}}"""),
            false => HttpReply.Json(422, Error(422, "VALIDATION", "VALIDATION_ERROR")),
            null => HttpReply.Json(502, Error(502, "DEVICE_COMMUNICATION_ERROR", "COMMAND_NOT_FOUND")),
        };
    }

    private static HttpReply TooMany(string name, int count, DateTimeOffset reset) => HttpReply.Json(429, string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"viErrorId":"req-sim","statusCode":429,"errorType":"RATE_LIMIT_EXCEEDED","message":"limit","extendedPayload":{"name":"{{{name}}}","requestCountLimit":{{{count}}},"limitReset":{{{reset.ToUnixTimeMilliseconds()}}}}}"""));

    private static string Error(int status, string type, string? reason) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"viErrorId":"req-sim","statusCode":{{status}},"errorType":"{{type}}","message":""{{(reason is null ? "" : $",\"extendedPayload\":{{\"code\":\"404\",\"reason\":\"{reason}\"}}")}}}""");

    private static string Page(string title, string content) =>
        $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\"><title>{title}</title><style>body{{font:18px/1.5 system-ui;max-width:34em;margin:12vh auto;padding:0 1em}}a{{margin-right:1em}}.yes{{font-weight:700}}</style></head><body><h1>{title}</h1>{content}</body></html>";

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    private static string Challenge(string verifier) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
