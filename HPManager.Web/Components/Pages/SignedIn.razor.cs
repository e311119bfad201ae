using HPManager.Core.Accounts;
using HPManager.Core.Manufacturers;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages;

/// <summary>Says how a sign-in at a manufacturer's cloud ended. The setup, in another tab, is told by itself.</summary>
public sealed partial class SignedIn
{
    private static readonly Failure Unknown = new(
        FailureCause.AccessDenied, "This sign-in is not known here, or was made too long ago.", "Go back to the setup and sign in from there.");

    /// <summary>Key of the cloud, from the URL.</summary>
    [Parameter]
    public string Service { get; set; } = "";

    /// <summary>The sign-in, from the URL.</summary>
    [SupplyParameterFromQuery(Name = "ticket")]
    public string? Ticket { get; set; }

    /// <summary>Knows how sign-ins ended.</summary>
    [Inject]
    public required AccountSignIns SignIns { get; set; }

    private string Name => SignIns.Of(Service)?.Name ?? "the manufacturer";

    private SignInResult? Result => SignIns.ResultOf(Ticket ?? "");

    private Failure Failure => Result?.Failure ?? Unknown;
}
