using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Embedded;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.Core.History;

/// <summary>
/// A file with flipped bits, or cut off: it starts, what it tells is true, what it does not tell any more is named, and it goes on. 40 files in the gate; as many as
/// HPMANAGER_DAMAGED_FILES says otherwise.
/// </summary>
public sealed class DamagedHistoryTests : IDisposable
{
    private const int Polls = 6_200;
    private static readonly HeatPumpId[] Pumps = [HeatPumpId.Parse("hp-001"), HeatPumpId.Parse("hp-002")];
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly SensorSet Sensors = new([FakeMake.Outdoor, FakeMake.Target]);
    private static readonly int Files = int.Parse(Environment.GetEnvironmentVariable("HPMANAGER_DAMAGED_FILES") ?? "40", CultureInfo.InvariantCulture);

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_BitsFlippedOrEndCutOff_TellsOnlyWhatIsTrueAndNamesWhatIsLost()
    {
        var intact = await MakeAsync();
        var random = new Random(77);
        for (var file = 0; file < Files; file++)
        {
            var damaged = (byte[])intact.Clone();
            var how = random.Next(4);
            if (how == 0) damaged = damaged[..random.Next(4096, damaged.Length)];
            else
            {
                for (var bit = 0; bit < how * how; bit++)
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            using var folder = new DataFolder();
            await File.WriteAllBytesAsync(folder.HistoryFile, damaged);
            try
            {
                await AssertTrueAsync(folder, $"file {file}");
            }
            catch (StorageException refusal)
            {
                // Magic text and mark both hit: nobody can know that it was ours. It is said, and the file is left alone.
                Assert.Contains(folder.HistoryFile, refusal.Message, StringComparison.Ordinal);
                Assert.Equal(damaged, await File.ReadAllBytesAsync(folder.HistoryFile));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task Start_HeaderIsHit_EverythingElseIsTakenOver(int offset)
    {
        var damaged = await MakeAsync();
        damaged[offset] ^= 0xFF;
        using var folder = new DataFolder();
        await File.WriteAllBytesAsync(folder.HistoryFile, damaged);

        using var store = await OpenAsync(folder);

        Assert.Equal(2 * Polls, (await ReadAsync(store)).Count);
    }

    [Fact]
    public async Task Check_IntactFile_FindsNothing_AndADamagedOneIsNamed()
    {
        var intact = await MakeAsync();
        using (var store = await OpenAsync(_folder))
        {
            var report = await store.CheckAsync(null, default);
            Assert.True(report.IsIntact);
            Assert.InRange(report.Polls, Polls, 2 * Polls);
        }

        using var folder = new DataFolder();
        var at = intact.AsSpan().IndexOf("outdoor_temperature"u8);
        for (var next = at; next >= 0; next = intact.AsSpan(at).IndexOf("outdoor_temperature"u8))
        {
            at += next == at ? 0 : next;
            intact[at + 3] ^= 0x10;
            at += 4;
            next = 0;
        }

        await File.WriteAllBytesAsync(folder.HistoryFile, intact);
        using var damaged = await OpenAsync(folder);

        Assert.NotEmpty((await damaged.CheckAsync(null, default)).Damage);
    }

    private async Task<byte[]> MakeAsync()
    {
        using (var store = await OpenAsync(_folder))
        {
            foreach (var batch in Enumerable.Range(0, Polls).SelectMany(poll => Pumps.Select(pump => Of(pump, poll))).Chunk(600)) await store.AppendAsync(batch, default);
        }

        return await File.ReadAllBytesAsync(_folder.HistoryFile);
    }

    private static async Task AssertTrueAsync(DataFolder folder, string which)
    {
        using (var store = await OpenAsync(folder))
        {
            var found = await ReadAsync(store);
            foreach (var (pump, at, readings) in found)
            {
                var poll = (int)((at - Start).TotalSeconds / 30);
                Assert.Equal(Start.AddSeconds(poll * 30), at);
                Assert.All(Sensors.All.Zip(readings).Where(one => one.Second.Quality is not null), one =>
                    Assert.Equal(ValueOf(pump, one.First.Key, poll), one.Second.Value));
            }

            var whole = found.Count == 2 * Polls && found.All(row => row.Readings.All(reading => reading.Quality is not null));
            Assert.True(whole || store.Damage.Count > 0, $"{which}: {found.Count} polls of {2 * Polls}, and nothing is said");
            await AssertBucketsAsync(store);
            await AtLastAsync(() => store.AppendAsync([Of(Pumps[0], Polls + 10)], default));
            await AtLastAsync(() => store.SealAsync(default));
            Assert.Contains(await ReadAsync(store), row => row.At == Start.AddSeconds((Polls + 10) * 30));
        }

        using var again = await OpenAsync(folder);
        Assert.Contains(await ReadAsync(again), row => row.At == Start.AddSeconds((Polls + 10) * 30));
    }

    // Damage that only writing meets is mended behind the attempt that met it; the writer tries again anyway.
    private static async Task AtLastAsync(Func<ValueTask> write)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await write();
                return;
            }
            catch (IOException) when (attempt < 4)
            {
                // The next one finds a mended file.
            }
        }
    }

    // What a bucket tells lies within what was ever measured there, also when it comes from kept aggregates.
    private static async Task AssertBucketsAsync(EmbeddedTimeSeriesStore store)
    {
        foreach (var pump in Pumps)
        {
            var table = await store.QueryAsync(new HistoryQuery(pump, [FakeMake.Outdoor.Key], Start, Start.AddSeconds(Polls * 30), 30), default);
            if (table.BucketWidth == TimeSpan.Zero) continue;
            for (var bucket = 0; bucket < table.Times.Count; bucket++)
            {
                if (table.Columns[0].Count[bucket] == 0) continue;
                var polls = Enumerable.Range(0, Polls).Where(poll =>
                    Start.AddSeconds(poll * 30) >= table.Times[bucket] && Start.AddSeconds(poll * 30) < table.Times[bucket] + table.BucketWidth);
                var values = polls.Select(poll => ValueOf(pump, FakeMake.Outdoor.Key, poll)).ToList();
                Assert.InRange(table.Columns[0].Min[bucket]!.Value, values.Min(), values.Max());
                Assert.InRange(table.Columns[0].Max[bucket]!.Value, values.Min(), values.Max());
                Assert.InRange(table.Columns[0].Count[bucket], 1, values.Count);
            }
        }
    }

    private static async Task<List<(HeatPumpId Pump, DateTimeOffset At, StoredReading[] Readings)>> ReadAsync(EmbeddedTimeSeriesStore store)
    {
        var rows = new List<(HeatPumpId, DateTimeOffset, StoredReading[])>();
        foreach (var pump in Pumps)
        {
            await foreach (var block in store.ReadAsync(pump, [.. Sensors.All.Select(sensor => sensor.Key)], DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, default))
                rows.AddRange(block.Times.Select((at, poll) => (pump, at, block.Series.Select(series => series.Readings[poll]).ToArray())));
        }

        return rows;
    }

    private static async Task<EmbeddedTimeSeriesStore> OpenAsync(DataFolder folder)
    {
        var store = new EmbeddedTimeSeriesStore(
            Options.Create(new StorageOptions { DataFolder = folder.Path }), TimeProvider.System, NullLogger<EmbeddedTimeSeriesStore>.Instance);
        await store.StartAsync(default);
        return store;
    }

    private static Snapshot Of(HeatPumpId pump, int poll)
    {
        var at = Start.AddSeconds(poll * 30);
        return new Snapshot(pump, at, Sensors, [.. Sensors.All.Select(sensor => new Reading(ValueOf(pump, sensor.Key, poll), null, Quality.Good, at))]);
    }

    private static double ValueOf(HeatPumpId pump, SensorKey sensor, int poll) =>
        Math.Round((pump == Pumps[0] ? 10 : 30) + (sensor == FakeMake.Outdoor.Key ? 0 : 500) + (5 * Math.Sin(poll / 300.0)) + (poll * 7 % 11 / 10.0), 1);
}
