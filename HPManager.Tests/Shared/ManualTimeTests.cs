namespace HPManager.Tests.Shared;

public class ManualTimeTests
{
    [Fact]
    public async Task Advance_PastADelay_CompletesIt()
    {
        var time = new ManualTime();
        var delay = Task.Delay(TimeSpan.FromSeconds(30), time);

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(delay.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        await delay;
    }
}
