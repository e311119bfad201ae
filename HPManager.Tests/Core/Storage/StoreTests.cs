using HPManager.Core.Alerts;
using HPManager.Core.Dashboards;
using HPManager.Core.HeatPumps;
using HPManager.Core.Jobs;
using HPManager.Core.Manufacturers;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HPManager.Tests.Core.Storage;

public sealed class StoreTests : IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private IHost _host = null!;

    private IHeatPumpStore HeatPumps => _host.Services.GetRequiredService<IHeatPumpStore>();

    private IOwnedStore<Dashboard> Dashboards => _host.Services.GetRequiredService<IOwnedStore<Dashboard>>();

    private IOwnedStore<AlertRule> Alerts => _host.Services.GetRequiredService<IOwnedStore<AlertRule>>();

    private IOwnedStore<Job> Jobs => _host.Services.GetRequiredService<IOwnedStore<Job>>();

    public async Task InitializeAsync()
    {
        _host = _folder.CreateHost();
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task HeatPump_AddedAndRead_IsTheSame()
    {
        var heatPump = FakeMake.HeatPump("", "a", seconds: 45) with { Name = "Wärme Keller", Location = "Graz", Enabled = false };

        var added = await HeatPumps.AddAsync(heatPump, default);
        var read = await HeatPumps.FindAsync(added.Id, default);

        Assert.Equal("hp-001", added.Id.Value);
        Assert.Equal(heatPump with { Id = added.Id }, read);
    }

    [Fact]
    public async Task HeatPump_AddedAfterARemoval_NeverGetsAnOldId()
    {
        var first = await HeatPumps.AddAsync(FakeMake.HeatPump("", "a") with { Name = "A" }, default);
        await HeatPumps.RemoveAsync(first.Id, default);

        var second = await HeatPumps.AddAsync(FakeMake.HeatPump("", "a") with { Name = "B" }, default);

        Assert.Equal("hp-002", second.Id.Value);
    }

    [Fact]
    public async Task HeatPump_ManyAddedAtOnce_GetDistinctIds()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(number => HeatPumps.AddAsync(FakeMake.HeatPump("", "a" + number) with { Name = $"Pump {number}" }, default)));

        Assert.Equal(20, added.Select(heatPump => heatPump.Id).Distinct().Count());
    }

    [Fact]
    public async Task HeatPump_Updated_IsReplaced()
    {
        var added = await HeatPumps.AddAsync(FakeMake.HeatPump("", "a"), default);
        var changed = added with { Interval = TimeSpan.FromSeconds(10), Options = new Settings([new("circuits", "a,b")]) };

        Assert.True(await HeatPumps.UpdateAsync(changed, default));

        Assert.Equal(changed, await HeatPumps.FindAsync(added.Id, default));
        Assert.False(await HeatPumps.UpdateAsync(changed with { Id = HeatPumpId.Parse("hp-099") }, default));
    }

    [Fact]
    public async Task Owned_AddedChangedAndRemoved_FollowsItsHeatPump()
    {
        var owner = (await HeatPumps.AddAsync(FakeMake.HeatPump("", "a"), default)).Id;
        var dashboard = await Dashboards.AddAsync(
            new Dashboard { HeatPumpId = owner, Name = "Mine", Tiles = [new("House", [FakeMake.Outdoor.Key], IsChart: true)] }, default);
        var rule = await Alerts.AddAsync(
            new AlertRule
            {
                HeatPumpId = owner,
                Name = "Cold",
                Sensor = FakeMake.Outdoor.Key,
                Condition = AlertCondition.Below,
                Threshold = -10.5,
                Severity = AlertSeverity.Critical,
            },
            default);
        var job = await Jobs.AddAsync(
            new Job
            {
                HeatPumpId = owner,
                Name = "Night",
                Sensor = FakeMake.Target.Key,
                Value = "40",
                Days = [DayOfWeek.Monday, DayOfWeek.Friday],
                At = new TimeOnly(22, 30),
            },
            default);

        Assert.True(await Dashboards.UpdateAsync(dashboard with { Name = "Ours" }, default));
        var read = await Dashboards.FindAsync(dashboard.Id, default);
        Assert.Equal("Ours", read!.Name);
        Assert.Equal([FakeMake.Outdoor.Key], Assert.Single(read.Tiles).Sensors);
        Assert.Equal(rule, await Alerts.FindAsync(rule.Id, default));
        var readJob = await Jobs.FindAsync(job.Id, default);
        Assert.Equal((job.At, "Monday,Friday"), (readJob!.At, string.Join(',', readJob.Days)));
        Assert.Single(await Jobs.ListAsync(owner, default));
        Assert.Empty(await Jobs.ListAsync(HeatPumpId.Parse("hp-077"), default));

        await HeatPumps.RemoveAsync(owner, default);

        Assert.Empty(await Dashboards.ListAsync(null, default));
        Assert.Empty(await Alerts.ListAsync(null, default));
        Assert.Empty(await Jobs.ListAsync(null, default));
    }

    [Fact]
    public async Task DeviceMemory_KeptBeforeTheEnd_IsThereAfterTheNextStart()
    {
        var id = (await HeatPumps.AddAsync(FakeMake.HeatPump("", "a"), default)).Id;
        _host.Services.GetRequiredService<IDeviceMemory>().Keep(id, "modbus", "old");
        _host.Services.GetRequiredService<IDeviceMemory>().Keep(id, "modbus", "refuses 4108");
        await _host.StopAsync();

        using var next = _folder.CreateHost();
        await next.StartAsync();

        Assert.Equal("refuses 4108", next.Services.GetRequiredService<IDeviceMemory>().Recall(id, "modbus"));
        await next.StopAsync();
    }
}
