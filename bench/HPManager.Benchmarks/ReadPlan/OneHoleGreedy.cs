using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Benchmarks.ReadPlan;

/// <summary>
/// The usual way to join registers, as the peer: by address, a point joins the request before it when it touches or overlaps it, or leaves a hole
/// that the rules allow and the request has none yet. Shares nothing with the product's planner.
/// </summary>
internal static class OneHoleGreedy
{
    public static int Count(IReadOnlyList<ModbusPoint> points, Func<ModbusTable, BlockRules> rules) =>
        points.GroupBy(point => point.Table).Sum(table => Count([.. table.OrderBy(point => point.Address).ThenBy(point => point.End)], rules(table.Key)));

    private static int Count(List<ModbusPoint> points, BlockRules rules)
    {
        var requests = points.Count(point => point.ReadAlone);
        var (isOpen, start, end, hasHole) = (false, 0, 0, false);
        foreach (var point in points.Where(point => !point.ReadAlone))
        {
            var hole = point.Address - end;
            var joins = isOpen
                && Math.Max(end, point.End) - start <= rules.MaxWords
                && (hole <= 0 || (hole <= rules.MaxHole && !hasHole))
                && !rules.NewRequestAt.Contains(point.Address)
                && !rules.OptionalRanges.Any(range => range.Contains(start) != range.Contains(point.Address));
            if (joins)
            {
                hasHole |= hole > 0;
                end = Math.Max(end, point.End);
                continue;
            }

            requests++;
            (isOpen, start, end, hasHole) = (true, point.Address, point.End, false);
        }

        return requests;
    }
}
