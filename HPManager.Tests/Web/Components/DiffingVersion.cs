using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace HPManager.Tests.Web.Components;

/// <summary>bUnit asks for a version of AngleSharp.Diffing that does not restore; the one beside it is handed over. See BUnit.targets.</summary>
internal static class DiffingVersion
{
#pragma warning disable CA2255 // a module initializer in a test assembly: it must stand before the first bUnit type is loaded
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void HandOver() => AssemblyLoadContext.Default.Resolving += (context, name) => name.Name == "AngleSharp.Diffing"
        ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll"))
        : null;
}
