using System.Globalization;
using HPManager.Core.Polling;

namespace HPManager.Tests.Core.Polling;

public class PollGridTests
{
    [Theory]
    [InlineData("2026-01-15T12:00:07Z", 30, "2026-01-15T12:00:30Z")]
    [InlineData("2026-01-15T12:00:30Z", 30, "2026-01-15T12:01:00Z")]
    [InlineData("2026-01-15T12:00:59.999Z", 10, "2026-01-15T12:01:00Z")]
    public void After_AnyMoment_IsTheNextMultipleOfTheInterval(string moment, int seconds, string expected) =>
        Assert.Equal(At(expected), PollGrid.After(At(moment), TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void PhaseOf_ManyPlaces_IsEvenAndWithinTheInterval()
    {
        var stagger = new Stagger();
        var interval = TimeSpan.FromSeconds(10);
        var places = Enumerable.Range(0, 1000).Select(_ => stagger.Enter()).ToList();

        var phases = places.ConvertAll(place => stagger.PhaseOf(place, interval).TotalSeconds);

        Assert.All(phases, phase => Assert.InRange(phase, 0, 8));
        var busiest = phases.GroupBy(phase => (int)(phase * 10)).Max(group => group.Count());
        Assert.InRange(busiest, 1, 20);
    }

    [Fact]
    public void PhaseOf_FewPlaces_IsMilliseconds()
    {
        var stagger = new Stagger();
        var places = Enumerable.Range(0, 3).Select(_ => stagger.Enter()).ToList();

        Assert.All(places, place => Assert.True(stagger.PhaseOf(place, TimeSpan.FromSeconds(30)) < TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public void BackOff_FailuresInARow_GrowsToAMinuteAndNoFurther()
    {
        var pauses = Enumerable.Range(1, 20).Select(failures => BackOff.After(failures, TimeSpan.FromSeconds(5), chance: 0)).ToList();

        Assert.Equal(TimeSpan.Zero, pauses[0]);
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(TimeSpan.FromMinutes(1), pauses[^1]);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
