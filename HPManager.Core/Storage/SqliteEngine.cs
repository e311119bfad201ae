using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace HPManager.Core.Storage;

/// <summary>
/// Which SQLite library is in use: the system's, which gets security updates, or the bundled one (3.35.5) where the system has none.
/// </summary>
public static partial class SqliteEngine
{
    private const string BundledName = "e_sqlite3";
    private const string SystemName = "libsqlite3.so.0";
    private static readonly Lazy<bool> SystemLibrary = new(ChooseLibrary);

    /// <summary>
    /// Chooses the library; must come before the first connection of the process: the functions of SQLite are bound one by one as they are first called, and
    /// those bound later would get the handles of another library, which ends the process. Safe to call again, from any thread.
    /// </summary>
    public static void Prepare() => _ = SystemLibrary.Value;

    /// <summary>Says in the log which engine is in use.</summary>
    internal static void LogVersion(ILogger logger)
    {
        Prepare();
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        if (SystemLibrary.Value) Log.System(logger, connection.ServerVersion);
        else Log.Bundled(logger, connection.ServerVersion, SystemName);
    }

    private static bool ChooseLibrary()
    {
        if (!NativeLibrary.TryLoad(SystemName, out var handle)) return false;
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == BundledName ? handle : IntPtr.Zero);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 5000, Level = LogLevel.Information, Message = "SQLite {Version} of the system")]
        public static partial void System(ILogger logger, string version);

        [LoggerMessage(
            EventId = 5001,
            Level = LogLevel.Warning,
            Message = "SQLite {Version}, bundled and without security updates, because the system has no {Library}")]
        public static partial void Bundled(ILogger logger, string version, string library);
    }
}
