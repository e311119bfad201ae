using System.Globalization;
using HPManager.Benchmarks.Harness;

namespace HPManager.Benchmarks.Store.Data;

/// <summary>What the simulated heat pumps told: simulated once, kept under <c>artifacts/bench</c>, where nothing is checked in.</summary>
internal static class RecordedData
{
    /// <summary>Part of every kept file's name; a change of the simulation or of what is recorded needs another.</summary>
    public const string Version = "v1";

    public const int HeatPumps = 10;

    private static readonly DateTimeOffset YearBegins = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset DayBegins = new(2025, 2, 10, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A folder on the disk of the checkout, for what is kept and for what is measured: where a temporary folder may lie in memory.</summary>
    public static string Folder(params ReadOnlySpan<string> parts) => Directory.CreateDirectory(Checkout.PathOf(["artifacts", "bench", .. parts])).FullName;

    /// <summary>One heat pump through a year, every minute.</summary>
    public static Task<Recording> YearAsync() => KeptAsync("year", 1, YearBegins, YearBegins.AddDays(365), TimeSpan.FromSeconds(60));

    /// <summary>Ten heat pumps through a winter's day, every ten seconds.</summary>
    public static async Task<IReadOnlyList<Recording>> DayAsync()
    {
        var recordings = new Recording[HeatPumps];
        await Parallel.ForAsync(
            0,
            HeatPumps,
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (index, _) => recordings[index] = await KeptAsync("day", index + 1, DayBegins, DayBegins.AddDays(1), TimeSpan.FromSeconds(10)));
        return recordings;
    }

    private static async Task<Recording> KeptAsync(string name, int number, DateTimeOffset from, DateTimeOffset until, TimeSpan every)
    {
        var file = Path.Combine(Folder(), string.Create(CultureInfo.InvariantCulture, $"recording-{Version}-{name}-{number}.bin"));
        if (File.Exists(file)) return RecordingFile.Read(file);
        await Console.Error.WriteLineAsync($"simulating {Path.GetFileName(file)} …");
        var recording = await SimulateAsync(number, from, until, every);
        RecordingFile.Write(file, recording);
        return recording;
    }

    private static async Task<Recording> SimulateAsync(int number, DateTimeOffset from, DateTimeOffset until, TimeSpan every)
    {
        await using var data = new StoreData();
        var values = new double[(int)((until - from) / every) * StoreData.SensorCount];
        Recording? whole = null;
        var polls = 0;
        await foreach (var snapshot in data.LiveThroughAsync(number, from, until, every))
        {
            whole ??= new Recording(snapshot.HeatPumpId, Recording.SensorsNamed(snapshot.Sensors.All.Select(sensor => sensor.Key.Value)), from, every, values);
            if (snapshot.Sensors.Count != StoreData.SensorCount || snapshot.At != whole.TimeOf(polls))
                throw new InvalidOperationException($"Poll {polls} of heat pump {number} is of {snapshot.At:O} and has {snapshot.Sensors.Count} sensors.");
            var row = values.AsSpan(polls++ * StoreData.SensorCount, StoreData.SensorCount);
            for (var position = 0; position < row.Length; position++)
                row[position] = snapshot.Readings[position] is { IsGood: true, Value: { } value } ? value : double.NaN;
        }

        return whole is not null && polls == whole.Polls ? whole : throw new InvalidOperationException($"Heat pump {number} told {polls} polls only.");
    }
}
