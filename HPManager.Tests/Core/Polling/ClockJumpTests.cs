using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.Polling;

/// <summary>A clock that is put right while heat pumps are polled: a machine without a battery begins in 1970, or where it was switched off, and asks the network later.</summary>
public class ClockJumpTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(-20 * 365)]
    [InlineData(-0.1)]
    [InlineData(-0.01)]
    public async Task Poll_ClockIsPutBack_GoesOnWithinAnInterval(double days)
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a"), FakeMake.HeatPump("hp-002", "a", unit: 2));
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => rig.Observed.Count >= 4, Second);

        rig.Time.Jump(TimeSpan.FromDays(days));
        var (before, since) = (rig.Observed.Count, rig.Time.GetUtcNow());
        await rig.AdvanceUntil(() => rig.Observed.Count >= before + 4, Second);

        Assert.InRange(rig.Time.GetUtcNow() - since, Second, TimeSpan.FromSeconds(100));
        Assert.Equal(["hp-001", "hp-002"], rig.Observed.Skip(before).Select(snapshot => snapshot.HeatPumpId.Value).Distinct().Order());
        Assert.InRange(rig.Observed.Last().At, since, rig.Time.GetUtcNow());
        Assert.All(rig.Observed.Skip(before + 2), snapshot => Assert.Equal(0, snapshot.At.Second % 30));
    }

    [Fact]
    public async Task Poll_ClockIsPutForward_GoesOnAndCountsNothingAsMissedOrLate()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a"));
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => rig.Observed.Count >= 2, Second);

        rig.Time.Jump(TimeSpan.FromDays(3650));
        var (before, since) = (rig.Observed.Count, rig.Time.GetUtcNow());
        await rig.AdvanceUntil(() => rig.Observed.Count >= before + 3, Second);

        Assert.InRange(rig.Observed.Last().At, since, rig.Time.GetUtcNow());
        Assert.Equal(0, rig.State("hp-001").MissedPolls);
        Assert.InRange(rig.State("hp-001").Lateness, TimeSpan.Zero, 2 * Second);
    }

    [Fact]
    public async Task Get_SnapshotOfBeforeTheClockWasPutBack_IsNotShownAsNew()
    {
        await using var rig = new PollingRig(FakeMake.HeatPump("hp-001", "a"));
        await rig.Manager.StartAsync(default);
        await rig.AdvanceUntil(() => rig.State("hp-001").Connection == ConnectionState.Online, Second);

        rig.Time.Jump(TimeSpan.FromDays(-400));

        Assert.Equal(Quality.Stale, rig.State("hp-001").Snapshot![FakeMake.Outdoor.Key]!.Value.Quality);
    }
}
