using System.Reflection;

namespace HPManager.Drivers.Tables;

/// <summary>The descriptions and tables below <c>Profiles/</c>, which are built into the program.</summary>
internal static class ShippedFile
{
    /// <summary>The text of a file.</summary>
    /// <param name="path">Path with slashes: <c>Profiles/luxtronik/controller/controller.yaml</c>.</param>
    public static string Read(string path)
    {
        var assembly = Assembly.GetExecutingAssembly();

        // The folder separator in a resource's name is that of the system it was built on.
        var resource = assembly.GetManifestResourceNames().First(candidate => candidate.Replace('\\', '/') == path);
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
