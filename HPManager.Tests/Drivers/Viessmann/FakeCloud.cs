using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HPManager.Tests.Drivers.Viessmann;

/// <summary>A request that the cloud was sent.</summary>
internal sealed record CloudRequest(string Method, string Path, string Query, string Authorization, string Body);

/// <summary>
/// Viessmann's cloud on loopback, written from the protocol page with constants of its own: sign-in with PKCE, tokens that are replaced with every renewal,
/// installations, features, single features, commands. What it does otherwise is scripted by the test.
/// </summary>
internal sealed class FakeCloud : IAsyncDisposable
{
    public const string Client = "client-of-the-test";
    public const string Installation = "4200001";
    public const string Gateway = "7000000000000001";
    public const string Device = "0";
    public const string FirstRefresh = "RT0";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (string Challenge, string Redirect, string Client)> _codes = new();
    private int _given;

    private FakeCloud(WebApplication app) => _app = app;

    /// <summary>Where it is: https when it was given a certificate.</summary>
    public Uri Address { get; private set; } = null!;

    public string ApiBase => new Uri(Address, "/iot/v2").AbsoluteUri;

    public string Authorise => new Uri(Address, "/idp/v3/authorize").AbsoluteUri;

    public string Token => new Uri(Address, "/idp/v3/token").AbsoluteUri;

    public ConcurrentQueue<CloudRequest> Requests { get; } = new();

    /// <summary>Access tokens that are good now.</summary>
    public ConcurrentDictionary<string, bool> Access { get; } = new() { ["AT0"] = true };

    /// <summary>Refresh tokens that are good now; each is good once.</summary>
    public ConcurrentDictionary<string, bool> Refresh { get; } = new() { [FirstRefresh] = true };

    /// <summary>Whether a renewal gives a new refresh token.</summary>
    public bool Rotates { get; set; } = true;

    public int ExpiresIn { get; set; } = 3600;

    /// <summary>The features of the device, one JSON object each, by name.</summary>
    public ConcurrentDictionary<string, string> Features { get; } = new();

    /// <summary>The answer to the list of installations.</summary>
    public string Installations { get; set; } = OneHeatPump;

    /// <summary>Answers instead, when it returns true.</summary>
    public Func<HttpContext, CloudRequest, Task<bool>>? Script { get; set; }

    /// <summary>What a command does; by its path below the device's features.</summary>
    public Action<string, string>? OnCommand { get; set; }

    public static string OneHeatPump { get; } = InstallationsOf(("0", "E3_Vitocal"));

    public IEnumerable<CloudRequest> ApiRequests => Requests.Where(request => request.Path.StartsWith("/iot/", StringComparison.Ordinal));

    public int Exchanges => Requests.Count(request => request.Path == "/idp/v3/token");

    public static async Task<FakeCloud> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null) listen.UseHttps(certificate);
        }));
        var app = builder.Build();
        var cloud = new FakeCloud(app);
        app.Run(cloud.AnswerAsync);
        await app.StartAsync(CancellationToken.None);
        cloud.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return cloud;
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    /// <summary>The installations with one gateway and these devices.</summary>
    public static string InstallationsOf(params (string Id, string Model)[] devices)
    {
        var list = string.Join(',', devices.Select(device =>
            $$"""{"gatewaySerial":"{{Gateway}}","id":"{{device.Id}}","modelId":"{{device.Model}}","status":"Online","deviceType":"heating","roles":["type:heating","type:heatpump","type:E3"]}"""));
        return $$"""
            {"data":[{"id":{{Installation}},"description":"Villa","address":{"city":"Graz"},"aggregatedStatus":"WorksProperly","gateways":[
             {"serial":"{{Gateway}}","gatewayType":"TCU300","devices":[{{list}},
              {"gatewaySerial":"{{Gateway}}","id":"gateway","modelId":"TCU300","status":"Online","deviceType":"tcu","roles":["type:gateway;TCU300"]}]}]}]}
            """;
    }

    /// <summary>A feature as the page has it.</summary>
    public string FeatureOf(string name, string properties, string commands = "{}", string at = "2026-01-15T12:00:00.000Z", bool isEnabled = true) => $$"""
        {"apiVersion":1,"feature":"{{name}}","gatewayId":"{{Gateway}}","deviceId":"{{Device}}","isEnabled":{{(isEnabled ? "true" : "false")}},"isReady":true,
         "timestamp":"{{at}}","uri":"{{ApiBase}}/features/installations/{{Installation}}/gateways/{{Gateway}}/devices/{{Device}}/features/{{name}}",
         "properties":{{properties}},"commands":{{commands}}}
        """;

    public void Tell(string name, string properties, string commands = "{}", string at = "2026-01-15T12:00:00.000Z", bool isEnabled = true) =>
        Features[name] = FeatureOf(name, properties, commands, at, isEnabled);

    /// <summary>A number as a feature's property <c>value</c>.</summary>
    public void TellNumber(string name, double value, string unit = "celsius", string at = "2026-01-15T12:00:00.000Z") => Tell(
        name,
        string.Create(CultureInfo.InvariantCulture, $$$"""{"status":{"type":"string","value":"connected"},"value":{"type":"number","unit":"{{{unit}}}","value":{{{value}}}}}"""),
        at: at);

    public string CommandUri(string feature, string command) =>
        $"{ApiBase}/features/installations/{Installation}/gateways/{Gateway}/devices/{Device}/features/{feature}/commands/{command}";

    public static Task JsonAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>Answers the requests for data with this from now on.</summary>
    public void AnswerData(int status, string body, string type = "application/json") => Script = async (context, request) =>
    {
        if (!request.Path.StartsWith("/iot/", StringComparison.Ordinal)) return false;
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body, context.RequestAborted);
        return true;
    };

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var request = new CloudRequest(
            context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "", context.Request.Headers.Authorization.ToString(), await reader.ReadToEndAsync(CancellationToken.None));
        Requests.Enqueue(request);
        if (Script is { } script && await script(context, request)) return;
        switch (request.Path)
        {
            case "/idp/v3/authorize":
                await AuthoriseAsync(context);
                return;
            case "/idp/v3/token" when request.Method == "POST":
                await ExchangeAsync(context, request.Body);
                return;
        }

        var token = request.Authorization.StartsWith("Bearer ", StringComparison.Ordinal) ? request.Authorization[7..] : "";
        if (!Access.ContainsKey(token)) await JsonAsync(context, 401, """{"statusCode":401,"error":"EXPIRED TOKEN","message":"token expired"}""");
        else await DataAsync(context, request);
    }

    private async Task AuthoriseAsync(HttpContext context)
    {
        string Field(string name) => context.Request.Query[name].ToString();
        if (Field("client_id") != Client)
        {
            await JsonAsync(context, 401, """{"error":"unauthorized_client","error_description":"Client not registered."}""");
            return;
        }

        Assert.Equal(("code", "S256", "IoT User offline_access"), (Field("response_type"), Field("code_challenge_method"), Field("scope")));
        if (Field("agree") != "yes")
        {
            // As a browser would see it: a page that leads on.
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(
                $"<!DOCTYPE html><html lang=en><link rel=icon href=data:,><title>Sign in</title><h1>ViCare</h1><a id=agree href=\"/idp/v3/authorize{System.Net.WebUtility.HtmlEncode(context.Request.QueryString.Value)}&amp;agree=yes\">Agree</a></html>",
                context.RequestAborted);
            return;
        }

        var code = $"code-{Interlocked.Increment(ref _given)}";
        _codes[code] = (Field("code_challenge"), Field("redirect_uri"), Field("client_id"));
        context.Response.Redirect($"{Field("redirect_uri")}?code={code}&state={Uri.EscapeDataString(Field("state"))}");
    }

    private async Task ExchangeAsync(HttpContext context, string body)
    {
        var form = body.Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')));
        var isGood = form["grant_type"] switch
        {
            "authorization_code" => _codes.TryRemove(form["code"], out var asked)
                && asked == (ChallengeOf(form["code_verifier"]), form["redirect_uri"], form["client_id"]),
            "refresh_token" => form["client_id"] == Client && (Rotates ? Refresh.TryRemove(form["refresh_token"], out _) : Refresh.ContainsKey(form["refresh_token"])),
            _ => false,
        };
        if (!isGood)
        {
            await JsonAsync(context, 400, """{"error":"invalid_grant","error_description":"The provided grant is not good."}""");
            return;
        }

        var number = Interlocked.Increment(ref _given);
        Access[$"AT{number}"] = true;
        var renews = Rotates || form["grant_type"] == "authorization_code";
        if (renews) Refresh[$"RT{number}"] = true;
        await JsonAsync(
            context, 200, $$"""{"access_token":"AT{{number}}",{{(renews ? $"\"refresh_token\":\"RT{number}\"," : "")}}"token_type":"Bearer","expires_in":{{ExpiresIn}}}""");
    }

    private async Task DataAsync(HttpContext context, CloudRequest request)
    {
        const string Below = $"/iot/v2/features/installations/{Installation}/gateways/{Gateway}";
        if (request.Path == "/iot/v2/equipment/installations") await JsonAsync(context, 200, Installations);
        else if (request.Path == $"{Below}/features" && request.Query.Contains("includeDevicesFeatures=true", StringComparison.Ordinal))
            await JsonAsync(context, 200, $$"""{"data":[{{string.Join(',', Features.Values)}}]}""");
        else if (request.Path.StartsWith($"{Below}/devices/{Device}/features/", StringComparison.Ordinal)) await FeatureAsync(context, request);
        else await JsonAsync(context, 404, """{"viErrorId":"req-test-0","statusCode":404,"errorType":"FEATURE_NOT_FOUND","message":"not found"}""");
    }

    private async Task FeatureAsync(HttpContext context, CloudRequest request)
    {
        var rest = request.Path.Split($"/devices/{Device}/features/", 2)[1];
        if (request.Method == "POST")
        {
            OnCommand?.Invoke(rest, request.Body);
            await JsonAsync(context, 202, """{"data":{"success":true}}""");
        }
        else if (Features.TryGetValue(rest, out var feature))
        {
            await JsonAsync(context, 200, $$"""{"data":{{feature}}}""");
        }
        else
        {
            await JsonAsync(context, 404, """{"viErrorId":"req-test-0","statusCode":404,"errorType":"FEATURE_NOT_FOUND","message":"not found"}""");
        }
    }

    private static string ChallengeOf(string verifier) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
