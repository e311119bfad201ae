using System.Globalization;
using System.Text.Json;
using HPManager.Benchmarks.Store.Data;
using HPManager.Tests.Shared;

namespace HPManager.Benchmarks.Store.Peers;

/// <summary>Debian's InfluxDB 1.6 with its own settings, but that it compacts shards that nobody writes to after seconds instead of hours.</summary>
internal sealed class InfluxDb(string folder) : LineServer(folder)
{
    private const string Database = "bench";

    public override string Name => "InfluxDB";

    protected override string WritePath => $"/write?db={Database}&precision=ms";

    public static string QueryPath(string query) => $"/query?db={Database}&epoch=ms&q={Uri.EscapeDataString(query)}";

    public override Task<long> SettleAsync(CancellationToken cancellationToken) => StableSizeAsync(TimeSpan.FromSeconds(25), TimeSpan.FromMinutes(2), cancellationToken);

    protected override async Task<long> CountAsync(Recording like, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await GetAsync(QueryPath($"SELECT count(*) FROM {LineProtocol.Measurement}"), cancellationToken));
        var row = answer.RootElement.GetProperty("results")[0].GetProperty("series")[0].GetProperty("values")[0];
        return row.EnumerateArray().Skip(1).Sum(count => count.GetInt64());
    }

    protected override Task<PeerProcess> StartProcessAsync(CancellationToken cancellationToken) => PeerProcess.StartAsync(
        "influxd",
        ["-config", "/dev/null"],
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["INFLUXDB_BIND_ADDRESS"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Next()}"),
            ["INFLUXDB_HTTP_BIND_ADDRESS"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}"),
            ["INFLUXDB_HTTP_LOG_ENABLED"] = "false",
            ["INFLUXDB_META_DIR"] = Path.Combine(Folder, "meta"),
            ["INFLUXDB_DATA_DIR"] = Path.Combine(Folder, "data"),
            ["INFLUXDB_DATA_WAL_DIR"] = Path.Combine(Folder, "wal"),
            ["INFLUXDB_DATA_CACHE_SNAPSHOT_WRITE_COLD_DURATION"] = "10s",
            ["INFLUXDB_DATA_COMPACT_FULL_WRITE_COLD_DURATION"] = "10s",
            ["INFLUXDB_MONITOR_STORE_ENABLED"] = "false",
        },
        UriOf("/ping"),
        cancellationToken);

    protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        using var made = await Http.PostAsync(UriOf($"/query?q=CREATE+DATABASE+{Database}"), content: null, cancellationToken);
        made.EnsureSuccessStatusCode();
    }
}
