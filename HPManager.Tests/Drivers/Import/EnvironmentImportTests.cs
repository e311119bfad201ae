using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Drivers;
using HPManager.Drivers.Import;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HPManager.Tests.Drivers.Import;

/// <summary>Devices that the environment of an earlier collector names, on the real configuration and with the shipped makes.</summary>
public sealed class EnvironmentImportTests : IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private readonly Dictionary<string, string> _variables = [];
    private IHost _host = null!;

    private HeatPumpDirectory Directory => _host.Services.GetRequiredService<HeatPumpDirectory>();

    private IHeatPumpStore Store => _host.Services.GetRequiredService<IHeatPumpStore>();

    public async Task InitializeAsync()
    {
        _host = _folder.CreateHost(services => services.AddHPManagerDrivers());
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Battery_OfTheEnvironment_IsMadeAndCanBeEdited()
    {
        Set(("P3_DEVICE_ID", "PV0042"), ("MQTT_HOST", "192.0.2.7:1884"), ("MQTT_USERNAME", "owner"), ("MQTT_PASSWORD", "a secret"));

        var outcome = Assert.Single(await RunAsync());

        Assert.Null(outcome.Problem);
        var battery = Assert.Single(await Store.ListAsync(default));
        Assert.Equal(("powervault", "p3"), (battery.Manufacturer, battery.Model));
        Assert.Equal(
            ("192.0.2.7", "1884", "PV0042", "owner", "a secret"),
            (battery.Connection.Settings["host"], battery.Connection.Settings["port"], battery.Connection.Settings["device_id"], battery.Connection.Settings["user"], battery.Connection.Settings["password"]));
        Assert.True((await Directory.UpdateAsync(battery with { Name = "Cellar", Enabled = false }, default)).IsSaved);
    }

    [Fact]
    public async Task Device_RemovedInTheBrowser_IsNotMadeAgain()
    {
        Set(("P3_DEVICE_ID", "PV0042"), ("MQTT_BROKER", "192.0.2.7"));
        var made = Assert.Single(await RunAsync()).HeatPump!;
        await Directory.RemoveAsync(made.Id, default);

        var again = Assert.Single(await RunAsync());

        Assert.Equal((null, null), (again.HeatPump, again.Problem));
        Assert.Empty(await Store.ListAsync(default));
    }

    [Theory]
    [InlineData("P3_DEVICE_ID", "PV0042", "MQTT_HOST", "", "MQTT_HOST")]
    [InlineData("P3_DEVICE_ID", "PV/0042", "MQTT_HOST", "192.0.2.7", "Device id")]
    [InlineData("P3_DEVICE_ID", "PV0042", "MQTT_HOST", "not a host", "host")]
    public async Task Variable_ThatIsWrong_IsNamedAndNothingIsMade(string name, string value, string other, string otherValue, string said)
    {
        Set((name, value), (other, otherValue));

        var outcome = Assert.Single(await RunAsync());

        Assert.Contains(said, outcome.Problem, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(await Store.ListAsync(default));

        // What was not made is tried again when it has been put right.
        Set((name, "PV0042"), (other, "192.0.2.7"));
        Assert.NotNull(Assert.Single(await RunAsync()).HeatPump);
    }

    [Theory]
    [InlineData(null, null, "thermia", "diplomat")]
    [InlineData("ivt", null, "ivt", "rego_600")]
    [InlineData("NIBE", "brand: ivt", "nibe", "eb100_husdata")]
    [InlineData(null, "brand: ivt-rego1000", "ivt", "rego_1000")]
    [InlineData(null, "{ not yaml", "thermia", "diplomat")]
    public async Task Gateway_OfTheEnvironment_IsMadeForItsBrand(string? brand, string? configuration, string make, string model)
    {
        Set(("H66_IP", "http://192.0.2.9/"), ("COLLECTION_INTERVAL", "15"));
        if (brand is not null) Set(("HEATPUMP_BRAND", brand));

        Assert.Null(Assert.Single(await RunAsync(configuration)).Problem);

        var made = Assert.Single(await Store.ListAsync(default));
        Assert.Equal((make, model, "http", "192.0.2.9"), (made.Manufacturer, made.Model, made.Connection.Kind, made.Connection.Settings["host"]));
        Assert.Equal(TimeSpan.FromSeconds(15), made.Interval);
    }

    [Theory]
    [InlineData("HEATPUMP_BRAND", "acme", "thermia, ivt")]
    [InlineData("COLLECTION_INTERVAL", "0", "1 to 3600")]
    [InlineData("COLLECTION_INTERVAL", "often", "1 to 3600")]
    public async Task Gateway_WithAWrongVariable_IsNotMade(string name, string value, string said)
    {
        Set(("H66_IP", "192.0.2.9"), (name, value));

        Assert.Contains(said, Assert.Single(await RunAsync()).Problem, StringComparison.Ordinal);
        Assert.Empty(await Store.ListAsync(default));
    }

    [Fact]
    public async Task GatewayAtABroker_IsHeardThereAndMade()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var told = ToldOverMosquitto.Start(broker.Port, ("841d00aabbcc/HP/0007", "-3.4"));
        Set(("MQTT_BROKER", $"127.0.0.1:{broker.Port}"));

        Assert.Null(Assert.Single(await RunAsync()).Problem);

        var made = Assert.Single(await Store.ListAsync(default));
        Assert.Equal(("mqtt", "127.0.0.1", "841d00aabbcc"), (made.Connection.Kind, made.Connection.Settings["broker"], made.Connection.Settings["gateway"]));
        Assert.Equal(broker.Port, made.Connection.Settings.Integer("broker_port"));
    }

    [Fact]
    public async Task Environment_WithoutThoseVariables_MakesNothing() => Assert.Empty(await RunAsync());

    [Fact]
    public async Task Notes_Damaged_AreSaidInsteadOfMakingDevicesTwice()
    {
        Set(("P3_DEVICE_ID", "PV0042"), ("MQTT_HOST", "192.0.2.7"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "environment-devices.json"), "{");

        var fault = await Assert.ThrowsAsync<IOException>(RunAsync);

        Assert.Contains("environment-devices.json", fault.Message, StringComparison.Ordinal);
    }

    private void Set(params (string Name, string Value)[] variables)
    {
        foreach (var (name, value) in variables) _variables[name] = value;
    }

    private Task<IReadOnlyList<EnvironmentOutcome>> RunAsync(string? configuration = null) =>
        _host.Services.GetRequiredService<EnvironmentImport>().RunAsync(_variables.GetValueOrDefault, configuration, default);

    private Task<IReadOnlyList<EnvironmentOutcome>> RunAsync() => RunAsync(null);
}
