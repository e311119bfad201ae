using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.Polling;

public class HeatpumpManagerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly Failure Closed = new(FailureCause.PortClosed, "connection refused");

    [Fact]
    public async Task Start_TwoHeatPumps_PollsBothAtOnceAndThenOnTheGrid()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a"), FakeMake.HeatPump("hp-002", "b"));
        await rig.Manager.StartAsync(default);

        await rig.AdvanceUntil(() => rig.Observed.Count >= 2, TimeSpan.FromMilliseconds(1));
        await rig.AdvanceUntil(() => rig.Observed.Count >= 6, Second);

        var onGrid = rig.Observed.Skip(2).ToList();
        Assert.All(onGrid, snapshot => Assert.Equal(0, snapshot.At.Second % 30));
        Assert.Equal(["hp-001", "hp-002"], onGrid.Take(2).Select(snapshot => snapshot.HeatPumpId.Value).Order());
        Assert.Single(onGrid.Take(2).Select(snapshot => snapshot.At).Distinct());
    }

    [Fact]
    public async Task Poll_DeviceFails_IsOfflineWithReasonAndOthersGoOn()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a"), FakeMake.HeatPump("hp-002", "b"));
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => rig.Observed.Count >= 2, TimeSpan.FromMilliseconds(1));

        rig.Make.Device("a").Failure = Closed;
        await rig.AdvanceUntil(() => rig.State("hp-001").Connection == ConnectionState.Offline, Second);

        Assert.Equal(Closed, rig.State("hp-001").LastError);
        var before = rig.Make.Device("b").Polls;
        await rig.AdvanceUntil(() => rig.Make.Device("b").Polls >= before + 3, Second);
        Assert.Equal(ConnectionState.Online, rig.State("hp-002").Connection);
    }

    [Fact]
    public async Task Poll_DeviceComesBack_IsOnlineByItself()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a"));
        rig.Make.Device("a").Failure = Closed;
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => rig.State("hp-001").Connection == ConnectionState.Offline, Second);

        rig.Make.Device("a").Failure = null;
        await rig.AdvanceUntil(() => rig.State("hp-001").Connection == ConnectionState.Online, Second);

        Assert.Null(rig.State("hp-001").LastError);
    }

    [Fact]
    public async Task Poll_DeviceStaysAway_IsAskedLessOften()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a", seconds: 2));
        rig.Make.Device("a").Failure = Closed;
        await rig.Manager.StartAsync(default);

        var start = rig.Time.GetUtcNow();
        await rig.AdvanceUntil(() => rig.Make.Device("a").Polls >= 8, Second);

        Assert.True(rig.Time.GetUtcNow() - start > TimeSpan.FromMinutes(1), "8 polls in less than a minute, although nothing answers");
    }

    [Fact]
    public async Task Poll_DriverThrows_IsOfflineAndRecovers()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a"));
        rig.Make.Device("a").Throws = true;
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => rig.State("hp-001").Connection == ConnectionState.Offline, Second);

        rig.Make.Device("a").Throws = false;
        await rig.AdvanceUntil(() => rig.State("hp-001").Connection == ConnectionState.Online, Second);
    }

    [Fact]
    public async Task Poll_NeverEnds_IsGivenUpAndOthersGoOn()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a"), FakeMake.HeatPump("hp-002", "b"));
        rig.Make.Device("a").Hangs = true;
        await rig.Manager.StartAsync(default);

        await rig.AdvanceUntil(() => rig.State("hp-001").Connection == ConnectionState.Offline, Second);

        Assert.Equal(FailureCause.NoAnswer, rig.State("hp-001").LastError!.Cause);
        Assert.True(rig.Make.Device("b").Polls >= 2);
    }

    [Fact]
    public async Task Get_NoNewSnapshotForTwoIntervals_ReadingsAreStale()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a"));
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => rig.State("hp-001").Connection == ConnectionState.Online, Second);
        Assert.Equal(Quality.Good, rig.State("hp-001").Snapshot![FakeMake.Outdoor.Key]!.Value.Quality);

        rig.Make.Device("a").Failure = Closed;
        rig.Time.Advance(TimeSpan.FromSeconds(62));

        var reading = rig.State("hp-001").Snapshot![FakeMake.Outdoor.Key]!.Value;
        Assert.Equal(Quality.Stale, reading.Quality);
        Assert.Equal(5.7, reading.Value);
    }

    [Fact]
    public async Task Apply_WhileRunning_PollsTheNewOneAtOnceAndLeavesTheOtherAlone()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a"));
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => rig.Make.Device("a").Polls == 1, TimeSpan.FromMilliseconds(1));
        var before = rig.Time.GetUtcNow();

        await rig.Manager.ApplyAsync(FakeMake.HeatPump("hp-002", "b"), default);
        await rig.AdvanceUntil(() => rig.Make.Device("b").Polls == 1, TimeSpan.FromMilliseconds(1));

        Assert.True(rig.Time.GetUtcNow() - before < Second);
        Assert.Equal(1, rig.Make.Device("a").Polls);
    }

    [Fact]
    public async Task Remove_InTheMiddleOfAPollThatHangs_IsGoneAtOnce()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a"));
        rig.Make.Device("a").Hangs = true;
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => rig.Make.Device("a").Polls == 1, TimeSpan.FromMilliseconds(1));

        await rig.Manager.RemoveAsync(HeatPumpId.Parse("hp-001"), default).WaitAsync(TimeSpan.FromSeconds(5));

        Assert.Null(rig.Live.Get(HeatPumpId.Parse("hp-001")));
    }

    [Fact]
    public async Task Apply_TwoUnitsBehindOneEndpoint_ShareALoopAndOneCanLeave()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a", unit: 1), FakeMake.HeatPump("hp-002", "a", unit: 2));
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => rig.Observed.Count >= 2, TimeSpan.FromMilliseconds(1));

        await rig.Manager.RemoveAsync(HeatPumpId.Parse("hp-001"), default);
        var before = rig.Make.Device("a", 2).Polls;
        await rig.AdvanceUntil(() => rig.Make.Device("a", 2).Polls > before, Second);
    }

    [Fact]
    public async Task Apply_Disabled_IsShownAsSwitchedOffAndNotPolled()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a") with { Enabled = false });
        await rig.Manager.StartAsync(default);
        rig.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(ConnectionState.Disabled, rig.State("hp-001").Connection);
        Assert.Equal(0, rig.Make.Device("a").Polls);
    }

    [Fact]
    public async Task Apply_ModelIsGone_IsShownWithTheReason()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a") with { Model = "two" });
        await rig.Manager.StartAsync(default);

        Assert.Equal(ConnectionState.Offline, rig.State("hp-001").Connection);
        Assert.Contains("fake/two", rig.State("hp-001").LastError!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReloadModels_OneModelAppearsChangesAndGoes_TouchesOnlyItsHeatPump()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a"), FakeMake.HeatPump("hp-002", "b") with { Model = "two" });
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => !rig.Observed.IsEmpty, TimeSpan.FromMilliseconds(1));
        var untouched = rig.State("hp-001").Model;
        Assert.Equal(FailureCause.Misconfigured, rig.State("hp-002").LastError!.Cause);

        rig.Make.Others = [rig.Make.Model with { Key = "two" }];
        await rig.Manager.ReloadModelsAsync(default);
        await rig.AdvanceUntil(() => rig.State("hp-002").Connection == ConnectionState.Online, TimeSpan.FromMilliseconds(1));

        rig.Make.Others = [rig.Make.Model with { Key = "two", Name = "Two, changed" }];
        await rig.Manager.ReloadModelsAsync(default);
        await rig.AdvanceUntil(() => rig.State("hp-002") is { Connection: ConnectionState.Online, Model.Name: "Two, changed" }, TimeSpan.FromMilliseconds(1));

        rig.Make.Others = [];
        await rig.Manager.ReloadModelsAsync(default);
        Assert.Equal(FailureCause.Misconfigured, rig.State("hp-002").LastError!.Cause);
        Assert.Equal(ConnectionState.Online, rig.State("hp-001").Connection);
        Assert.Same(untouched, rig.State("hp-001").Model);
        Assert.Equal(1, rig.Make.Device("a").Polls);
    }

    [Fact]
    public async Task Stop_WhileADeviceHangs_Ends()
    {
        var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a"));
        rig.Make.Device("a").Hangs = true;
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => rig.Make.Device("a").Polls == 1, TimeSpan.FromMilliseconds(1));

        await rig.Manager.StopAsync(default).WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Session_OfARemovedHeatPump_IsLetGoWhileItsEndpointGoesOn()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a", unit: 1), FakeMake.HeatPump("hp-002", "a", unit: 2));
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => rig.Observed.Count >= 2, Second);

        await rig.Manager.RemoveAsync(HeatPumpId.Parse("hp-001"), default);

        Assert.Equal(1, rig.Make.Device("a", 1).Releases);
        Assert.Equal(0, rig.Make.Device("a", 2).Releases);
        await rig.Manager.StopAsync(default);
        Assert.Equal(1, rig.Make.Device("a", 2).Releases);
    }

    [Fact]
    public async Task Session_OfATestBesideAConfiguredHeatPump_IsLetGo()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a", unit: 1));
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => rig.Observed.Count >= 1, Second);

        await rig.Manager.TryAsync(FakeMake.HeatPump("", "a", unit: 2), rig.Make.Model, default);

        Assert.Equal(1, rig.Make.Device("a", 2).Releases);
    }
}
