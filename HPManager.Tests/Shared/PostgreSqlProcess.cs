using System.Globalization;

namespace HPManager.Tests.Shared;

/// <summary>PostgreSQL, as Debian has it. It refuses to run as root, so that it runs as the package's own user then.</summary>
public sealed class PostgreSqlProcess : IAsyncLifetime
{
    public const string User = "hpmanager";
    public const string Password = "sesame-4711";

    // SIGINT: without waiting until everybody has left.
    private const int EndAtOnce = 2;
    private const string Programs = "/usr/lib/postgresql/15/bin/";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-postgres-");
    private ServerProcess? _server;

    public int Port { get; } = FreePort.Next();

    public async Task InitializeAsync()
    {
        var secret = Path.Combine(_folder.FullName, "password");
        await File.WriteAllTextAsync(secret, Password);
        if (IsRoot) await ServerProcess.RunAsync("/bin/chown", ["-R", "postgres", _folder.FullName], "/");
        var data = Path.Combine(_folder.FullName, "data");
        await RunAsync("initdb", "-D", data, "-U", User, "-A", "scram-sha-256", "--pwfile", secret, "-E", "UTF8", "--locale", "C", "--no-sync");
        var (program, arguments) = AsOther(
            "postgres", "-D", data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-h", "127.0.0.1", "-k", _folder.FullName, "-c", "fsync=off", "-c", "max_connections=50");
        _server = await ServerProcess.StartAsync(program, arguments, _folder.FullName, AnswersAsync, EndAtOnce);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Runs a statement as the superuser.</summary>
    public async Task<object?> ScalarAsync(string sql, string database = "postgres")
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={Port};Username={User};Password={Password};Database={database};Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return await ScalarAsync("SELECT 1") is 1;
        }
        catch (Npgsql.NpgsqlException)
        {
            return false;
        }
    }

    private Task RunAsync(string name, params string[] arguments)
    {
        var (program, all) = AsOther(name, arguments);
        return ServerProcess.RunAsync(program, all, _folder.FullName);
    }

    private static (string Program, IEnumerable<string> Arguments) AsOther(string name, params string[] arguments) => IsRoot
        ? ("/usr/bin/setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", Programs + name, .. arguments])
        : (Programs + name, arguments);
}
