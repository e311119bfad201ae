using System.Globalization;
using System.Text.Json;

namespace HPManager.Drivers.Viessmann.Client;

/// <summary>Tells by status and body what an answer is.</summary>
internal static class CloudErrors
{
    private const int LongestText = 200;

    /// <summary>An answer with a JSON body.</summary>
    public static CloudResult Judge(int status, JsonElement body)
    {
        var isError = body.Member("viErrorId").ValueKind == JsonValueKind.String;
        if (status < 300 && !isError) return new CloudResult(CloudFault.None, "", body);
        var code = isError && body.Member("statusCode").Whole() is { } told and >= 400 and < 600 ? (int)told : status;
        var payload = body.Member("extendedPayload");
        var type = body.Member("errorType").Text() ?? "";
        var reason = payload.Member("reason").Text() ?? "";
        var fault = FaultOf(code, type, reason, body.Member("error").Text());
        return new CloudResult(fault, DetailOf(fault, code, type, reason, body, payload), body)
        {
            Limit = fault == CloudFault.LimitReached ? LimitOf(payload) : null,
        };
    }

    /// <summary>An answer whose body is no JSON, or that has none.</summary>
    public static CloudResult WithoutJson(int status, string media, string host)
    {
        var what = media.Length == 0 ? "nothing" : media;
        return status switch
        {
            401 => CloudResult.Failed(CloudFault.TokenExpired, "the access token was refused"),
            402 => CloudResult.Failed(CloudFault.NotPaid, ""),
            403 => CloudResult.Failed(CloudFault.AccessDenied, "the cloud refuses (403)"),
            429 => CloudResult.Failed(CloudFault.LimitReached, "") with { Limit = new CloudLimit("", null, null) },
            >= 500 => CloudResult.Failed(CloudFault.ServiceDown, $"{host} answers {status.ToString(CultureInfo.InvariantCulture)} with {what}"),
            200 or 202 or 204 when media.Length == 0 => new CloudResult(CloudFault.None, ""),
            _ => CloudResult.Failed(CloudFault.NotJson, $"{host} answers {status.ToString(CultureInfo.InvariantCulture)} with {what} instead of data"),
        };
    }

    private static CloudFault FaultOf(int status, string type, string reason, string? error) => (status, type, reason) switch
    {
        (429, _, _) or (_, "RATE_LIMIT_EXCEEDED", _) => CloudFault.LimitReached,
        (402, _, _) or (_, "PACKAGE_NOT_PAID_FOR", _) => CloudFault.NotPaid,
        (_, _, "GATEWAY_OFFLINE") => CloudFault.GatewayOffline,
        (_, _, "DEVICE_OFFLINE") => CloudFault.DeviceOffline,
        (_, _, "COMMAND_NOT_FOUND") => CloudFault.NotOffered,
        (_, _, "VALIDATION_ERROR") or (422, _, _) => CloudFault.Invalid,
        (_, "DEVICE_COMMUNICATION_ERROR", _) => CloudFault.Upstream,
        (401, _, _) => CloudFault.TokenExpired,
        (403, _, _) => CloudFault.AccessDenied,
        (404, _, _) => CloudFault.NotOffered,
        ( >= 500, _, _) => CloudFault.ServiceDown,
        _ when error == "EXPIRED TOKEN" => CloudFault.TokenExpired,
        _ => CloudFault.Other,
    };

    private static string DetailOf(CloudFault fault, int status, string type, string reason, JsonElement body, JsonElement payload)
    {
        var said = body.Member("message").Text() is { Length: > 0 } message ? message : body.Member("error_description").Text() ?? body.Member("error").Text();
        if (fault == CloudFault.NotPaid) said = payload.Member("monetization").Text() ?? said;
        var words = string.Join(" ", new[] { type, reason, said }.Where(word => !string.IsNullOrWhiteSpace(word)));
        return Short(words.Length > 0 ? $"{status.ToString(CultureInfo.InvariantCulture)} {words}" : status.ToString(CultureInfo.InvariantCulture));
    }

    private static CloudLimit LimitOf(JsonElement payload)
    {
        var count = payload.Member("requestCountLimit").Whole() is { } told and > 0 and <= int.MaxValue ? (int)told : (int?)null;
        return new CloudLimit(Short(payload.Member("name").Text() ?? ""), count, ResetOf(payload.Member("limitReset").Whole()));
    }

    private static DateTimeOffset? ResetOf(long? milliseconds) =>
        milliseconds is { } told && told > 0 && told <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(told) : null;

    // What the cloud says is shown to the owner, and it may say anything.
    private static string Short(string text)
    {
        var clean = new string([.. text.Where(letter => !char.IsControl(letter))]).Trim();
        return clean.Length <= LongestText ? clean : clean[..LongestText] + "…";
    }
}
