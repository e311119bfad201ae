using HPManager.Core.History;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Display;

namespace HPManager.Web.Components.Charts;

/// <summary>A chart in numbers, newest first: what stands behind it for those who do not see it.</summary>
internal static class ChartTable
{
    /// <summary>Most rows; of more, evenly spread ones are told.</summary>
    public const int MostRows = 100;

    /// <summary>The moments that have a row, newest first.</summary>
    public static IReadOnlyList<DateTimeOffset> Times(IReadOnlyList<ChartBlock> blocks)
    {
        var all = blocks.SelectMany(block => block.Times).Distinct().Order().ToList();
        var step = Math.Max(1, (int)Math.Ceiling(all.Count / (double)MostRows));
        return [.. all.Where((_, index) => (all.Count - 1 - index) % step == 0).Reverse()];
    }

    /// <summary>
    /// What a series was at a moment, with its smallest and largest value where the row stands for many; a dash where there is none. Of another heat pump it is
    /// the newest value before, unless that is too old to still hold.
    /// </summary>
    public static string Cell(IReadOnlyList<ChartBlock> blocks, int series, SensorDefinition sensor, DateTimeOffset time)
    {
        foreach (var block in blocks)
        {
            var column = block.Series.TakeWhile(position => position != series).Count();
            if (column == block.Series.Count) continue;
            var row = LastUntil(block.Times, time - block.Shift);
            return row < 0 || time - block.Shift - block.Times[row] > block.LongestJoin ? ValueFormat.Dash : Cell(sensor, block.Columns[column], row, block.BucketWidth);
        }

        return ValueFormat.Dash;
    }

    /// <summary>The words of a sensor's states by code; null for a sensor of numbers.</summary>
    public static IReadOnlyDictionary<int, string>? WordsOf(SensorDefinition sensor)
    {
        if (sensor.Kind == ValueKind.Switch && sensor.Codes is null) return new Dictionary<int, string> { [0] = "Off", [1] = "On" };
        return sensor.Codes?.Entries.ToDictionary(entry => entry.Key, entry => ValueFormat.Words(entry.Value));
    }

    /// <summary>A value as a person reads it.</summary>
    public static string Text(SensorDefinition sensor, double value)
    {
        var code = value is >= int.MinValue and <= int.MaxValue && value == Math.Floor(value) ? (int?)(int)value : null;
        if (sensor.Kind == ValueKind.Flags && sensor.Codes is { } flags && code is { } bits) return ValueFormat.Words(flags.WordsForFlags(bits));
        return code is { } known && WordsOf(sensor)?.GetValueOrDefault(known) is { } word ? word : ValueFormat.WithUnit(value, sensor.Unit);
    }

    private static string Cell(SensorDefinition sensor, HistoryColumn column, int row, TimeSpan bucket)
    {
        if (ChartGroups.IsState(sensor)) return column.Last[row] is { } state ? Text(sensor, state) : ValueFormat.Dash;
        if (column.Mean[row] is not { } mean) return ValueFormat.Dash;
        var isRange = bucket > TimeSpan.Zero && column.Min[row] is { } min && column.Max[row] is { } max && min < max;
        return isRange
            ? $"{Text(sensor, mean)} ({ValueFormat.Number(column.Min[row]!.Value, sensor.Unit)} to {ValueFormat.Number(column.Max[row]!.Value, sensor.Unit)})"
            : Text(sensor, mean);
    }

    private static int LastUntil(IReadOnlyList<DateTimeOffset> times, DateTimeOffset moment)
    {
        var (low, high) = (0, times.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (times[middle] <= moment) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }
}
