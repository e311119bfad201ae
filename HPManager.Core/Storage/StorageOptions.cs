namespace HPManager.Core.Storage;

/// <summary>Where configuration and history are kept: section <c>Storage</c> of the settings.</summary>
public sealed class StorageOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Storage";

    /// <summary>Folder of all files; made when it is missing. Default: <c>hpmanager</c> in the user's local application data.</summary>
    public string DataFolder { get; set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "hpmanager");

    /// <summary>The configuration's file.</summary>
    public string ConfigurationFile => Path.Combine(DataFolder, "hpmanager.db");

    /// <summary>The history's file.</summary>
    public string HistoryFile => Path.Combine(DataFolder, "history.db");

    /// <summary>Copies of the configuration from before each migration.</summary>
    public string BackupFolder => Path.Combine(DataFolder, "backups");

    /// <summary>The owner's own profiles.</summary>
    public string ProfileFolder => Path.Combine(DataFolder, "profiles");
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
