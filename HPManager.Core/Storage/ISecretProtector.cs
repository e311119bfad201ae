namespace HPManager.Core.Storage;

/// <summary>Encrypts texts for keeping on this machine, with a key that lies beside the data. Thread-safe.</summary>
public interface ISecretProtector
{
    /// <summary>The text, unreadable without the key.</summary>
    string Protect(string plain);

    /// <summary>What <see cref="Protect"/> was given; null when the key is gone or the text was damaged.</summary>
    string? Unprotect(string kept);
}
