using HPManager.Drivers.Sockets;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Sockets;

public class HostGateTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task EnterAsync_FreeHost_LeavesNothingBehind()
    {
        var gate = new HostGate(TimeProvider.System);

        using (var pass = await gate.EnterAsync("10.0.0.5", Limit, default))
        {
            Assert.NotNull(pass);
            Assert.Equal(1, gate.Count);
            pass.Dispose();
            Assert.Equal(0, gate.Count);
        }

        Assert.Equal(0, gate.Count);
    }

    [Theory]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("heat-pump.invalid", "HEAT-PUMP.invalid")]
    [InlineData("fe80::1", "[fe80:0:0::1]")]
    [InlineData("::ffff:10.0.0.5", "10.0.0.5")]
    public async Task EnterAsync_TwoSpellingsOfOneHost_TakeTurns(string one, string other)
    {
        var gate = new HostGate(TimeProvider.System);
        var first = await gate.EnterAsync(one, Limit, default);

        var second = gate.EnterAsync(other, Limit, default).AsTask();
        await Eventually.IsTrue(() => gate.Count > 0);
        Assert.False(second.IsCompleted);
        first!.Dispose();

        using var entered = await second;
        Assert.NotNull(entered);
    }

    [Fact]
    public async Task EnterAsync_OtherHost_IsFree()
    {
        var gate = new HostGate(TimeProvider.System);
        using var one = await gate.EnterAsync("10.0.0.5", Limit, default);
        using var other = await gate.EnterAsync("10.0.0.6", Limit, default);

        Assert.NotNull(other);
    }

    [Fact]
    public async Task EnterAsync_HostThatStaysTaken_GivesUpAfterTheLimit()
    {
        var time = new ManualTime();
        var gate = new HostGate(time);
        using var taken = await gate.EnterAsync("10.0.0.5", Limit, default);

        var waiting = gate.EnterAsync("10.0.0.5", Limit, default).AsTask();
        await Eventually.IsTrue(() => time.WaitingTimers > 0);
        time.Advance(Limit);

        Assert.Null(await waiting);
        taken!.Dispose();
        Assert.Equal(0, gate.Count);
    }

    [Fact]
    public async Task EnterAsync_Cancelled_ThrowsAndLeavesNothingBehind()
    {
        var gate = new HostGate(TimeProvider.System);
        var taken = await gate.EnterAsync("10.0.0.5", Limit, default);
        using var cancel = new CancellationTokenSource();

        var waiting = gate.EnterAsync("10.0.0.5", Limit, cancel.Token).AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        taken!.Dispose();
        Assert.Equal(0, gate.Count);
    }

    [Fact]
    public async Task EnterAsync_ManyAtOnce_AreNeverTwoInside()
    {
        var gate = new HostGate(TimeProvider.System);
        var inside = 0;
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            using var pass = await gate.EnterAsync(i % 2 == 0 ? "localhost" : "127.0.0.1", Limit, default);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        }));

        Assert.Equal(1, most);
        Assert.Equal(0, gate.Count);
    }
}
