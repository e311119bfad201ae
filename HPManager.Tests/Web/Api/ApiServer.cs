using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HPManager.Core;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using HPManager.Web.Api;
using HPManager.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HPManager.Tests.Web.Api;

/// <summary>
/// The API over a real socket, on the real domain with real files in a folder of its own; only the heat pumps are made up.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private ApiServer(WebApplication app, DirectoryInfo folder, FakeMake make)
    {
        _app = app;
        _folder = folder;
        Make = make;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public FakeMake Make { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public LiveValues Live => Services.GetRequiredService<LiveValues>();

    public static async Task<ApiServer> StartAsync(TimeProvider? time = null, Action<IServiceCollection>? configure = null)
    {
        var make = new FakeMake();
        var folder = Directory.CreateTempSubdirectory("hpmanager-api-");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = folder.FullName });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        if (time is not null) builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IManufacturerSource>(make);
        builder.Services.AddHPManagerCore();
        builder.Services.AddHPManagerApi();
        SecretProtection.AddTo(builder.Services);
        builder.Services.Configure<StorageOptions>(storage => storage.DataFolder = folder.FullName);
        builder.Services.Configure<HistoryOptions>(history => history.BatchSeconds = 0);
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapHPManagerApi();
        app.MapGet("/{**page}", () => "a page of the host, which matches every path");
        await app.StartAsync(CancellationToken.None);
        return new ApiServer(app, folder, make);
    }

    /// <summary>What a client sends to configure the heat pump at an address.</summary>
    public static JsonObject Candidate(string name = "Cellar", string host = "10.0.0.1") => new()
    {
        ["name"] = name,
        ["manufacturer"] = "fake",
        ["model"] = "one",
        ["connection"] = new JsonObject { ["kind"] = "fake_tcp", ["host"] = host, ["port"] = 502 },
        ["interval"] = 1,
    };

    /// <summary>Configures a heat pump and waits for its first snapshot.</summary>
    public async Task<string> AddHeatPumpAsync(string name = "Cellar", string host = "10.0.0.1")
    {
        var (status, answer) = await SendAsync(HttpMethod.Post, "/api/heatpumps", Candidate(name, host));
        Assert.Equal(HttpStatusCode.Created, status);
        var id = (string)answer!["id"]!;
        await Eventually.IsTrue(() => Live.Get(HeatPumpId.Parse(id))?.Snapshot is not null);
        return id;
    }

    public Task<(HttpStatusCode Status, JsonNode? Answer)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<(HttpStatusCode Status, JsonNode? Answer)> SendAsync(HttpMethod method, string path, JsonNode? body = null) =>
        SendTextAsync(method, path, body?.ToJsonString());

    public async Task<(HttpStatusCode Status, JsonNode? Answer)> SendTextAsync(
        HttpMethod method, string path, string? body, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        using var response = await Client.SendAsync(request, CancellationToken.None);
        var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
        if ((int)response.StatusCode >= 400) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Asserts that the answer is a 400 whose errors name the field, and returns what it says about it.</summary>
    public static string MessageFor(string field, (HttpStatusCode Status, JsonNode? Answer) response)
    {
        Assert.Equal(HttpStatusCode.BadRequest, response.Status);
        var errors = response.Answer!["errors"]!.AsObject();
        Assert.True(errors.ContainsKey(field), $"no error for {field} in {errors.ToJsonString()}");
        return string.Join(' ', errors[field]!.AsArray().Select(message => (string)message!));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
