using Microsoft.Extensions.Options;

namespace HPManager.Core.Storage;

/// <summary>Where configuration and history are kept: section <c>Storage</c> of the settings.</summary>
public sealed class StorageOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Storage";

    /// <summary>Folder of all files; made when it is missing. A relative one is below the folder the program is started from. Default: <c>hpmanager</c> in the user's local application data.</summary>
    public string DataFolder { get; set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "hpmanager");

    /// <summary>The configuration's file.</summary>
    public string ConfigurationFile => Below("hpmanager.db");

    /// <summary>The history's file.</summary>
    public string HistoryFile => Below("history.db");

    /// <summary>Copies of the configuration from before each migration.</summary>
    public string BackupFolder => Below("backups");

    /// <summary>The owner's own profiles.</summary>
    public string ProfileFolder => Below("profiles");

    /// <summary>The keys that secrets are encrypted with.</summary>
    public string KeyFolder => Below("keys");

    /// <summary>The import of history that is under way or was the newest, and what was uploaded for it.</summary>
    public string ImportFolder => Below("import");

    /// <summary>Which devices have been made of the environment's variables.</summary>
    public string EnvironmentNotesFile => Below("environment-devices.json");

    private string Below(string name) => Path.Combine(Path.GetFullPath(DataFolder), name);
}

internal sealed class ValidateStorageOptions : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options) =>
        string.IsNullOrWhiteSpace(options.DataFolder) || options.DataFolder.Contains('\0', StringComparison.Ordinal)
            ? ValidateOptionsResult.Fail($"{StorageOptions.Section}:{nameof(StorageOptions.DataFolder)} must be the path of a folder.")
            : ValidateOptionsResult.Success;
}

/// <summary>
/// A file cannot be used and was left as it is. The message is for the owner; the program ends with it.
/// </summary>
public sealed class StorageException : Exception
{
    /// <summary>Says what is wrong and what to do.</summary>
    public StorageException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
