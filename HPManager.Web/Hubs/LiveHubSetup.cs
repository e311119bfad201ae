using HPManager.Web.Api;

namespace HPManager.Web.Hubs;

/// <summary>Registers and maps the hub of live values.</summary>
internal static class LiveHubSetup
{
    public const string Path = "/hubs/live";

    public static void AddLiveHub(this IServiceCollection services) =>
        services.AddSignalR().AddJsonProtocol(json => ApiJson.Configure(json.PayloadSerializerOptions));

    public static void MapLiveHub(this IEndpointRouteBuilder endpoints) => endpoints.MapHub<LiveHub>(Path).Finally(static endpoint =>
    {
        if (endpoint.RequestDelegate is not { } inner) return;
        endpoint.RequestDelegate = context => IsOfThisSite(context.Request) ? inner(context) : RefuseAsync(context);
    });

    // Browsers let a page of any site open a WebSocket to any other. They name the page's origin and let no page change it.
    private static bool IsOfThisSite(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && (IsHost(page, request.Host.Value) || IsHost(page, request.Headers["X-Forwarded-Host"].ToString()));
    }

    private static bool IsHost(Uri page, string? host) =>
        Uri.TryCreate($"{page.Scheme}://{host}", UriKind.Absolute, out var here)
        && string.Equals(page.Authority, here.Authority, StringComparison.OrdinalIgnoreCase);

    private static Task RefuseAsync(HttpContext context) => Problems.OfStatus(
        StatusCodes.Status403Forbidden,
        "A page of another site may not open this hub. Behind a reverse proxy, pass the Host or the X-Forwarded-Host header on.")
        .ExecuteAsync(context);
}
