using HPManager.Drivers.Ebusd.Bus;
using HPManager.Drivers.Ebusd.Inventory;
using HPManager.Drivers.Ebusd.Tables;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Ebusd.Bus;

/// <summary>What the bus is asked for, and how ages are told without knowing ebusd's time zone; on a clock that the tests move.</summary>
public sealed class BusTests
{
    private static readonly MessageId Status = MessageId.Of("hmu", "RunDataStatuscode");
    private static readonly MessageId Target = MessageId.Of("ctlv2", "HwcTempDesired");

    private readonly ManualTime _time = new();

    [Fact]
    public void TryTake_AfterARest_GivesThreeAndThenOneEachTwoSeconds()
    {
        var budget = new BusBudget(_time);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => budget.TryTake()));
        Assert.Equal(TimeSpan.FromSeconds(2), budget.Wait());
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(budget.TryTake());
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal((TimeSpan.Zero, true, false), (budget.Wait(), budget.TryTake(), budget.TryTake()));
    }

    [Fact]
    public void TryTake_AllTheTime_NeverGivesMoreThanOneInTwoSecondsOnAverage()
    {
        var budget = new BusBudget(_time);
        var given = 0;
        for (var i = 0; i < 36_000; i++)
        {
            if (budget.TryTake()) given++;
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(given, 1800, 1803);
    }

    [Fact]
    public void Note_ReadThatMustBe_IsPaidLater()
    {
        var budget = new BusBudget(_time);
        for (var i = 0; i < 20; i++) budget.Note();

        Assert.False(budget.TryTake());
        Assert.Equal(TimeSpan.FromSeconds(8), budget.Wait());
        _time.Advance(TimeSpan.FromSeconds(8));
        Assert.True(budget.TryTake());
    }

    [Fact]
    public void Next_MessagesOfTwoGroups_ComeAsOftenAsTheirGroup()
    {
        var plan = NewPlan();
        var read = new List<MessageId>();
        for (var second = 0; second < 600; second++)
        {
            if (plan.Next(_time.GetUtcNow()) is { } due)
            {
                read.Add(due.Message);
                plan.NoteRead(due.Message, ReadKind.Values, _time.GetUtcNow());
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((20, 2), (read.Count(message => message == Status), read.Count(message => message == Target)));
        Assert.Equal(Status, read[0]);
    }

    [Theory]
    [InlineData(ReadKind.Unsupported, 24 * 60)]
    [InlineData(ReadKind.NotOffered, 24 * 60)]
    [InlineData(ReadKind.Refused, 24 * 60)]
    [InlineData(ReadKind.Empty, 30)]
    [InlineData(ReadKind.BusFault, 1)]
    public void Next_AfterAReadWithoutValue_WaitsAsLongAsItsReasonAsks(object kind, int minutes)
    {
        var plan = NewPlan();
        plan.NoteRead(Target, ReadKind.Values, _time.GetUtcNow() + TimeSpan.FromDays(9));
        plan.NoteRead(Status, (ReadKind)kind, _time.GetUtcNow());

        _time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        Assert.Null(plan.Next(_time.GetUtcNow()));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Status, plan.Next(_time.GetUtcNow())!.Value.Message);
    }

    [Fact]
    public void Next_MessageThatFailsAgainAndAgain_IsLeftAloneForLonger()
    {
        var plan = NewPlan();
        plan.NoteRead(Target, ReadKind.Values, _time.GetUtcNow() + TimeSpan.FromDays(9));
        for (var i = 0; i < 3; i++) plan.NoteRead(Status, ReadKind.BusFault, _time.GetUtcNow());

        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Null(plan.Next(_time.GetUtcNow()));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(plan.Next(_time.GetUtcNow()));
    }

    [Fact]
    public void Next_WhatOthersHaveRead_IsNotDue()
    {
        var plan = NewPlan();
        plan.NoteHeard(Status, _time.GetUtcNow());
        plan.NoteHeard(Target, _time.GetUtcNow());

        Assert.Null(plan.Next(_time.GetUtcNow()));
    }

    [Fact]
    public void Next_Suspended_IsNothing()
    {
        var plan = NewPlan();
        plan.Suspend();

        Assert.Null(plan.Next(_time.GetUtcNow()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-3.5)]
    [InlineData(12.75)]
    public void AgeOf_AnyZone_FollowsFromTheNewest(double zone)
    {
        var clock = new EbusdClock();
        var local = Local(zone);
        clock.NoteNewest(local, _time.GetUtcNow());

        Assert.Equal(TimeSpan.FromSeconds(90), clock.AgeOf(local.AddSeconds(-90), _time.GetUtcNow()));
        Assert.Equal(TimeSpan.Zero, clock.AgeOf(local.AddSeconds(5), _time.GetUtcNow()));
    }

    [Fact]
    public void AgeOf_NewestThatWasOld_IsRightAfterTheFirstRead()
    {
        var clock = new EbusdClock();
        clock.NoteNewest(Local(1).AddMinutes(-4), _time.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, clock.AgeOf(Local(1).AddMinutes(-4), _time.GetUtcNow()));

        clock.NoteNewest(Local(1), _time.GetUtcNow());

        Assert.Equal(TimeSpan.FromMinutes(4), clock.AgeOf(Local(1).AddMinutes(-4), _time.GetUtcNow()));
    }

    [Fact]
    public void AgeOf_ClockThatIsSetBack_IsRightAfterTheFirstRead()
    {
        var clock = new EbusdClock();
        clock.NoteNewest(Local(2), _time.GetUtcNow());
        clock.NoteRead(Local(1), _time.GetUtcNow());

        Assert.Equal(TimeSpan.FromSeconds(10), clock.AgeOf(Local(1).AddSeconds(-10), _time.GetUtcNow()));
    }

    [Fact]
    public void AgeOf_TimeGoesOn_AgesWithIt()
    {
        var clock = new EbusdClock();
        var local = Local(1);
        clock.NoteNewest(local, _time.GetUtcNow());
        _time.Advance(TimeSpan.FromMinutes(7));
        clock.NoteNewest(local, _time.GetUtcNow());

        Assert.Equal(TimeSpan.FromMinutes(7), clock.AgeOf(local, _time.GetUtcNow()));
    }

    private static ReadPlan NewPlan()
    {
        var plan = new ReadPlan();
        plan.Want([(Status, ReadGroup.Fast), (Target, ReadGroup.Slow)]);
        return plan;
    }

    private DateTime Local(double zone) => DateTime.SpecifyKind(_time.GetUtcNow().UtcDateTime.AddHours(zone), DateTimeKind.Unspecified);
}
