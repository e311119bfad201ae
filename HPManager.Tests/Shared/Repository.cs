using System.Reflection;

namespace HPManager.Tests.Shared;

/// <summary>Files of the repository that are not copied beside the tests.</summary>
internal static class Repository
{
    /// <summary>Its top folder.</summary>
    public static string Root { get; } = Path.GetFullPath(
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "SourceRoot").Value!);

    /// <summary>A file or folder by its path from the top.</summary>
    public static string PathOf(string path) => Path.Combine(Root, path);
}
