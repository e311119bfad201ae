using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Drivers.Modbus.ReadPlan;

/// <summary>
/// Joins points into the fewest requests that the rules allow. Pure and thread-safe.
/// <para>
/// A point that lies inside another one (a bit of a word, the kWh of a total) comes along with it and costs nothing. The others, ordered by
/// address, are ordered by end too. Whatever may be read in one request may therefore also be read without its first or its last point, and
/// putting a point between two of its points makes nothing worse. Taking the longest allowed run from the left is then optimal: no other way
/// to share the points out has fewer requests.
/// </para>
/// </summary>
public static class ReadPlanner
{
    /// <summary>Plans a poll.</summary>
    /// <param name="points">All points of a heat pump; those that are only written are left out, and their registers never read along.</param>
    /// <param name="rules">Rules of a table.</param>
    /// <param name="findings">
    /// What this heat pump refused earlier. An optional point shares a request only after it has answered alone once, because a device that lacks it
    /// may shift the values of its neighbours instead of refusing.
    /// </param>
    /// <param name="alone">Positions of points that must not share a request, beside those that never may.</param>
    /// <returns>Requests by table and address. Every readable point that is not absent is in exactly one.</returns>
    public static IReadOnlyList<ReadBlock> Plan(
        IReadOnlyList<ModbusPoint> points, Func<ModbusTable, BlockRules> rules, ReadFindings findings, IReadOnlySet<int> alone)
    {
        var blocks = new List<ReadBlock>();
        foreach (var table in Enumerable.Range(0, points.Count).GroupBy(position => points[position].Table).OrderBy(table => table.Key))
        {
            var members = table.ToLookup(position => RoleOf(position, points[position], findings, alone));
            var untouchable = table.Except(members[Role.Joined]).SelectMany(position => RegistersOf(points[position])).ToHashSet();
            var run = new Run(points, rules(table.Key), findings, untouchable);
            var joined = members[Role.Joined].OrderBy(position => points[position].Address).ThenByDescending(position => points[position].Words);
            blocks.AddRange(members[Role.Single].Select(position => ReadBlock.Of(points, [position]))
                .Concat(run.Join(joined))
                .OrderBy(block => block.Start));
        }

        return blocks;
    }

    private static Role RoleOf(int position, ModbusPoint point, ReadFindings findings, IReadOnlySet<int> alone)
    {
        if (!point.Sensor.IsReadable || findings.IsAbsent(point)) return Role.None;
        var unproven = point.Optional && !findings.IsPresent(point);
        return point.ReadAlone || unproven || alone.Contains(position) ? Role.Single : Role.Joined;
    }

    private static IEnumerable<int> RegistersOf(ModbusPoint point) => Enumerable.Range(point.Address, point.Words);

    private enum Role
    {
        None,
        Single,
        Joined,
    }

    private sealed class Run(IReadOnlyList<ModbusPoint> points, BlockRules rules, ReadFindings findings, HashSet<int> untouchable)
    {
        public IEnumerable<ReadBlock> Join(IEnumerable<int> positions)
        {
            var members = new List<int>();
            var widest = -1;
            foreach (var position in positions)
            {
                if (members.Count > 0 && !MayFollow(members, points[widest].End, points[position]))
                {
                    yield return ReadBlock.Of(points, members);
                    members = [];
                    widest = -1;
                }

                members.Add(position);
                if (widest < 0 || points[position].End > points[widest].End) widest = position;
            }

            if (members.Count > 0) yield return ReadBlock.Of(points, members);
        }

        private bool MayFollow(List<int> members, int end, ModbusPoint next)
        {
            if (Math.Max(next.End, end) - points[members[0]].Address > rules.MaxWords || next.Address - end > rules.MaxHole) return false;
            for (var register = end; register < next.Address; register++)
            {
                if (untouchable.Contains(register)) return false;
            }

            for (var register = points[members[^1]].Address + 1; register <= next.Address; register++)
            {
                if (rules.BeginsAt(register) || findings.IsCut(next.Table, register)) return false;
            }

            return true;
        }
    }
}
