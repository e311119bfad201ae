using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace HPManager.Tests.Shared;

/// <summary>InfluxDB 1.x, as Debian has it.</summary>
public sealed class InfluxdProcess : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>Who may do everything where it asks for a login.</summary>
    public const string User = "reader";

    /// <summary>Their password.</summary>
    public const string Password = "pass word";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-influxd-");
    private readonly int _port = FreePort.Next();
    private readonly bool _asksForLogin;
    private ServerProcess? _server;

    public InfluxdProcess()
        : this(asksForLogin: false)
    {
    }

    private InfluxdProcess(bool asksForLogin)
    {
        _asksForLogin = asksForLogin;
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");
        Client = new HttpClient { BaseAddress = new Uri(Address) };
    }

    public string Address { get; }

    /// <summary>A client whose addresses are relative to the server, signed in where it asks for it.</summary>
    public HttpClient Client { get; }

    internal static async Task<InfluxdProcess> StartAsync(bool asksForLogin = false)
    {
        var server = new InfluxdProcess(asksForLogin);
        await server.InitializeAsync();
        return server;
    }

    public async Task InitializeAsync()
    {
        var file = Path.Combine(_folder.FullName, "influxd.conf");
        await File.WriteAllTextAsync(file, $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{FreePort.Next()}"
            [meta]
              dir = "{_folder.FullName}/meta"
            [data]
              dir = "{_folder.FullName}/data"
              wal-dir = "{_folder.FullName}/wal"
              query-log-enabled = false
            [http]
              bind-address = "127.0.0.1:{_port}"
              auth-enabled = {(_asksForLogin ? "true" : "false")}
              log-enabled = false
            [monitor]
              store-enabled = false
            """);
        _server = await ServerProcess.StartAsync("/usr/bin/influxd", ["-config", file], _folder.FullName, () => ServerProcess.AnswersAsync(Address + "/ping"));
        if (!_asksForLogin) return;
        await RunAsync($"CREATE USER \"{User}\" WITH PASSWORD '{Password}' WITH ALL PRIVILEGES");
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")));
    }

    /// <summary>Runs a statement that answers nothing.</summary>
    public Task RunAsync(string statement) => Client.PostTextAsync($"query?q={Uri.EscapeDataString(statement)}", "");

    /// <summary>Writes line protocol into the database <c>heatpump</c>, which is made when it is missing.</summary>
    public async Task WriteAsync(string lines, string precision = "ms")
    {
        await RunAsync("CREATE DATABASE heatpump");
        await Client.PostTextAsync($"write?db=heatpump&precision={precision}", lines);
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());
}
