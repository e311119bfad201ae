namespace HPManager.Tests.Web.Api;

/// <summary>One server with the heat pump hp-001 for all tests of a class, which change nothing: what they ask for is refused.</summary>
public sealed class SharedApiServer : IAsyncLifetime
{
    internal ApiServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ApiServer.StartAsync();
        await Server.AddHeatPumpAsync();
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
