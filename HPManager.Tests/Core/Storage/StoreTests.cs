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
            .Select(number => Task.Run(() => HeatPumps.AddAsync(FakeMake.HeatPump("", "a" + number) with { Name = $"Pump {number}" }, default))));

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
    public async Task Owned_AddedWithAnIdOfItsOwn_GetsANewOneAndTheArgumentStaysAsItIs()
    {
        var owner = (await HeatPumps.AddAsync(FakeMake.HeatPump("", "a"), default)).Id;
        var rule = Rule(owner) with { Id = 77 };

        var first = await Alerts.AddAsync(rule, default);
        var second = await Alerts.AddAsync(rule, default);

        Assert.Equal((1, 2, 77), (first.Id, second.Id, rule.Id));
        Assert.Equal(rule with { Id = 2 }, second);
    }

    [Fact]
    public async Task Owned_RemovedByAnotherAtTheSameTime_IsReportedOnceAndNeverFails()
    {
        var owner = (await HeatPumps.AddAsync(FakeMake.HeatPump("", "a"), default)).Id;
        for (var round = 0; round < 20; round++)
        {
            var rule = await Alerts.AddAsync(Rule(owner), default);

            var removed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Alerts.RemoveAsync(rule.Id, default)))
                .Append(Task.Run(() => Alerts.UpdateAsync(rule with { Name = "Colder" }, default))));

            Assert.Equal(1, removed.Take(4).Count(done => done));
        }
    }

    [Fact]
    public async Task HeatPump_RemovedByAnotherAtTheSameTime_IsReportedOnceAndNeverFails()
    {
        for (var round = 0; round < 20; round++)
        {
            var heatPump = await HeatPumps.AddAsync(FakeMake.HeatPump("", "a"), default);

            var removed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => HeatPumps.RemoveAsync(heatPump.Id, default)))
                .Append(Task.Run(() => HeatPumps.UpdateAsync(heatPump with { Location = "Linz" }, default))));

            Assert.Equal(1, removed.Take(4).Count(done => done));
        }
    }

    [Fact]
    public async Task HeatPump_NameThatIsTaken_IsRefusedAndUsesUpNoId()
    {
        await HeatPumps.AddAsync(FakeMake.HeatPump("", "a") with { Name = "Cellar" }, default);

        await Assert.ThrowsAsync<Microsoft.EntityFrameworkCore.DbUpdateException>(
            () => HeatPumps.AddAsync(FakeMake.HeatPump("", "b") with { Name = "CELLAR" }, default));

        Assert.Equal("hp-002", (await HeatPumps.AddAsync(FakeMake.HeatPump("", "b") with { Name = "Attic" }, default)).Id.Value);
    }

    [Fact]
    public async Task DeviceMemory_HeatPumpIsGoneMeanwhile_KeepsWhatIsFoundOutAboutOthers()
    {
        var gone = (await HeatPumps.AddAsync(FakeMake.HeatPump("", "a") with { Name = "A" }, default)).Id;
        var kept = (await HeatPumps.AddAsync(FakeMake.HeatPump("", "b") with { Name = "B" }, default)).Id;
        await HeatPumps.RemoveAsync(gone, default);
        var memory = _host.Services.GetRequiredService<IDeviceMemory>();
        memory.Keep(gone, "modbus", "refuses 1");
        memory.Keep(kept, "modbus", "refuses 2");
        await _host.StopAsync();

        using var next = _folder.CreateHost();
        await next.StartAsync();

        var read = next.Services.GetRequiredService<IDeviceMemory>();
        Assert.Equal((null, "refuses 2"), (read.Recall(gone, "modbus"), read.Recall(kept, "modbus")));
        await next.StopAsync();
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

    private static AlertRule Rule(HeatPumpId owner) => new()
    {
        HeatPumpId = owner,
        Name = "Cold",
        Sensor = FakeMake.Outdoor.Key,
        Condition = AlertCondition.Below,
        Threshold = -10.5,
    };
}
