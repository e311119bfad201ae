using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;
using Npgsql;

namespace HPManager.Core.History.PostgreSql;

/// <summary>Connections to a PostgreSQL, and what its tables are. Thread-safe.</summary>
internal sealed class PostgreSqlDatabase : IAsyncDisposable
{
    private const int OldestVersion = 14;

    private readonly NpgsqlDataSource _source;
    private readonly string _host;
    private readonly string _database;

    public PostgreSqlDatabase(Settings settings)
    {
        _host = settings["host"]!;
        _database = settings["database"] ?? "hpmanager";
        Tables = new PostgreSqlTables(settings["schema"] ?? "hpmanager");
        _source = new NpgsqlDataSourceBuilder
        {
            ConnectionStringBuilder =
            {
                Host = _host.Trim('[', ']'),
                Port = settings.Integer("port") ?? 5432,
                Database = _database,
                Username = settings["user"],
                Password = settings["password"],
                SslMode = settings["ssl_mode"] switch
                {
                    "disable" => SslMode.Disable,
                    "require" => SslMode.Require,
                    "verify_full" => SslMode.VerifyFull,
                    _ => SslMode.Prefer,
                },
                ApplicationName = "HPManager",
                MaxPoolSize = 4,
                Timeout = 10,
                CommandTimeout = 60,
                CancellationTimeout = 2000,
                IncludeErrorDetail = false,
            },
        }.Build();
    }

    /// <summary>The tables.</summary>
    public PostgreSqlTables Tables { get; }

    /// <summary>Does something with a connection.</summary>
    /// <exception cref="EngineException">It did not succeed.</exception>
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            if (connection.PostgreSqlVersion.Major < OldestVersion)
                throw new EngineException(EngineFault.OtherProtocol, $"PostgreSQL {connection.PostgreSqlVersion} is too old; {OldestVersion} or newer is needed.");
            return await use(connection);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw PostgreSqlFaults.Of(fault, _host);
        }
        catch (Exception fault) when (fault is InvalidOperationException or NotSupportedException or InvalidCastException or FormatException or ArgumentException)
        {
            // What the driver throws at something that speaks another protocol, or answers nonsense.
            throw PostgreSqlFaults.Of(fault, _host);
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
