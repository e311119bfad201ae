using System.Runtime.CompilerServices;
using HPManager.Core.Storage;

namespace HPManager.Tests.Core.Storage;

/// <summary>
/// Tests open files of SQLite before any code of Core has run. The engine has to be chosen before the first of them, or the process ends in the middle of
/// whatever test runs then.
/// </summary>
internal static class EngineOfTheTests
{
    [ModuleInitializer]
    internal static void Choose() => SqliteEngine.Prepare();
}
