using HPManager.Drivers.Viessmann.Accounts;
using HPManager.Drivers.Viessmann.Client;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Viessmann;

public class CallBudgetTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 2, 3, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1450, 1, 76)]
    [InlineData(1450, 2, 151)]
    [InlineData(3000, 1, 37)]
    [InlineData(100_000, 1, 7)]
    public void ShortestInterval_OfAPlan_NeverExceedsDayAndWindow(int perDay, int gateways, int seconds)
    {
        var shortest = CallBudget.ShortestInterval(perDay, gateways);

        Assert.Equal(TimeSpan.FromSeconds(seconds), shortest);
        Assert.True((86_400 / shortest.TotalSeconds * gateways) + CallBudget.ReserveOf(perDay) <= perDay);
        Assert.True(600 / shortest.TotalSeconds * gateways <= 120 - 30);
    }

    [Fact]
    public void ADayOfPolls_AsFastAsAllowed_LeavesTheReserveToTheLastMinute()
    {
        var time = new ManualTime(Midnight);
        var budget = new CallBudget(time);
        DateTimeOffset? last = null;
        var polls = 0;
        while (time.GetUtcNow() < Midnight.AddDays(1))
        {
            if (budget.NextPoll(last, 1) <= time.GetUtcNow() && budget.Take(CallPurpose.Poll) is null) (last, polls) = (time.GetUtcNow(), polls + 1);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(polls, 1100, 1450 - 300);
    }

    [Fact]
    public void NextPoll_AfterMuchWasAsked_SpreadsWhatIsLeftOverTheDay()
    {
        var time = new ManualTime(Midnight.AddHours(12));
        var budget = new CallBudget(time);
        for (var i = 0; i < 1000; i++)
        {
            Assert.Null(budget.Take(CallPurpose.Asked));
            if (i % 100 == 99) time.Advance(TimeSpan.FromMinutes(10));
        }

        var pause = budget.NextPoll(time.GetUtcNow(), 1) - time.GetUtcNow();

        var left = Midnight.AddDays(1) - time.GetUtcNow();
        Assert.Equal(left.TotalSeconds / (1450 - 305 - 1000), pause.TotalSeconds, precision: 3);
    }

    [Fact]
    public void Take_DaysPollsSpent_LeavesTheReserveToWrites()
    {
        var time = new ManualTime(Midnight);
        var budget = new CallBudget(time) { PerDay = 100 };
        for (var i = 0; i < 79; i++)
        {
            Assert.Null(budget.Take(CallPurpose.Poll));
            time.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.Equal(Midnight.AddDays(1), budget.Take(CallPurpose.Poll));
        Assert.Equal(Midnight.AddDays(1), budget.NextPoll(time.GetUtcNow(), 1));
        for (var i = 0; i < 21; i++) Assert.Null(budget.Take(CallPurpose.Asked));
        Assert.Equal(Midnight.AddDays(1), budget.Take(CallPurpose.Asked));
        time.Advance(Midnight.AddDays(1) - time.GetUtcNow());
        Assert.Null(budget.Take(CallPurpose.Poll));
    }

    [Fact]
    public void Take_TenMinutesSpent_WaitsForTheOldestToPass()
    {
        var time = new ManualTime(Midnight);
        var budget = new CallBudget(time);
        for (var i = 0; i < 120; i++)
        {
            Assert.Null(budget.Take(CallPurpose.Asked));
            if (i == 0) time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(Midnight.AddMinutes(10), budget.Take(CallPurpose.Asked));
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.Null(budget.Take(CallPurpose.Asked));
        Assert.Equal(Midnight.AddMinutes(11), budget.Take(CallPurpose.Asked));
    }

    [Fact]
    public void Exceeded_WithAReset_IsObeyedToTheMoment()
    {
        var time = new ManualTime(Midnight.AddHours(6));
        var budget = new CallBudget(time);
        var reset = DateTimeOffset.FromUnixTimeMilliseconds(1770163203500);
        Assert.Equal(new DateTimeOffset(2026, 2, 4, 0, 0, 3, 500, TimeSpan.Zero), reset);

        budget.Exceeded(new CloudLimit("test day limit", 1450, reset));

        Assert.Equal(reset, budget.Take(CallPurpose.Asked));
        Assert.Equal(reset, budget.NextPoll(null, 1));
        time.Advance(reset - time.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        Assert.Equal(reset, budget.Take(CallPurpose.Poll));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(budget.Take(CallPurpose.Poll));
        Assert.Null(budget.Blocked);
    }

    [Theory]
    [InlineData(null, "ViCare day limit", 18 * 60)]
    [InlineData(null, "", 10)]
    [InlineData(-5, "x", 10)]
    [InlineData(60 * 48, "x", 10)]
    public void Exceeded_WithoutAReset_WaitsAsLongAsTheLimitCanLast(int? minutes, string name, int expected)
    {
        var time = new ManualTime(Midnight.AddHours(6));
        var budget = new CallBudget(time);

        budget.Exceeded(new CloudLimit(name, null, time.GetUtcNow() + (minutes is { } told ? TimeSpan.FromMinutes(told) : null)));

        Assert.Equal(time.GetUtcNow().AddMinutes(expected), budget.Take(CallPurpose.Asked));
    }

    [Fact]
    public void Exceeded_EarlierThanOurOwnCalls_NoticesSomebodyElse()
    {
        var time = new ManualTime(Midnight.AddHours(6));
        var budget = new CallBudget(time);
        for (var i = 0; i < 50; i++) budget.Take(CallPurpose.Asked);

        budget.Exceeded(new CloudLimit("day", 1450, Midnight.AddDays(1).AddSeconds(3)));

        Assert.Contains("1450 calls a day", budget.Others, StringComparison.Ordinal);
        Assert.Contains("HPManager made 50", budget.Others, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Null(budget.Others);
    }

    [Fact]
    public void Exceeded_ByOurOwnCalls_BlamesNobody()
    {
        var time = new ManualTime(Midnight.AddHours(6));
        var budget = new CallBudget(time);
        for (var i = 0; i < 119; i++) budget.Take(CallPurpose.Asked);

        budget.Exceeded(new CloudLimit("", 120, time.GetUtcNow().AddMinutes(8)));

        Assert.Null(budget.Others);
    }

    [Fact]
    public void Restore_AfterARestart_GoesOnCounting()
    {
        var time = new ManualTime(Midnight.AddHours(6));
        var before = new CallBudget(time);
        for (var i = 0; i < 60; i++) before.Take(CallPurpose.Asked);
        before.Take(CallPurpose.Poll);
        before.Exceeded(new CloudLimit("x", 1450, time.GetUtcNow().AddHours(3)));
        var kept = before.ToJson();
        time.Advance(TimeSpan.FromMinutes(1));

        var after = new CallBudget(time);
        var last = after.Restore(kept);

        Assert.Equal(61, after.Today);
        Assert.Equal(time.GetUtcNow().AddMinutes(-1), last);
        Assert.Equal(Midnight.AddHours(9), after.Take(CallPurpose.Asked));
        Assert.NotNull(after.Others);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"day\":7}")]
    [InlineData("{\"day\":\"2026-02-03\",\"today\":-4,\"recent\":[-9223372036854775808,9223372036854775807]}")]
    [InlineData("{\"day\":\"2026-02-03\",\"today\":1,\"recent\":[],\"blockedUntil\":\"9999-12-31T23:59:59Z\"}")]
    public void Restore_Nonsense_IsNothing(string kept)
    {
        var budget = new CallBudget(new ManualTime(Midnight.AddHours(6)));

        budget.Restore(kept);

        Assert.Null(budget.Take(CallPurpose.Asked));
    }
}
