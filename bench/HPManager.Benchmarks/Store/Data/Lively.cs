
namespace HPManager.Benchmarks.Store.Data;

/// <summary>
/// The same heat pumps with sensors that are measured: what is analogue moves by a digit up or down or not at all, as a converter's last digit does. Counters, codes and
/// switches stay as they are.
/// </summary>
internal static class Lively
{
    private const double Tenths = 10;

    public static Recording Of(Recording recording)
    {
#pragma warning disable CA5394 // the same noise in every run is what is wanted
        var random = new Random(recording.HeatPump.Number ?? 0);
        var values = recording.Values.ToArray();
        var sensors = recording.Sensors.Count;
        var analogue = Enumerable.Range(0, sensors).Select(position => IsAnalogue(recording, position)).ToArray();
        for (var index = 0; index < values.Length; index++)
        {
            if (analogue[index % sensors]) values[index] = Math.Round((values[index] * Tenths) + random.Next(-1, 2)) / Tenths;
        }
#pragma warning restore CA5394

        return new Recording(recording.HeatPump, recording.Sensors, recording.From, recording.Every, values);
    }

    /// <summary>How many sensors are taken for analogue.</summary>
    public static int Count(Recording recording) => Enumerable.Range(0, recording.Sensors.Count).Count(position => IsAnalogue(recording, position));

    // In tenths, and not only ever growing.
    private static bool IsAnalogue(Recording recording, int position)
    {
        var (hasTenths, falls) = (false, false);
        var last = double.NaN;
        for (var poll = 0; poll < recording.Polls; poll++)
        {
            var value = recording.Row(poll)[position];
            if (double.IsNaN(value)) return false;
            if (!(Math.Round(value * Tenths) / Tenths).Equals(value)) return false;
            hasTenths |= !Math.Truncate(value).Equals(value);
            falls |= value < last;
            last = value;
        }

        return hasTenths && falls;
    }
}
