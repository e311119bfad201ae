using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.ReadPlan;
using HPManager.Tests.Drivers.Modbus.Profiles;
using static HPManager.Tests.Drivers.Modbus.ReadPlan.PlanPoints;

namespace HPManager.Tests.Drivers.Modbus.ReadPlan;

/// <summary>The planner against the rules written down a second time, and against every way there is to share points out.</summary>
public class ReadPlanOptimumTests
{
    public static IEnumerable<object[]> ShippedModels => ShippedProfiles.Models.Select(model => new object[] { model.Manufacturer, model.Key });

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Plan_AnyPointsAndRules_CoversEachOnceAndBreaksNoRule(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var (points, rules) = Draw(random, count: random.Next(1, 60), span: 120);

            var plan = Plan(rules, points);

            Assert.Equal(Enumerable.Range(0, points.Count), plan.SelectMany(block => block.Points).Order());
            Assert.All(plan, block => Assert.True(IsAllowed(block.Points, points, rules), $"seed {seed}: {plan.Text()}"));
            Assert.All(plan, block => Assert.Equal(SpanOf(block.Points, points), (block.Start, block.Start + block.Count)));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Plan_FewPoints_NeedsNoMoreThanTheBestOfAllPartitions(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 25; round++)
        {
            var (points, rules) = Draw(random, count: random.Next(1, 8), span: 14);

            var best = Partitions(points.Count).Where(groups => groups.TrueForAll(group => IsAllowed(group, points, rules))).Min(groups => groups.Count);

            Assert.True(best == Plan(rules, points).Count, $"seed {seed}, round {round}: {best} would do, not {Plan(rules, points).Text()}");
        }
    }

    [Theory]
    [MemberData(nameof(ShippedModels))]
    public void Plan_ShippedProfile_CoversEveryReadablePointAndBreaksNoRule(string manufacturer, string key)
    {
        var model = ShippedProfiles.Model(manufacturer, key);
        var points = model.AllPoints();

        var plan = ReadPlanner.Plan(points, model.Profile.Blocks, new ReadFindings(), NoneAlone);

        var readable = Enumerable.Range(0, points.Count).Where(position => points[position].Sensor.IsReadable);
        Assert.Equal(readable, plan.SelectMany(block => block.Points).Order());
        Assert.All(plan, block => Assert.True(IsAllowed(block.Points, points, model.Profile.Blocks(block.Table)), $"{block.Start}({block.Count})"));
    }

    [Fact]
    public void Plan_NavigatorWithAllCircuits_KeepsTheOverlappingPairsApart()
    {
        var model = ShippedProfiles.Model("idm", "navigator_2_0");
        var plan = ReadPlanner.Plan(model.AllPoints(), model.Profile.Blocks, new ReadFindings(), NoneAlone);

        foreach (var (end, start) in new[] { (1394, 1393), (1443, 1442), (1485, 1484) })
        {
            Assert.Contains(plan, block => block.Start + block.Count == end);
            Assert.Contains(plan, block => block.Start == start);
        }

        Assert.DoesNotContain(plan, block => block.Start <= 1999 && block.Start + block.Count > 1999);
        Assert.Single(plan, block => block is { Start: 2007, Count: 1 });
    }

    private static (List<ModbusPoint> Points, BlockRules Rules) Draw(Random random, int count, int span)
    {
        var points = new List<ModbusPoint>();
        for (var i = 0; i < count; i++)
        {
            var address = random.Next(span);
            var point = random.Next(2) == 0 ? Word(address) : Double(address);

            // A sum or a text reaches over others, which then lie inside of it.
            if (random.Next(4) == 0) point = point with { Type = RegisterType.Text, TextLength = random.Next(1, 6) };
            points.Add(point with { ReadAlone = random.Next(10) == 0 });
        }

        var boundaries = Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(span)).ToArray();
        return (points, Rules(random.Next(5, 14), random.Next(4), boundaries));
    }

    private static bool IsAllowed(IReadOnlyList<int> block, IReadOnlyList<ModbusPoint> all, BlockRules rules)
    {
        var members = block.Select(position => all[position]).ToList();
        if (members.Count == 1) return true;
        if (members.Exists(point => point.ReadAlone)) return false;
        var (start, end) = SpanOf(block, all);
        var separated = Boundaries(rules).Any(at => members.Exists(point => point.Address < at) && members.Exists(point => point.Address >= at));
        if (separated || end - start > rules.MaxWords) return false;

        var hole = 0;
        for (var register = start; register < end; register++)
        {
            hole = members.Exists(point => Covers(point, register)) ? 0 : hole + 1;
            var isForeign = hole > 0 && all.Any(point => Covers(point, register) && (point.ReadAlone || !point.Sensor.IsReadable));
            if (hole > rules.MaxHole || isForeign) return false;
        }

        return true;
    }

    private static IEnumerable<int> Boundaries(BlockRules rules) =>
        rules.NewRequestAt.Concat(rules.OptionalRanges.SelectMany(range => new[] { range.First, range.Last + 1 }));

    private static bool Covers(ModbusPoint point, int register) => register >= point.Address && register < point.Address + point.Words;

    private static (int Start, int End) SpanOf(IReadOnlyList<int> block, IReadOnlyList<ModbusPoint> all) =>
        (block.Min(position => all[position].Address), block.Max(position => all[position].Address + all[position].Words));

    private static IEnumerable<List<List<int>>> Partitions(int count)
    {
        if (count == 0) return [[]];
        return Partitions(count - 1).SelectMany(smaller => Enumerable.Range(0, smaller.Count + 1).Select(target =>
        {
            var groups = smaller.ConvertAll(group => group.ToList());
            if (target == groups.Count) groups.Add([]);
            groups[target].Add(count - 1);
            return groups;
        }));
    }
}
