using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Benchmarks.ReadPlan;

/// <summary>
/// The fewest requests that cover all points under the rules, by trying every length of every request: the first point that is left must begin one,
/// and what remains after each length is solved the same way. Rules are checked register by register; what is
/// only written is not read, not even along. Shares nothing with the product's planner.
/// </summary>
internal static class ExactOptimum
{
    public static int Count(IReadOnlyList<ModbusPoint> points, Func<ModbusTable, BlockRules> rules) => points.GroupBy(point => point.Table).Sum(table =>
        table.Count(point => point.Sensor.IsReadable && point.ReadAlone) + Count(table, rules(table.Key)));

    private static int Count(IEnumerable<ModbusPoint> table, BlockRules rules)
    {
        var all = table.ToList();
        var points = all.Where(point => point.Sensor.IsReadable && !point.ReadAlone).OrderBy(point => point.Address).ThenByDescending(point => point.End).ToList();
        var foreign = all.Where(point => point.ReadAlone || !point.Sensor.IsReadable).SelectMany(point => Enumerable.Range(point.Address, point.Words)).ToHashSet();
        var fewest = new int[points.Count + 1];
        for (var first = points.Count - 1; first >= 0; first--)
        {
            fewest[first] = 1 + fewest[first + 1];
            for (var words = points[first].Words; words <= rules.MaxWords; words++)
            {
                var inside = Inside(points, first, words, rules);
                if (inside.Count > 1 && IsAllowed(inside, rules, foreign)) fewest[first] = Math.Min(fewest[first], 1 + fewest[first + inside.Count]);
            }
        }

        return fewest[0];
    }

    private static List<ModbusPoint> Inside(List<ModbusPoint> points, int first, int words, BlockRules rules)
    {
        var start = points[first].Address;
        var boundary = BoundariesOf(rules).Where(at => at > start).DefaultIfEmpty(int.MaxValue).Min();
        return [.. points.Skip(first).TakeWhile(point => point.End <= start + words && point.Address < boundary)];
    }

    private static IEnumerable<int> BoundariesOf(BlockRules rules) =>
        rules.NewRequestAt.Concat(rules.OptionalRanges.SelectMany(range => new[] { range.First, range.Last + 1 }));

    private static bool IsAllowed(List<ModbusPoint> inside, BlockRules rules, HashSet<int> foreign)
    {
        var covered = inside.SelectMany(point => Enumerable.Range(point.Address, point.Words)).ToHashSet();
        var hole = 0;
        for (var register = covered.Min(); register <= covered.Max(); register++)
        {
            hole = covered.Contains(register) ? 0 : hole + 1;
            if (hole > rules.MaxHole || (hole > 0 && foreign.Contains(register))) return false;
        }

        return true;
    }
}
