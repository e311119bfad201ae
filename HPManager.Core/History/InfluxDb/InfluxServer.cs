using HPManager.Core.History.Engines;

namespace HPManager.Core.History.InfluxDb;

/// <summary>The addresses and answers of a server, which differ by its version. Thread-safe.</summary>
internal sealed class InfluxServer(EngineHttp http, InfluxSettings settings)
{
    // Answers to a ping, and refusals.
    private const int SmallAnswer = 64 * 1024;

    // A question is cut so that its answer stays far below this.
    private const int LargestAnswer = 64 * 1024 * 1024;

    private volatile int _major = settings.Version ?? 0;

    /// <summary>What answers, in words.</summary>
    public async Task<string> NameAsync(CancellationToken cancellationToken)
    {
        var answer = await http.SendAsync(HttpMethod.Get, "ping", null, SmallAnswer, cancellationToken);
        if (VersionOf(answer) is { } version) return $"InfluxDB {version.TrimStart('v')}";
        if (settings.Version is { } chosen) return $"InfluxDB {chosen}";
        throw Unknown(answer);
    }

    /// <summary>Its major version, asked of it once.</summary>
    public async Task<int> MajorAsync(CancellationToken cancellationToken)
    {
        if (_major != 0) return _major;
        var answer = await http.SendAsync(HttpMethod.Get, "ping", null, SmallAnswer, cancellationToken);
        var version = VersionOf(answer)?.TrimStart('v');
        if (version is not [>= '1' and <= '3', '.', ..]) throw Unknown(answer);
        return _major = version[0] - '0';
    }

    /// <summary>Sends lines.</summary>
    /// <returns>Its answer, whatever it is.</returns>
    public async Task<EngineAnswer> WriteAsync(LineBuffer lines, int from, int to, CancellationToken cancellationToken)
    {
        var bucket = Uri.EscapeDataString(settings.Bucket);
        var path = await MajorAsync(cancellationToken) switch
        {
            1 => $"write?db={bucket}&precision=ms",
            2 => $"api/v2/write?org={Uri.EscapeDataString(settings.Organisation)}&bucket={bucket}&precision=ms",
            _ => $"api/v2/write?bucket={bucket}&precision=ms",
        };
        return await http.SendAsync(HttpMethod.Post, path, EngineHttp.Packed(lines.Lines(from, to).Span, "text/plain"), SmallAnswer, cancellationToken);
    }

    /// <summary>Asks in InfluxQL.</summary>
    /// <returns>The results of its statements.</returns>
    /// <exception cref="EngineException">It does not tell them.</exception>
    public async Task<IReadOnlyList<InfluxResult>> QueryAsync(string statements, CancellationToken cancellationToken)
    {
        var path = $"query?db={Uri.EscapeDataString(settings.Bucket)}&epoch=ms";
        var answer = await http.SendAsync(HttpMethod.Post, path, EngineHttp.Form(("q", statements)), LargestAnswer, cancellationToken);
        if (!answer.IsSuccess) throw http.FaultOf(answer, NotFound);
        return InfluxResult.Parse(answer, http, NotFound);
    }

    /// <summary>Makes the database; only version 1 can be asked to in this way.</summary>
    public async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var answer = await http.SendAsync(
            HttpMethod.Post, "query", EngineHttp.Form(("q", $"CREATE DATABASE {InfluxQl.Name(settings.Bucket)}")), SmallAnswer, cancellationToken);
        if (!answer.IsSuccess) throw http.FaultOf(answer, NotFound);
        _ = InfluxResult.Parse(answer, http, NotFound);
    }

    /// <summary>What is missing when it says that something is not there.</summary>
    public string NotFound => settings.Version is 1 || _major == 1 ? $"the database {settings.Bucket}" : $"the bucket {settings.Bucket}, or the organisation";

    private static string? VersionOf(EngineAnswer answer) => answer.Header("X-Influxdb-Version") is { Length: > 0 and < 60 } version ? version : null;

    private EngineException Unknown(EngineAnswer answer) => answer.Status is 401 or 403 or 429 or >= 500
        ? http.FaultOf(answer, NotFound)
        : http.Strange("does not say its version at /ping; choose the version, or check the address");
}
