using System.IO.Compression;
using System.Net;
using System.Text;
using HPManager.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>
/// InfluxDB 2.x and 3.x as their public documentation of the HTTP API describes them, which are not to be had here: their addresses, credentials, parameters and refusals.
/// What they keep and how they answer InfluxQL, which is said to be as in 1.x, is left to a real InfluxDB 1.x behind it.
/// </summary>
internal sealed class NewerInfluxServer : IAsyncDisposable
{
    public const string Token = "my-super-secret-auth-token==";
    public const string Organisation = "thermia";
    public const string Bucket = "heat pumps";

    private readonly WebApplication _app;
    private readonly HttpClient _http = new();
    private readonly string _behind;
    private readonly int _major;

    private NewerInfluxServer(int major, InfluxdProcess behind)
    {
        _major = major;
        _behind = behind.Address;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/ping", Ping);
        _app.MapPost("/api/v2/write", (Delegate)WriteAsync);
        _app.MapPost("/query", QueryAsync);
    }

    /// <summary>A field that was written as an integer before.</summary>
    public string? IntegerField { get; set; }

    /// <summary>Part of a line that it cannot parse.</summary>
    public string? Unparsable { get; set; }

    /// <summary>How many bodies it was sent.</summary>
    public int Writes { get; private set; }

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<NewerInfluxServer> StartAsync(int major, InfluxdProcess behind)
    {
        var server = new NewerInfluxServer(major, behind);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private IResult Ping(HttpContext context)
    {
        if (_major == 3 && !IsLetIn(context)) return Results.StatusCode(401);
        context.Response.Headers["X-Influxdb-Version"] = _major == 2 ? "v2.7.11" : "3.2.1";
        return _major == 2 ? Results.NoContent() : Results.Json(new { version = "3.2.1" });
    }

    private async Task<IResult> WriteAsync(HttpContext context)
    {
        Writes++;
        var query = context.Request.Query;
        if (!IsLetIn(context)) return Refuse(401, "unauthorized", "unauthorized access");
        if (_major == 2 && query["org"] != Organisation) return Refuse(404, "not found", "organization name \"x\" not found");
        if (query["bucket"] != Bucket) return Refuse(404, "not found", "bucket \"x\" not found");
        if (query["precision"] != "ms") return Refuse(400, "invalid", "these tests write milliseconds");
        if (context.Request.Headers.ContentEncoding != "gzip") return Refuse(400, "invalid", "these tests write gzip");
        using var unpacked = new StreamReader(new GZipStream(context.Request.Body, CompressionMode.Decompress), Encoding.UTF8);
        var lines = (await unpacked.ReadToEndAsync(context.RequestAborted)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return _major == 2 ? await WriteTwoAsync(lines, context.RequestAborted) : await WriteThreeAsync(lines, context.RequestAborted);
    }

    // All or nothing when a line cannot be read; points whose field has another type are dropped, the others kept.
    private async Task<IResult> WriteTwoAsync(string[] lines, CancellationToken cancellationToken)
    {
        if (Unparsable is { } bad && lines.FirstOrDefault(line => line.Contains(bad, StringComparison.Ordinal)) is { } first)
            return Refuse(400, "invalid", $"unable to parse '{first}': invalid number");
        var conflicts = lines.Count(HasConflict);
        await KeepAsync(lines.Where(line => !HasConflict(line)), cancellationToken);
        return conflicts == 0
            ? Results.NoContent()
            : Refuse(
                422,
                "unprocessable entity",
                $"failure writing points to database: partial write: field type conflict: input field \"{IntegerField}\" on measurement \"heatpump_metrics\" is type float, already exists as type integer dropped={conflicts}");
    }

    // Good lines are kept, bad ones listed.
    private async Task<IResult> WriteThreeAsync(string[] lines, CancellationToken cancellationToken)
    {
        var refused = lines.Select((line, index) => (line, Number: index + 1)).Where(pair => HasConflict(pair.line) || IsBad(pair.line)).ToList();
        await KeepAsync(lines.Where(line => !HasConflict(line) && !IsBad(line)), cancellationToken);
        if (refused.Count == 0) return Results.NoContent();
        var data = refused.Select(pair => new
        {
            original_line = pair.line[..Math.Min(pair.line.Length, 40)],
            line_number = pair.Number,
            error_message = HasConflict(pair.line)
                ? $"invalid column type for column '{IntegerField}', expected iox::column_type::field::integer, got iox::column_type::field::float"
                : "invalid number",
        });
        return Results.Json(new { error = "partial write of line protocol occurred", data }, statusCode: 400);
    }

    private bool HasConflict(string line) => IntegerField is { } field && (line.Contains($",{field}=", StringComparison.Ordinal) || line.Contains($" {field}=", StringComparison.Ordinal));

    private bool IsBad(string line) => Unparsable is { } bad && line.Contains(bad, StringComparison.Ordinal);

    private async Task KeepAsync(IEnumerable<string> lines, CancellationToken cancellationToken)
    {
        using var made = await _http.PostAsync(
            new Uri($"{_behind}/query"), new FormUrlEncodedContent([new("q", $"CREATE DATABASE \"{DatabaseBehind}\"")]), cancellationToken);
        using var answer = await _http.PostAsync(
            new Uri($"{_behind}/write?precision=ms&db={Uri.EscapeDataString(DatabaseBehind)}"), new StringContent(string.Join('\n', lines)), cancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private async Task QueryAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (!IsLetIn(context))
        {
            context.Response.StatusCode = 401;
            return;
        }

        if (query["db"] != Bucket)
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsJsonAsync(new { code = "not found", message = "no dbrp mapping found" }, context.RequestAborted);
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        using var answer = await _http.PostAsync(
            new Uri($"{_behind}/query?epoch={query["epoch"]}&db={Uri.EscapeDataString(DatabaseBehind)}"),
            new FormUrlEncodedContent([new("q", form["q"].ToString())]),
            context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(await answer.Content.ReadAsStringAsync(context.RequestAborted), context.RequestAborted);
    }

    private string DatabaseBehind => FormattableString.Invariant($"behind {_major} {new Uri(Address).Port}");

    private static bool IsLetIn(HttpContext context) => context.Request.Headers.Authorization == $"Token {Token}";

    private static IResult Refuse(int status, string code, string message) => Results.Json(new { code, message }, statusCode: status);
}
