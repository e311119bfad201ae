namespace HPManager.Core.Accounts;

/// <summary>Keys of the parameters of a connection through an account; the same for every cloud, so that its fields know each other.</summary>
public static class AccountParameters
{
    /// <summary>The owner's client id at the cloud.</summary>
    public const string ClientId = "client_id";

    /// <summary>The account that was signed in.</summary>
    public const string Account = "account";

    /// <summary>The device among those of the account.</summary>
    public const string Device = "device";
}
