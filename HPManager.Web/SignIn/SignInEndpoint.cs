using HPManager.Core.Accounts;

namespace HPManager.Web.SignIn;

/// <summary>
/// Where a cloud's sign-in page sends the browser back to. The code is exchanged at once, before any page is built, and never stays in the address line.
/// </summary>
internal static class SignInEndpoint
{
    /// <summary>Address of a cloud's return, below the program's own.</summary>
    public static string PathOf(string service) => $"signin/{service}";

    /// <summary>Address of the page that says how it ended.</summary>
    public static string ResultOf(string service, string ticket) => $"signed-in/{Uri.EscapeDataString(service)}?ticket={Uri.EscapeDataString(ticket)}";

    /// <summary>Maps /signin/{service}.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/signin/{service}", ReturnAsync).ExcludeFromDescription();

    private static async Task<IResult> ReturnAsync(string service, HttpContext context, AccountSignIns signIns, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var query = context.Request.Query;
        if (!SignInReturn.TryRead(name => query[name].ToString(), out var answer)) return Results.LocalRedirect($"/{ResultOf(service, "")}");
        await signIns.CompleteAsync(service, answer, cancellationToken);
        return Results.LocalRedirect($"/{ResultOf(service, answer.Ticket)}");
    }
}
