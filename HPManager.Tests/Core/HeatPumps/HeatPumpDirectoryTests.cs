using HPManager.Core.HeatPumps;
using HPManager.Tests.Core.Polling;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Core.HeatPumps;

public sealed class HeatPumpDirectoryTests : IAsyncLifetime
{
    private readonly PollingRig _rig = new();
    private readonly MemoryTimeSeriesStore _history = new();
    private readonly HeatPumpDirectory _directory;

    public HeatPumpDirectoryTests() => _directory =
        new HeatPumpDirectory(_rig.Store, _rig.Registry, _rig.Manager, _history, NullLogger<HeatPumpDirectory>.Instance);

    public Task InitializeAsync() => _rig.Manager.StartAsync(default);

    public async Task DisposeAsync()
    {
        _directory.Dispose();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task Add_Valid_IsKeptWithDefaultsAndPolled()
    {
        var saved = await _directory.AddAsync(
            FakeMake.HeatPump("", "a") with { Name = "  Cellar ", Options = Settings.Empty }, default);

        Assert.Equal(("hp-001", "Cellar", "a"), (saved.HeatPump!.Id.Value, saved.HeatPump.Name, saved.HeatPump.Options["circuits"]));
        await _rig.AdvanceUntil(() => _rig.Make.Device("a").Polls == 1, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Add_EverythingWrong_NamesEveryField()
    {
        var candidate = FakeMake.HeatPump("", "http://pump/") with
        {
            Name = " ",
            Interval = TimeSpan.Zero,
            Options = new Settings([new("circuits", "z"), new("pool", "1")]),
        };

        var saved = await _directory.AddAsync(candidate, default);

        Assert.False(saved.IsSaved);
        Assert.Equal(
            ["connection.host", "interval", "name", "options.circuits", "options.pool"], saved.Errors.Select(error => error.Field).Order());
        Assert.Empty(await _rig.Store.ListAsync(default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3601)]
    public async Task Add_IntervalOutOfRange_IsNamed(int seconds)
    {
        var saved = await _directory.AddAsync(FakeMake.HeatPump("", "a", seconds: seconds), default);

        Assert.Equal("interval", Assert.Single(saved.Errors).Field);
    }

    [Fact]
    public async Task Add_UnknownModel_SaysWhatThereIs()
    {
        var saved = await _directory.AddAsync(FakeMake.HeatPump("", "a") with { Model = "two" }, default);

        var error = Assert.Single(saved.Errors);
        Assert.Equal("model", error.Field);
        Assert.Contains("one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_SameNameOrSamePlace_IsRefused()
    {
        await _directory.AddAsync(FakeMake.HeatPump("", "a") with { Name = "Cellar" }, default);

        var namesake = await _directory.AddAsync(FakeMake.HeatPump("", "b") with { Name = "CELLAR" }, default);
        var twin = await _directory.AddAsync(FakeMake.HeatPump("", "a") with { Name = "Attic" }, default);
        var neighbour = await _directory.AddAsync(FakeMake.HeatPump("", "a", unit: 2) with { Name = "Attic" }, default);

        Assert.Equal("name", Assert.Single(namesake.Errors).Field);
        Assert.Equal("connection", Assert.Single(twin.Errors).Field);
        Assert.True(neighbour.IsSaved);
    }

    [Fact]
    public async Task Update_Unknown_IsNotFound() =>
        Assert.True((await _directory.UpdateAsync(FakeMake.HeatPump("hp-009", "a"), default)).IsNotFound);

    [Fact]
    public async Task Update_AnotherHost_PollsThereAtOnce()
    {
        var added = await _directory.AddAsync(FakeMake.HeatPump("", "a"), default);

        await _directory.UpdateAsync(FakeMake.HeatPump(added.HeatPump!.Id.Value, "b"), default);

        await _rig.AdvanceUntil(() => _rig.Make.Device("b").Polls == 1, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Remove_Existing_ForgetsItAndItsHistory()
    {
        var id = (await _directory.AddAsync(FakeMake.HeatPump("", "a"), default)).HeatPump!.Id;

        Assert.True(await _directory.RemoveAsync(id, default));

        Assert.Null(_rig.Live.Get(id));
        Assert.Equal([id], _history.Deleted);
        Assert.False(await _directory.RemoveAsync(id, default));
    }
}
