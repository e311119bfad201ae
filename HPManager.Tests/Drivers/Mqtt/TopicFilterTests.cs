using HPManager.Drivers.Mqtt;

namespace HPManager.Tests.Drivers.Mqtt;

public class TopicFilterTests
{
    // The examples of MQTT 3.1.1, 4.7, and their neighbours.
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player10", false)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("sport/#", "sports", false)]
    [InlineData("#", "a", true)]
    [InlineData("#", "/a/b", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+", "finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+/#", "a", true)]
    [InlineData("+/+/#", "a", false)]
    [InlineData("+/+/#", "a/b", true)]
    [InlineData("a/+/c/#", "a/b/c", true)]
    [InlineData("a/+/c/#", "a//c/d", true)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "A/b", false)]
    [InlineData("a/b", "a/b/", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("#", "$SYS/uptime", false)]
    [InlineData("+/uptime", "$SYS/uptime", false)]
    [InlineData("$SYS/#", "$SYS/uptime", true)]
    [InlineData("$SYS/+", "$SYS/uptime", true)]
    [InlineData("a/#", "a/$b", true)]
    [InlineData("/#", "/", true)]
    [InlineData("/", "/", true)]
    public void Matches_FilterAndTopic_FollowsTheSpecification(string filter, string topic, bool expected) =>
        Assert.Equal(expected, new TopicFilter(filter).Matches(topic));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("sport/tennis#", "stand alone")]
    [InlineData("sport/tennis/#/ranking", "at the end")]
    [InlineData("#/", "at the end")]
    [InlineData("sport+", "stand alone")]
    [InlineData("a/+b/c", "stand alone")]
    [InlineData("a/##", "stand alone")]
    [InlineData("a\0b", "U+0000")]
    public void New_NoFilter_SaysWhatIsWrong(string filter, string words) =>
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => new TopicFilter(filter)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a/+", "wildcards")]
    [InlineData("a/#", "wildcards")]
    [InlineData("a\0", "U+0000")]
    public void ProblemOf_NoTopic_SaysWhatIsWrong(string topic, string words) => Assert.Contains(words, MqttTopic.ProblemOf(topic), StringComparison.Ordinal);

    [Fact]
    public void ProblemOf_HalfASurrogatePair_SaysSo()
    {
        // Not as inline data: the test runner cannot carry such a text.
        Assert.Contains("surrogate", MqttTopic.ProblemOf("a\ud800b"), StringComparison.Ordinal);
        Assert.Contains("surrogate", TopicFilter.ProblemOf("\udc00"), StringComparison.Ordinal);
    }

    [Fact]
    public void ProblemOf_LongestTopic_IsNone()
    {
        Assert.Null(MqttTopic.ProblemOf(new string('a', 65_535)));
        Assert.Contains("65535", MqttTopic.ProblemOf(new string('a', 65_536)), StringComparison.Ordinal);
        Assert.Contains("65535", MqttTopic.ProblemOf(new string('ü', 32_768)), StringComparison.Ordinal);
    }

    [Fact]
    public void Matches_AnyFilterAndTopic_AgreesWithASecondReading()
    {
        var random = new Random(11);
        string[] levels = ["", "a", "b", "$x"];
        for (var i = 0; i < 200_000; i++)
        {
            var topic = string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => levels[random.Next(levels.Length)]));
            var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(3) == 0 ? "+" : levels[random.Next(levels.Length)]).ToList();
            if (random.Next(3) == 0) parts.Add("#");
            var filter = string.Join('/', parts);
            if (topic.Length == 0 || filter.Length == 0) continue;
            if (new TopicFilter(filter).Matches(topic) != MatchesAgain(parts, topic)) Assert.Fail($"{filter} and {topic}");
        }
    }

    private static bool MatchesAgain(List<string> filter, string topic)
    {
        var names = topic.Split('/');
        if (topic[0] == '$' && filter[0] is "+" or "#") return false;
        var isOpen = filter[^1] == "#";
        var count = isOpen ? filter.Count - 1 : filter.Count;
        if (names.Length < count || (!isOpen && names.Length > count)) return false;
        return Enumerable.Range(0, count).All(i => filter[i] == "+" || filter[i] == names[i]);
    }
}
