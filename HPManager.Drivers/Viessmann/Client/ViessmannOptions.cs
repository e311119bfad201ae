using Microsoft.Extensions.Options;

namespace HPManager.Drivers.Viessmann.Client;

/// <summary>Where Viessmann's cloud is: section <c>Viessmann</c> of the settings. Its host name has changed before.</summary>
public sealed class ViessmannOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Viessmann";

    /// <summary>What all requests for data begin with. The access token is sent to this host only.</summary>
    public string ApiBase { get; set; } = "https://api.viessmann-climatesolutions.com/iot/v2";

    /// <summary>The page where the owner signs in.</summary>
    public string AuthoriseAddress { get; set; } = "https://iam.viessmann-climatesolutions.com/idp/v3/authorize";

    /// <summary>Where codes and refresh tokens are exchanged.</summary>
    public string TokenAddress { get; set; } = "https://iam.viessmann-climatesolutions.com/idp/v3/token";

    /// <summary>Where an owner registers a client.</summary>
    public string PortalAddress { get; set; } = "https://app.developer.viessmann-climatesolutions.com/";
}

/// <summary>Names every setting at fault.</summary>
internal sealed class ValidateViessmannOptions : IValidateOptions<ViessmannOptions>
{
    public ValidateOptionsResult Validate(string? name, ViessmannOptions options)
    {
        var wrong = new[]
        {
            (nameof(options.ApiBase), options.ApiBase),
            (nameof(options.AuthoriseAddress), options.AuthoriseAddress),
            (nameof(options.TokenAddress), options.TokenAddress),
            (nameof(options.PortalAddress), options.PortalAddress),
        }.Where(setting => !IsAllowed(setting.Item2)).ToList();
        return wrong.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(setting =>
                $"{ViessmannOptions.Section}:{setting.Item1} is '{setting.Item2}'; allowed is an https:// address without ? and #, or an http:// one on this machine."));
    }

    // A token must not cross a network in the clear.
    private static bool IsAllowed(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        && address.Query.Length == 0 && address.Fragment.Length == 0 && address.UserInfo.Length == 0;
}
