using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Viessmann.Accounts;

internal static partial class AccountLog
{
    [LoggerMessage(EventId = 7300, Level = LogLevel.Warning, Message = "The sign-in of {Account} has ended ({Error}); the owner has to sign in again")]
    public static partial void SignedOut(ILogger logger, string account, string error);

    [LoggerMessage(EventId = 7301, Level = LogLevel.Warning, Message = "The sign-in of {Account} cannot be decrypted, its key is missing from the data folder; the owner has to sign in again")]
    public static partial void Unreadable(ILogger logger, string account);

    [LoggerMessage(EventId = 7302, Level = LogLevel.Warning, Message = "What was learnt about {Account} could not be kept")]
    public static partial void NotKept(ILogger logger, string account, Exception exception);

    [LoggerMessage(EventId = 7303, Level = LogLevel.Information, Message = "Signed in as {Account}")]
    public static partial void SignedIn(ILogger logger, string account);
}
