namespace HPManager.Benchmarks.Harness;

/// <summary>Where the sources lie from which this program was built: the peers' scripts are read from there.</summary>
internal static class Checkout
{
    private const string Mark = "HPManager.sln";

    public static string Root { get; } = Find();

    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Mark))) return folder.FullName;
        }

        throw new InvalidOperationException($"No {Mark} above {AppContext.BaseDirectory}: run the benchmarks from a checkout.");
    }
}
