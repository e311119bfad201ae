using System.Net;
using System.Text.Json.Nodes;
using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Web.Api;

/// <summary>History's settings and engines by REST, as the page Storage can change them. Nobody listens at the engines' addresses.</summary>
public sealed class StorageSettingsApiTests : IAsyncLifetime
{
    private const string Token = "a-token-that-nobody-may-see";
    private static readonly Uri Nobody = new($"http://127.0.0.1:{FreePort.Next()}");
    private ApiServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync(configure: services => services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection([new("INFLUXDB_BUCKET", "of-the-environment")]).Build()));
        await _server.AddHeatPumpAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Settings_NothingChosen_AreEverythingForEverFromTheEmbeddedStore()
    {
        var (status, answer) = await _server.GetAsync("/api/storage/settings");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"source":"embedded","keeping":{"days":null,"megabytes":null},"keepingOf":{}}""", answer!.ToJsonString());
    }

    [Fact]
    public async Task PutSettings_WhatIsAllowed_IsKeptAndAnsweredAndCanBeSentBack()
    {
        var wanted = JsonNode.Parse("""{"source":"embedded","keeping":{"days":730,"megabytes":null},"keepingOf":{"hp-001":{"days":null,"megabytes":500}}}""");

        var (status, answer) = await _server.SendAsync(HttpMethod.Put, "/api/storage/settings", wanted);

        Assert.Equal((HttpStatusCode.OK, wanted!.ToJsonString()), (status, answer!.ToJsonString()));
        Assert.Equal(HttpStatusCode.OK, (await _server.SendAsync(HttpMethod.Put, "/api/storage/settings", answer)).Status);
        var kept = await _server.Services.GetRequiredService<HistorySettingsStore>().ReadAsync(default);
        Assert.Equal((730, 500), (kept.Keeping.Days, kept.KeepingOf["hp-001"].Megabytes));
    }

    [Theory]
    [InlineData("""{"keeping":{"days":0}}""", "keeping.days", "1 to 36500")]
    [InlineData("""{"keeping":{"megabytes":2000000}}""", "keeping.megabytes", "1 to 1000000")]
    [InlineData("""{"keeping":{"days":1.5}}""", "keeping.days", "whole number")]
    [InlineData("""{"keeping":{"weeks":1}}""", "keeping.weeks", "days, megabytes")]
    [InlineData("""{"keepingOf":{"hp-001":{"days":-4}}}""", "keepingOf.hp-001.days", "1 to 36500")]
    [InlineData("""{"keepingOf":{"hp-001":7}}""", "keepingOf.hp-001", "days, megabytes")]
    [InlineData("""{"keepingOf":{"hp-999":{"days":4}}}""", "keepingOf.hp-999", "no such heat pump")]
    [InlineData("""{"keepingOf":[]}""", "keepingOf", "object")]
    [InlineData("""{"source":"influxdb"}""", "source", "no engine that is set up")]
    public async Task PutSettings_WhatIsNotAllowed_NamesTheFieldAndChangesNothing(string body, string field, string allowed)
    {
        var answer = await _server.SendTextAsync(HttpMethod.Put, "/api/storage/settings", body);

        Assert.Contains(allowed, ApiServer.MessageFor(field, answer), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HistoryKeeping.ForEver, (await _server.Services.GetRequiredService<HistorySettingsStore>().ReadAsync(default)).Keeping);
    }

    [Fact]
    public async Task Engines_TellTheirParametersAndWhereEachValueComesFrom()
    {
        await SetUpAsync(new JsonObject { ["url"] = Nobody.OriginalString, ["token"] = Token });

        var (_, engines) = await _server.GetAsync("/api/storage/engines");

        Assert.Equal(["influxdb", "victoriametrics", "postgresql"], engines!.AsArray().Select(engine => (string)engine!["type"]!));
        var influx = engines[0]!;
        Assert.Contains("token", influx["parameters"]!.AsArray().Select(parameter => (string)parameter!["key"]!));
        Assert.Equal(
            ("saved", "saved", "environment", "default", "of-the-environment", "thermia"),
            (Origin("url"), Origin("token"), Origin("bucket"), Origin("org"), (string)influx["settings"]!["bucket"]!, (string)influx["settings"]!["org"]!));
        Assert.Null(engines[1]!["settings"]);

        string Origin(string key) => (string)influx["origins"]![key]!;
    }

    [Fact]
    public async Task PutEngine_ASecret_IsInNoAnswerAndStaysWhenItIsLeftOut()
    {
        var (status, answer) = await SetUpAsync(new JsonObject { ["url"] = Nobody.OriginalString, ["token"] = Token });
        Assert.Equal(HttpStatusCode.OK, status);

        var (_, again) = await SetUpAsync(new JsonObject { ["url"] = Nobody.OriginalString, ["org"] = "home" });

        Assert.Equal((Token, "home"), (await KeptAsync("token"), await KeptAsync("org")));
        foreach (var text in new[] { answer!.ToJsonString(), again!.ToJsonString(), (await _server.GetAsync("/api/storage")).Answer!.ToJsonString(), (await _server.GetAsync("/api/storage/engines")).Answer!.ToJsonString() })
            Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutEngine_EmptySecret_IsTakenAway()
    {
        await SetUpAsync(new JsonObject { ["url"] = Nobody.OriginalString, ["token"] = Token });

        await SetUpAsync(new JsonObject { ["url"] = Nobody.OriginalString, ["token"] = "" });

        Assert.Null(await KeptAsync("token"));
    }

    [Fact]
    public async Task PutEngine_AnotherAddress_IsNotSentTheSecretOfTheOne()
    {
        await SetUpAsync(new JsonObject { ["url"] = Nobody.OriginalString, ["token"] = Token });

        await SetUpAsync(new JsonObject { ["url"] = "http://192.0.2.7:8086" });

        Assert.Null(await KeptAsync("token"));
    }

    [Theory]
    [InlineData("""{"settings":{}}""", "settings.url", "required")]
    [InlineData("""{"settings":{"url":"ftp://x"}}""", "settings.url", "http://")]
    [InlineData("""{"settings":{"url":"http://127.0.0.1:1","version":"9"}}""", "settings.version", "auto, 1, 2, 3")]
    [InlineData("""{"settings":{"url":"http://127.0.0.1:1","database":"x"}}""", "settings.database", "bucket")]
    [InlineData("""{"isOn":true}""", "settings", "required")]
    [InlineData("""{"settings":{"url":"http://127.0.0.1:1"},"isOn":"yes"}""", "isOn", "true or false")]
    public async Task PutEngine_WhatIsNotAllowed_NamesTheField(string body, string field, string allowed)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Put, "/api/storage/engines/influxdb"), (HttpMethod.Post, "/api/storage/engines/influxdb/test") })
            Assert.Contains(allowed, ApiServer.MessageFor(field, await _server.SendTextAsync(method, path, body)), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(await _server.Services.GetRequiredService<HistorySettingsStore>().EnginesAsync(default));
    }

    [Fact]
    public async Task PutEngine_UnknownType_IsNotFoundAndNamesThoseThereAre()
    {
        var (status, answer) = await _server.SendTextAsync(HttpMethod.Put, "/api/storage/engines/oracle", """{"settings":{}}""");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("influxdb, victoriametrics, postgresql", (string)answer!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestEngine_NobodyAnswers_IsABadGatewayThatSaysWhy()
    {
        var (status, answer) = await _server.SendAsync(
            HttpMethod.Post, "/api/storage/engines/influxdb/test", new JsonObject { ["settings"] = new JsonObject { ["url"] = Nobody.OriginalString, ["token"] = Token } });

        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.DoesNotContain(Token, answer!.ToJsonString(), StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty((string?)answer["detail"]));
    }

    [Fact]
    public async Task Source_EngineDoesNotAnswer_HistoryComesFromTheEmbeddedStoreAndSaysSo()
    {
        await SetUpAsync(new JsonObject { ["url"] = Nobody.OriginalString });
        Assert.Equal(HttpStatusCode.OK, (await _server.SendTextAsync(HttpMethod.Put, "/api/storage/settings", """{"source":"influxdb"}""")).Status);
        await Eventually.IsTrue(() => _server.Services.GetRequiredService<EngineFeeds>().Source.Chosen == "influxdb");

        var (status, history) = await _server.GetAsync("/api/heatpumps/hp-001/history?sensor=outdoor_temperature&from=-1h");

        Assert.Equal((HttpStatusCode.OK, "embedded"), (status, (string)history!["source"]!));
        Assert.NotEmpty(history["times"]!.AsArray());
        var storage = (await _server.GetAsync("/api/storage")).Answer!;
        Assert.Equal("influxdb", (string)storage["source"]!);
        Assert.False(string.IsNullOrEmpty((string?)storage["sourceInstead"]));
        var health = (await _server.GetAsync("/health/ready")).Answer!["checks"]!["history_engines"]!;
        Assert.Equal("degraded", (string)health["status"]!);
        Assert.Contains("embedded store instead of influxdb", (string)health["description"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_EngineIsSwitchedOff_HistoryComesFromTheEmbeddedStoreAndSaysSo()
    {
        await SetUpAsync(new JsonObject { ["url"] = Nobody.OriginalString }, isOn: false);
        await _server.SendTextAsync(HttpMethod.Put, "/api/storage/settings", """{"source":"influxdb"}""");
        await Eventually.IsTrue(() => _server.Services.GetRequiredService<EngineFeeds>().Source.Chosen == "influxdb");

        Assert.Equal("embedded", (string)(await _server.GetAsync("/api/heatpumps/hp-001/history?sensor=outdoor_temperature&from=-1h")).Answer!["source"]!);
        Assert.Contains("switched off", (string)(await _server.GetAsync("/api/storage")).Answer!["sourceInstead"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemoveEngine_ThatIsReadFrom_ReadsFromTheEmbeddedStore()
    {
        await SetUpAsync(new JsonObject { ["url"] = Nobody.OriginalString });
        await _server.SendTextAsync(HttpMethod.Put, "/api/storage/settings", """{"source":"influxdb"}""");

        var (status, _) = await _server.SendAsync(HttpMethod.Delete, "/api/storage/engines/influxdb");

        Assert.Equal(HttpStatusCode.NoContent, status);
        Assert.Equal("embedded", (string)(await _server.GetAsync("/api/storage/settings")).Answer!["source"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.SendAsync(HttpMethod.Delete, "/api/storage/engines/influxdb")).Status);
    }

    private Task<(HttpStatusCode Status, JsonNode? Answer)> SetUpAsync(JsonObject settings, bool isOn = true) =>
        _server.SendAsync(HttpMethod.Put, "/api/storage/engines/influxdb", new JsonObject { ["settings"] = settings, ["isOn"] = isOn });

    private async Task<string?> KeptAsync(string key) =>
        (await _server.Services.GetRequiredService<HistorySettingsStore>().ReadAsync(default)).Engines.Single().Settings[key];
}
