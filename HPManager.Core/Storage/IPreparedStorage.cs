namespace HPManager.Core.Storage;

/// <summary>A file that has to be there, and of this version, before anything else starts. Preparing twice does nothing the second time.</summary>
internal interface IPreparedStorage
{
    /// <summary>Opens, makes or migrates the file.</summary>
    /// <exception cref="StorageException">It cannot be used and was left as it is.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);
}
