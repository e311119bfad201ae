using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.Storage;

/// <summary>What lies in a data folder, for a comparison of before and after.</summary>
internal static class FolderContent
{
    /// <summary>
    /// Every file by its name with its content, but for SQLite's lock files (<c>-shm</c>), which hold nothing to keep and are made anew whenever there are
    /// changes in a log.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Files(this DataFolder folder) => new SortedDictionary<string, string>(
        Directory.GetFiles(folder.Path)
            .Where(file => !file.EndsWith("-shm", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetFileName(file), file => Convert.ToHexString(File.ReadAllBytes(file))),
        StringComparer.Ordinal);
}
