using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Drivers.Modbus.ReadPlan;

/// <summary>
/// Joins points into the fewest requests that the rules allow. Whatever may be read in one request may also be read in part, so taking
/// the longest allowed run from the left is optimal: no other partition into runs has fewer.
/// </summary>
public static class ReadPlanner
{
    /// <summary>Plans a poll.</summary>
    /// <param name="points">All points of a heat pump; those that are only written are left out.</param>
    /// <param name="rules">Rules of a table.</param>
    /// <param name="findings">What this heat pump refused earlier.</param>
    /// <param name="alone">Positions of points that must not share a request, beside those that never may.</param>
    public static IReadOnlyList<ReadBlock> Plan(
        IReadOnlyList<ModbusPoint> points, Func<ModbusTable, BlockRules> rules, ReadFindings findings, IReadOnlySet<int> alone)
    {
        var blocks = new List<ReadBlock>();
        var readable = Enumerable.Range(0, points.Count).Where(position => points[position].Sensor.IsReadable);
        foreach (var table in readable.GroupBy(position => points[position].Table))
        {
            var run = new Run(points, rules(table.Key), findings, blocks);
            foreach (var position in table.OrderBy(position => points[position].Address).ThenBy(position => points[position].Words))
            {
                if (findings.IsAbsent(points[position])) continue;
                if (points[position].ReadAlone || alone.Contains(position)) run.Single(position);
                else run.Add(position);
            }

            run.Close();
        }

        return blocks;
    }

    private sealed class Run(IReadOnlyList<ModbusPoint> points, BlockRules rules, ReadFindings findings, List<ReadBlock> blocks)
    {
        private List<int> _members = [];
        private int _start;
        private int _end;

        public void Add(int position)
        {
            var point = points[position];
            if (_members.Count > 0 && !MayJoin(point)) Close();
            if (_members.Count == 0) _start = _end = point.Address;
            _members.Add(position);
            _end = Math.Max(_end, point.End);
        }

        public void Single(int position)
        {
            var point = points[position];
            blocks.Add(new ReadBlock(point.Table, point.Address, (ushort)point.Words, [position]));
        }

        public void Close()
        {
            if (_members.Count == 0) return;
            blocks.Add(new ReadBlock(points[_members[0]].Table, (ushort)_start, (ushort)(_end - _start), _members));
            _members = [];
        }

        private bool MayJoin(ModbusPoint point) =>
            Math.Max(_end, point.End) - _start <= rules.MaxWords
            && point.Address - _end <= rules.MaxHole
            && !rules.NewRequestAt.Contains(point.Address)
            && !findings.IsCut(point);
    }
}
