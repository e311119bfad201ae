using System.Globalization;
using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Import;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Import;

public sealed class ImportJobTests
{
    private const int Rows = 50_000;

    [Fact]
    public async Task Cancel_AndResume_TakesEverythingOnce()
    {
        var store = new SteppingStore();
        using var rig = new ImportRig(store);
        await BeginAsync(rig, store);

        rig.Import.Cancel();
        await rig.EndAsync();
        Assert.Equal(ImportStatus.Cancelled, rig.Import.State.Status);
        var taken = store.Inner.Snapshots.Count;
        Assert.InRange(taken, 1, Rows - 1);

        store.Open();
        Assert.True(rig.Import.Resume());
        await rig.EndAsync();

        AssertWhole(rig, store);
        Assert.False(rig.Import.Resume());
    }

    [Fact]
    public async Task Restart_WhileItIsUnderWay_IsInterruptedAndGoesOnWhereItWas()
    {
        var store = new SteppingStore();
        using var rig = new ImportRig(store);
        await BeginAsync(rig, store);

        await rig.RestartAsync();
        Assert.Equal(ImportStatus.Interrupted, rig.Import.State.Status);
        Assert.InRange(rig.Import.State.Progress.Rows, 1, Rows - 1);

        store.Open();
        Assert.True(rig.Import.Resume());
        await rig.EndAsync();

        AssertWhole(rig, store);
    }

    [Fact]
    public async Task Start_WhileOneIsUnderWay_IsRefused()
    {
        var store = new SteppingStore();
        using var rig = new ImportRig(store);
        await BeginAsync(rig, store);

        Assert.Contains("under way", Assert.Single(rig.Import.Start(rig.Import.State.Plan!)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_ThatIsFull_IsWaitedForAndSaidSo()
    {
        var time = new ManualTime();
        var store = new FullStore();
        using var rig = new ImportRig(store, time);
        Assert.Empty(rig.Import.Start(await rig.PlanAsync(await rig.SourceAsync(rig.Write("a.csv", "time,outdoor_temperature\n2026-01-10T06:00:00Z,1\n")))));

        await Eventually.IsTrue(() => rig.Import.State.Status == ImportStatus.Waiting);
        Assert.Contains("no space", rig.Import.State.Fault, StringComparison.Ordinal);
        store.HasRoom = true;
        await Eventually.IsTrue(() =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return rig.Import.State.Status == ImportStatus.Finished;
        });

        Assert.Single(store.Inner.Snapshots);
        Assert.Null(rig.Import.State.Fault);
    }

    [Fact]
    public async Task Secret_OfAServer_IsKeptEncryptedAndNeverTold()
    {
        using var rig = new ImportRig();
        var source = new ImportSource { Kind = ImportKind.Influxdb, Server = new ServerSettings { Url = "http://127.0.0.1:1", User = "reader", Secret = "s3cr3t-word", Database = "d" } };

        Assert.Empty(rig.Import.Start(new ImportPlan(ImportRig.Pump, source, [new SeriesMapping("""["m","","f"]""", "f", FakeMake.Outdoor.Key, null)])));
        await rig.EndAsync();

        Assert.Equal(ImportStatus.Failed, rig.Import.State.Status);
        Assert.Null(rig.Import.State.Plan!.Source.Server!.Secret);
        var kept = await File.ReadAllTextAsync(rig.Path("import/import.json"));
        Assert.DoesNotContain("s3cr3t-word", kept, StringComparison.Ordinal);
        Assert.Contains(ReversingProtector.Reversed("s3cr3t-word"), kept, StringComparison.Ordinal);
        await rig.RestartAsync();
        Assert.Equal(ImportStatus.Failed, rig.Import.State.Status);
        Assert.True(rig.Import.Resume());
        await rig.EndAsync();
    }

    [Fact]
    public async Task Upload_ThatIsCancelled_LeavesNothingBehind()
    {
        using var rig = new ImportRig();
        using var cancelled = new CancellationTokenSource();
        await using var endless = new EndlessStream();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Import.UploadAsync(
            endless,
            length =>
            {
                if (length > 1_000_000) cancelled.Cancel();
            },
            cancelled.Token));

        Assert.Empty(Directory.GetFiles(rig.Path("import")));
    }

    [Fact]
    public async Task Upload_IsRemovedWithItsImportAndWhenNothingNeedsIt()
    {
        using var rig = new ImportRig();
        using var first = new MemoryStream(Encoding.UTF8.GetBytes("time,outdoor_temperature\n2026-01-10T06:00:00Z,1\n"));
        using var second = new MemoryStream([1, 2, 3]);
        var file = await rig.Import.UploadAsync(first, null, CancellationToken.None);
        var abandoned = await rig.Import.UploadAsync(second, null, CancellationToken.None);

        await rig.RunAsync((await rig.SourceAsync(file)) with { IsUploaded = true, FileName = "mine.csv" });

        Assert.Single(rig.Store.Snapshots);
        Assert.False(File.Exists(file) || File.Exists(abandoned));
        Assert.Equal("mine.csv", rig.Import.State.Plan!.Source.Title);
    }

    [Fact]
    public void Start_PlanThatMakesNoSense_NamesWhatIsWrong()
    {
        using var rig = new ImportRig();
        var file = rig.Write("a.csv", "time,x\n2026-01-10T06:00:00Z,1\n");
        var source = new ImportSource { Kind = ImportKind.Csv, File = file };
        var errors = rig.Import.Start(new ImportPlan(
            ImportRig.Pump,
            source,
            [new SeriesMapping("column:1", "x", FakeMake.Outdoor.Key, "kWh"), new SeriesMapping("column:2", "y", SensorKey.Parse("nothing"), null)],
            TogetherSeconds: 90));

        Assert.Contains(errors, error => error.Field == "mapping" && error.Message.Contains("kWh", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Field == "mapping" && error.Message.Contains("nothing", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Field == "togetherSeconds");
        Assert.Equal("heatPumpId", Assert.Single(rig.Import.Start(new ImportPlan(HeatPumpId.Parse("hp-999"), source, []))).Field);
    }

    private static async Task BeginAsync(ImportRig rig, SteppingStore store)
    {
        var text = new StringBuilder("time,outdoor_temperature\n");
        var start = ImportRig.Utc("2025-01-01T00:00:00Z");
        for (var row = 0; row < Rows; row++) text.Append(CultureInfo.InvariantCulture, $"{start.AddMinutes(row):yyyy-MM-dd'T'HH:mm:ss'Z'},{row}\n");
        Assert.Empty(rig.Import.Start(await rig.PlanAsync(await rig.SourceAsync(rig.Write("long.csv", text.ToString())))));

        // The first batch is in, the second is on its way.
        await Eventually.IsTrue(() => store.IsBlocked && rig.Import.State.Progress.Rows > 0);
    }

    private static void AssertWhole(ImportRig rig, SteppingStore store)
    {
        Assert.Equal(ImportStatus.Finished, rig.Import.State.Status);
        Assert.Equal(Enumerable.Range(0, Rows), store.Inner.Snapshots.Select(snapshot => (int)snapshot.Readings[0].Value!.Value).Distinct().Order());
        Assert.Equal(Rows, rig.Import.State.Progress.Rows);
        Assert.Equal(Rows, rig.Import.State.Progress.Kept + rig.Import.State.Progress.Series.Sum(series => series.Here));
    }

    /// <summary>Takes some, then nothing more until it is opened.</summary>
    private sealed class SteppingStore : Delegating
    {
        private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _taken;

        public bool IsBlocked { get; private set; }

        public void Open() => _opened.TrySetResult();

        public override async ValueTask AppendAsync(IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _taken) > 2)
            {
                IsBlocked = true;
                await _opened.Task.WaitAsync(cancellationToken);
            }

            await Inner.AppendAsync(snapshots, cancellationToken);
        }
    }

    private sealed class FullStore : Delegating
    {
        public bool HasRoom { get; set; }

        public override ValueTask AppendAsync(IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken) =>
            HasRoom ? Inner.AppendAsync(snapshots, cancellationToken) : throw new IOException("no space left on device");
    }

    private abstract class Delegating : ITimeSeriesStore
    {
        public MemoryTimeSeriesStore Inner { get; } = new();

        public abstract ValueTask AppendAsync(IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken);

        public IAsyncEnumerable<HistoryBlock> ReadAsync(
            HeatPumpId heatPump, IReadOnlyList<SensorKey>? sensors, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
            Inner.ReadAsync(heatPump, sensors, from, to, cancellationToken);

        public ValueTask<IReadOnlyList<SensorKey>> SensorsAsync(HeatPumpId heatPump, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
            Inner.SensorsAsync(heatPump, from, to, cancellationToken);

        public ValueTask<HistoryExtent?> ExtentAsync(HeatPumpId heatPump, CancellationToken cancellationToken) => Inner.ExtentAsync(heatPump, cancellationToken);

        public ValueTask DeleteAsync(HeatPumpId heatPump, CancellationToken cancellationToken) => Inner.DeleteAsync(heatPump, cancellationToken);

        public ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) => Inner.QueryAsync(query, cancellationToken);
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
