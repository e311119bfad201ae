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
