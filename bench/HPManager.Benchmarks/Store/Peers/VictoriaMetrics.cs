using System.Globalization;
using System.Text;
using System.Text.Json;
using HPManager.Benchmarks.Store.Data;

namespace HPManager.Benchmarks.Store.Peers;

/// <summary>Debian's VictoriaMetrics with its own settings.</summary>
internal sealed class VictoriaMetrics(string folder) : LineServer(folder)
{
    public override string Name => "VictoriaMetrics";

    protected override string WritePath => "/write?precision=ms";

    /// <summary>The series of some sensors of a heat pump.</summary>
    public static string Selector(Recording recording, IEnumerable<int> positions) =>
        $"{{__name__=~\"{LineProtocol.Measurement}_({string.Join('|', positions.Select(position => recording.Sensors[position].Key.Value))})\",{LineProtocol.Tag}=\"{recording.HeatPump.Value}\"}}";

    /// <summary>A moment in its URLs.</summary>
    public static string Seconds(long milliseconds) => (milliseconds / 1000m).ToString("0.000", CultureInfo.InvariantCulture);

    public static string Escape(string query) => Uri.EscapeDataString(query);

    public override async Task<long> SettleAsync(CancellationToken cancellationToken)
    {
        await GetAsync("/internal/force_flush", cancellationToken);
        await GetAsync("/internal/force_merge", cancellationToken);
        string metrics;
        do
        {
            await Task.Delay(500, cancellationToken);
            metrics = Encoding.UTF8.GetString(await GetAsync("/metrics", cancellationToken));
        }
        while (!metrics.Contains("vm_active_force_merges 0", StringComparison.Ordinal));
        return await StableSizeAsync(TimeSpan.FromSeconds(8), TimeSpan.FromMinutes(2), cancellationToken);
    }

    protected override async Task<long> CountAsync(Recording like, CancellationToken cancellationToken)
    {
        await GetAsync("/internal/force_flush", cancellationToken);
        var hours = (int)Math.Ceiling((like.To - like.From).TotalHours) + 1;
        var query = Escape($"sum(count_over_time({{__name__=~\"{LineProtocol.Measurement}_.*\"}}[{hours}h]))");
        using var answer = JsonDocument.Parse(
            await GetAsync($"/api/v1/query?nocache=1&query={query}&time={Seconds(like.To.ToUnixTimeMilliseconds() - 1)}", cancellationToken));
        var result = answer.RootElement.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0 ? 0 : (long)double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
    }

    protected override Task<PeerProcess> StartProcessAsync(CancellationToken cancellationToken) => PeerProcess.StartAsync(
        "victoria-metrics",
        [$"-storageDataPath={Folder}", $"-httpListenAddr=127.0.0.1:{Port}", "-retentionPeriod=100y", "-loggerLevel=WARN"],
        [],
        UriOf("/health"),
        cancellationToken);
}
