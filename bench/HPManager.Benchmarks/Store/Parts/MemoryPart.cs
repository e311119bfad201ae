using System.Diagnostics;
using System.Globalization;
using HPManager.Benchmarks.Harness;
using HPManager.Benchmarks.Store.Data;
using HPManager.Benchmarks.Store.Peers;
using HPManager.Core.HeatPumps;
using HPManager.Core.History.Embedded;
using HPManager.Core.Storage;

namespace HPManager.Benchmarks.Store.Parts;

/// <summary>
/// The product's resident memory: a year of ten heat pumps in its data folder, ten devices of a hundred registers polled every ten seconds, and somebody who looks at charts
/// of the year and of a month all the time.
/// </summary>
internal static class MemoryPart
{
    private const string Model = "registers";
    private const double Limit = 180;
    private const double Growth = 2;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Whole = TimeSpan.FromHours(1);

    public static async Task RunAsync(Report report, Recording year, TimeSpan measured, CancellationToken cancellationToken)
    {
        var history = await HistoryAsync(year, cancellationToken);
        var data = DiskFolder.Empty("memory");
        File.Copy(history, new StorageOptions { DataFolder = data }.HistoryFile);
        BenchProfile.Write(Path.Combine(data, "profiles"), Model, Enumerable.Range(0, StoreData.SensorCount).Select(number => (KeyOf(number), number, "int16", "0.1", "°C")));
        await using var servers = ChildProcess.StartSelf("serve-fleet", $"{RecordedData.HeatPumps}", "5");
        var port = int.Parse(await servers.ReadLineAsync(cancellationToken), CultureInfo.InvariantCulture);
        await using var product = await ProductProcess.StartAsync(data, cancellationToken);
        for (var number = 0; number < RecordedData.HeatPumps; number++)
            await product.AddAsync(string.Create(CultureInfo.InvariantCulture, $"Registers at {port + number}"), Model, port + number, seconds: 10, cancellationToken);
        var samples = await WatchAsync(product.Client, product.Id, year, measured, cancellationToken);
        Judge(report, samples, measured, new FileInfo(history).Length);
    }

    private static void Judge(Report report, List<(double Hours, double Megabytes)> samples, TimeSpan measured, long historySize)
    {
        var slope = Slope(samples);
        Report.Remark(string.Create(CultureInfo.InvariantCulture, $"a history of {historySize / 1e6:0} MB; {samples.Count} samples over {measured.TotalMinutes:0} minutes, median {Statistics.Median(samples.Select(sample => sample.Megabytes)):0} MB"));
        report.AtMost("resident memory, MB", samples.Max(sample => sample.Megabytes), Limit);
        if (measured >= Whole) report.AtMost("growth of the resident memory, MB an hour", slope, Growth);
        else report.Line("growth of the resident memory, MB an hour (the goal is for a whole hour)", slope.ToString("0.0", CultureInfo.InvariantCulture), "-", "-", "-", null);
    }

    private static string KeyOf(int number) => string.Create(CultureInfo.InvariantCulture, $"register_{number}");

    // What the year's heat pump told, told by ten that have the registers of the polled ones.
    private static async Task<string> HistoryAsync(Recording year, CancellationToken cancellationToken)
    {
        var folder = RecordedData.Folder(string.Create(CultureInfo.InvariantCulture, $"history-{RecordedData.Version}-{HistoryDatabase.Format}"));
        var file = new StorageOptions { DataFolder = folder }.HistoryFile;
        var mark = file + ".complete";
        if (File.Exists(mark)) return file;
        Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        var sensors = Recording.SensorsNamed(Enumerable.Range(0, StoreData.SensorCount).Select(KeyOf));
        using (var store = await OurStore.OpenAsync(folder, cancellationToken))
        {
            for (var number = 1; number <= RecordedData.HeatPumps; number++)
                await store.FillAsync(OurStore.Snapshots([year.ToldBy(HeatPumpId.FromNumber(number), sensors)]), cancellationToken);
        }

        await File.WriteAllTextAsync(mark, "", cancellationToken);
        return file;
    }

    private static async Task<List<(double Hours, double Megabytes)>> WatchAsync(HttpClient http, int process, Recording year, TimeSpan measured, CancellationToken cancellationToken)
    {
        var samples = new List<(double, double)>();
        var clock = Stopwatch.StartNew();
        for (var turn = 0; clock.Elapsed < WarmUp + measured; turn++)
        {
            var (from, to) = turn % 2 == 0 ? (year.From, year.To) : (year.From.AddDays(turn % 300), year.From.AddDays((turn % 300) + 30));
            var sensors = string.Join(',', Enumerable.Range(turn * 8, 8).Select(number => KeyOf(number % StoreData.SensorCount)));
            var path = string.Create(
                CultureInfo.InvariantCulture,
                $"/api/heatpumps/{HeatPumpId.FromNumber((turn % RecordedData.HeatPumps) + 1)}/history?sensor={sensors}&from={from:yyyy-MM-ddTHH:mm:ssZ}&to={to:yyyy-MM-ddTHH:mm:ssZ}&points=1000");
            using (var answer = await http.GetAsync(path, cancellationToken))
            {
                var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                if (!answer.IsSuccessStatusCode || text.Length < 10_000) throw new InvalidOperationException($"{path} is answered with {(int)answer.StatusCode}: {text[..Math.Min(500, text.Length)]}");
            }

            if (clock.Elapsed >= WarmUp) samples.Add((clock.Elapsed.TotalHours, ResidentMegabytes(process)));
            await Task.Delay(Every, cancellationToken);
        }

        return samples;
    }

    private static double ResidentMegabytes(int process)
    {
        const string Line = "VmRSS:";
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status")).First(line => line.StartsWith(Line, StringComparison.Ordinal));
        return double.Parse(line[Line.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    // Least squares.
    private static double Slope(List<(double Hours, double Megabytes)> samples)
    {
        var (hours, megabytes) = (samples.Average(sample => sample.Hours), samples.Average(sample => sample.Megabytes));
        return samples.Sum(sample => (sample.Hours - hours) * (sample.Megabytes - megabytes)) / samples.Sum(sample => (sample.Hours - hours) * (sample.Hours - hours));
    }
}
