using HPManager.Core.Control;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Tests.Core.Polling;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Core.Control;

/// <summary>Values that a heat pump forgets, repeated on a clock that is moved.</summary>
public sealed class HeldWritesTests : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);
    private static readonly HeatPumpId Pump = HeatPumpId.Parse("hp-001");
    private readonly PollingRig _rig = new(FakeMake.HeatPump("hp-001", "a"));
    private readonly MemoryDeviceMemory _memory = new();
    private readonly HeldWrites _held;
    private readonly WriteControl _control;

    public HeldWritesTests()
    {
        _held = NewHeld();
        _control = new WriteControl(_rig.Manager, _rig.Live, _held, _rig.Time, NullLogger<WriteControl>.Instance);
    }

    private FakeDevice Device => _rig.Make.Device("a");

    public async Task InitializeAsync()
    {
        await _rig.Manager.StartAsync(default);
        await _rig.AdvanceUntil(() => _rig.State("hp-001").Connection == ConnectionState.Online, TimeSpan.FromMilliseconds(1));
        await _held.StartAsync(default);
    }

    public async Task DisposeAsync()
    {
        await _held.StopAsync(default);
        _held.Dispose();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task Hold_WrittenValue_IsSentAgainOnItsPeriodUntilAnotherTakesItsPlace()
    {
        var began = _rig.Time.GetUtcNow();
        await Write("2.5");
        await _rig.AdvanceUntil(() => Device.Written.Count >= 3, Step);
        Assert.InRange(_rig.Time.GetUtcNow() - began, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10.5));

        await Write("1");
        await _rig.AdvanceUntil(() => Device.Written.Count >= 5, Step);

        Assert.Equal([2.5, 2.5, 2.5, 1, 1], Device.Written.Select(write => write.Item2));
    }

    [Fact]
    public async Task Release_HeldValue_IsNotSentAgain()
    {
        await Write("2.5");

        Assert.True(_held.Release(Pump, FakeMake.Surplus.Key));
        Assert.False(_held.Release(Pump, FakeMake.Surplus.Key));
        var polls = Device.Polls;
        await _rig.AdvanceUntil(() => Device.Polls >= polls + 30, Step);

        Assert.Single(Device.Written);
        Assert.Null(_held.Of(Pump, FakeMake.Surplus.Key));
    }

    [Fact]
    public async Task Hold_HeatPumpAway_IsSilentAndSendsAsSoonAsItIsBack()
    {
        await Write("2.5");
        Device.Failure = new Failure(FailureCause.PortClosed, "refused");
        await _rig.AdvanceUntil(() => _rig.State("hp-001").Connection == ConnectionState.Offline, Step);
        var away = _rig.Time.GetUtcNow();
        await _rig.AdvanceUntil(() => _rig.Time.GetUtcNow() - away > TimeSpan.FromMinutes(20), Step);
        Assert.Single(Device.Written);

        Device.Failure = null;
        await _rig.AdvanceUntil(() => Device.Written.Count == 2, Step);

        Assert.Equal(ConnectionState.Online, _rig.State("hp-001").Connection);
        Assert.InRange(_rig.Time.GetUtcNow() - _rig.State("hp-001").Since, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Start_AfterARestart_GoesOnWithWhatWasHeld()
    {
        await Write("2.5");
        await _held.StopAsync(default);

        using var next = NewHeld();
        await next.StartAsync(default);
        await _rig.AdvanceUntil(() => Device.Written.Count == 2, Step);

        Assert.Equal((2.5, "test"), (next.Of(Pump, FakeMake.Surplus.Key)!.Value, next.Of(Pump, FakeMake.Surplus.Key)!.RequestedBy));
        await next.StopAsync(default);
    }

    [Fact]
    public async Task Hold_SensorThatKeepsItsValue_IsNotHeld()
    {
        var writing = _control.WriteAsync(new WriteRequest(Pump, FakeMake.Target.Key, "52", "test"), default);
        await _rig.AdvanceUntil(() => writing.IsCompleted, Step);

        Assert.Equal(WriteStatus.Confirmed, (await writing).Status);
        Assert.Null(_held.Of(Pump, FakeMake.Target.Key));
    }

    private HeldWrites NewHeld() => new(_rig.Manager, _rig.Live, _memory, _rig.Time, NullLogger<HeldWrites>.Instance);

    private async Task Write(string value) =>
        Assert.Equal(WriteStatus.Sent, (await _control.WriteAsync(new WriteRequest(Pump, FakeMake.Surplus.Key, value, "test"), default)).Status);
}
