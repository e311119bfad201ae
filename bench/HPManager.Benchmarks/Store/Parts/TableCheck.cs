using HPManager.Benchmarks.Store.Data;
using HPManager.Benchmarks.Store.Peers;

namespace HPManager.Benchmarks.Store.Parts;

/// <summary>Reads states back and compares them with what was written.</summary>
internal static class TableCheck
{
    /// <exception cref="InvalidOperationException">They are not the same.</exception>
    public static void Compare(HomeAssistantTable table, IReadOnlyList<Recording> recordings, bool everyReading)
    {
        for (var pump = 0; pump < recordings.Count; pump++)
        {
            var recording = recordings[pump];
            for (var position = 0; position < recording.Sensors.Count; position += 7)
            {
                var expected = new List<(double, string)>();
                for (var poll = 0; poll < recording.Polls; poll++)
                {
                    var value = recording.Row(poll)[position];
                    if (everyReading || poll == 0 || !value.Equals(recording.Row(poll - 1)[position]))
                        expected.Add((recording.TimeOf(poll).ToUnixTimeMilliseconds() / 1000.0, HomeAssistantTable.StateOf(value)));
                }

                if (!table.Read(pump, position, recording.Sensors.Count).SequenceEqual(expected))
                    throw new InvalidOperationException($"Home Assistant's table reads other than it was written: {recording.Sensors[position].Key}.");
            }
        }
    }
}
