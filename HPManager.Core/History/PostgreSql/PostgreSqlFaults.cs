using System.Net.Sockets;
using System.Security.Authentication;
using HPManager.Core.History.Engines;
using Npgsql;

namespace HPManager.Core.History.PostgreSql;

/// <summary>What went wrong at a PostgreSQL, as a fault of an engine. Its messages hold no password: neither the server nor the driver repeats it.</summary>
internal static class PostgreSqlFaults
{
    /// <summary>Whether a table of ours is missing, as after it was dropped.</summary>
    public static bool IsMissingTable(PostgresException fault) => fault.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName
        || (fault.SqlState == PostgresErrorCodes.CheckViolation && fault.MessageText.Contains("partition", StringComparison.Ordinal));

    /// <summary>The fault.</summary>
    public static EngineException Of(Exception fault, string host) => fault switch
    {
        PostgresException said => Of(said),
        NpgsqlException { InnerException: null } when fault.Message.StartsWith("No password", StringComparison.Ordinal) =>
            new EngineException(EngineFault.AccessDenied, "PostgreSQL asks for a password.", fault),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => new EngineException(EngineFault.Slow, "PostgreSQL did not answer in time.", fault),
        NpgsqlException { InnerException: SocketException } => new EngineException(EngineFault.Unreachable, $"PostgreSQL cannot be reached at {host}.", fault),
        NpgsqlException { InnerException: AuthenticationException } => new EngineException(EngineFault.Unreachable, $"PostgreSQL at {host} shows no certificate to trust.", fault),
        NpgsqlException { InnerException: IOException } => new EngineException(EngineFault.Unreachable, "The connection to PostgreSQL broke.", fault),
        _ => new EngineException(EngineFault.OtherProtocol, $"What answers at {host} is not understood: {Line(fault.Message)}", fault),
    };

    private static EngineException Of(PostgresException fault) => new(
        fault.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InsufficientPrivilege => EngineFault.AccessDenied,
            PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName => EngineFault.NotFound,
            PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.ConfigurationLimitExceeded
                or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => EngineFault.Busy,
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => EngineFault.Unreachable,
            PostgresErrorCodes.QueryCanceled => EngineFault.Slow,
            _ => EngineFault.Failed,
        },
        $"PostgreSQL says: {Line(fault.MessageText)} ({fault.SqlState})",
        fault);

    private static string Line(string text) => new([.. text.Take(300).Select(c => char.IsControl(c) ? ' ' : c)]);
}
