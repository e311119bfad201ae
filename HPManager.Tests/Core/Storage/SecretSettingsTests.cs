using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HPManager.Tests.Core.Storage;

/// <summary>A password is used as it was typed, and its file does not tell it.</summary>
public sealed class SecretSettingsTests : IAsyncLifetime
{
    private const string Password = " Winter is coming ";
    private readonly DataFolder _folder = new();
    private readonly FakeMake _make = new();
    private IHost _host = null!;

    private IHeatPumpStore Store => _host.Services.GetRequiredService<IHeatPumpStore>();

    private HeatPumpDirectory Directory => _host.Services.GetRequiredService<HeatPumpDirectory>();

    private static HeatPump Locked => FakeMake.LockedHeatPump("", "a", Password);

    public async Task InitializeAsync()
    {
        _make.Others = [_make.Locked];
        _host = _folder.CreateHost(_make);
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Secret_Kept_ReadsBackAndIsSealedInTheFile()
    {
        var added = (await Directory.AddAsync(Locked, default)).HeatPump!;

        Assert.Equal(Password, (await Store.FindAsync(added.Id, default))!.Connection.Settings["password"]);
        Assert.Equal(Password, Assert.Single(await Store.ListAsync(default)).Connection.Settings["password"]);
        Assert.Equal($"sealed:{ReversingProtector.Reversed(Password)}", await KeptTextAsync());
    }

    [Fact]
    public async Task Secret_WhoseKeyIsLost_IsLeftOutAndNothingElse()
    {
        var added = (await Directory.AddAsync(Locked, default)).HeatPump!;
        ((ReversingProtector)_host.Services.GetRequiredService<ISecretProtector>()).HasLostItsKey = true;

        var read = (await Store.FindAsync(added.Id, default))!;

        Assert.Null(read.Connection.Settings["password"]);
        Assert.Equal("a", read.Connection.Settings["host"]);
    }

    [Fact]
    public async Task Secret_LeftOutOfAChange_StaysAtTheSameEndpoint()
    {
        var added = (await Directory.AddAsync(Locked, default)).HeatPump!;

        var changed = await Directory.UpdateAsync(Without(added) with { Name = "Another name" }, default);

        Assert.Equal(Password, changed.HeatPump!.Connection.Settings["password"]);
    }

    [Fact]
    public async Task Secret_LeftOutOfAChangeToAnotherHost_DoesNotGoThere()
    {
        var added = (await Directory.AddAsync(Locked, default)).HeatPump!;
        var elsewhere = Without(added);
        elsewhere = elsewhere with { Connection = elsewhere.Connection with { Settings = elsewhere.Connection.Settings.With("host", "b") } };

        var changed = await Directory.UpdateAsync(elsewhere, default);

        Assert.True(changed.IsSaved);
        Assert.Null(changed.HeatPump!.Connection.Settings["password"]);
    }

    [Fact]
    public async Task Secret_Empty_IsTakenAway()
    {
        var added = (await Directory.AddAsync(Locked, default)).HeatPump!;
        var empty = added with { Connection = added.Connection with { Settings = added.Connection.Settings.With("password", "") } };

        var changed = await Directory.UpdateAsync(empty, default);

        Assert.Null(changed.HeatPump!.Connection.Settings["password"]);
    }

    private HeatPump Without(HeatPump heatPump) => _make.Others[0].WithoutSecrets(heatPump);

    private async Task<string> KeptTextAsync()
    {
        await using var context = await _host.Services.GetRequiredService<IDbContextFactory<HPManagerContext>>().CreateDbContextAsync();
        return (await context.HeatPumps.SingleAsync()).Connection.Settings["password"]!;
    }
}
