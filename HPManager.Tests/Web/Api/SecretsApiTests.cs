using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HPManager.Core.HeatPumps;
using HPManager.Core.Polling;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Web.Api;

/// <summary>REST takes passwords and never tells them.</summary>
public sealed class SecretsApiTests : IAsyncLifetime
{
    private const string Password = "Winter is coming";
    private ApiServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        _server.Make.Others = [_server.Make.Locked];
        await _server.Services.GetRequiredService<HeatpumpManager>().ReloadModelsAsync(default);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Password_OfAHeatPump_IsInNoAnswer()
    {
        var added = await AddAsync();
        var id = (string)added["id"]!;

        var texts = new[] { added.ToJsonString(), await GetAsync("/api/heatpumps"), await GetAsync($"/api/heatpumps/{id}") };

        Assert.All(texts, text => Assert.DoesNotContain(Password, text, StringComparison.Ordinal));
        Assert.Equal(Password, await KeptAsync(id));
    }

    [Fact]
    public async Task Answer_SentBackAsItIs_KeepsThePassword()
    {
        var added = await AddAsync();
        var id = (string)added["id"]!;

        using var response = await _server.Client.PutAsJsonAsync($"/api/heatpumps/{id}", added);

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal(Password, await KeptAsync(id));
    }

    private async Task<JsonNode> AddAsync()
    {
        using var response = await _server.Client.PostAsJsonAsync("/api/heatpumps", new
        {
            name = "Locked",
            manufacturer = "fake",
            model = "locked",
            connection = new { kind = "fake_tcp", host = "locked-host", password = Password },
        });
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private Task<string> GetAsync(string path) => _server.Client.GetStringAsync(path);

    private async Task<string?> KeptAsync(string id)
    {
        Assert.True(HeatPumpId.TryParse(id, out var parsed));
        var store = _server.Services.GetRequiredService<IHeatPumpStore>();
        return (await store.FindAsync(parsed, default))!.Connection.Settings["password"];
    }
}
