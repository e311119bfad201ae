namespace HPManager.Core.Accounts;

/// <summary>A sign-in at a manufacturer's cloud, which several heat pumps may share. Immutable.</summary>
public sealed record Account
{
    /// <summary>Given by the store and never again: <c>viessmann-1</c>. Empty before.</summary>
    public string Id { get; init; } = "";

    /// <summary>Key of the cloud: <c>viessmann</c>.</summary>
    public required string Service { get; init; }

    /// <summary>The client id it was signed in with; what refreshes the sign-in has to name the same one.</summary>
    public required string ClientId { get; init; }

    /// <summary>Ids of the places it may see, joined by commas, by which it is known again; empty when they could not be asked for.</summary>
    public string Places { get; init; } = "";

    /// <summary>What renews the sign-in, as <see cref="Storage.ISecretProtector"/> protects it; null when it is signed out.</summary>
    public string? Secret { get; init; }

    /// <summary>What it has spent of its budget, in the driver's own form; null for nothing.</summary>
    public string? Spending { get; init; }

    /// <summary>When somebody signed in last, UTC.</summary>
    public required DateTimeOffset SignedInAt { get; init; }
}
