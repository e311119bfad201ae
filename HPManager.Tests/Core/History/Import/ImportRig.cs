using System.Globalization;
using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Import;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.Core.History.Import;

/// <summary>An import into a store in memory, of a heat pump that is not polled, in a data folder of its own.</summary>
internal sealed class ImportRig : IDisposable
{
    public static readonly HeatPumpId Pump = HeatPumpId.Parse("hp-001");
    public static readonly SensorDefinition Label = Sensor.Number("status_text", "") with { Kind = ValueKind.Text };

    private readonly DataFolder _folder = new();
    private readonly LiveValues _live = new(TimeProvider.System, NullLogger<LiveValues>.Instance);

    public ImportRig(ITimeSeriesStore? target = null, TimeProvider? time = null)
    {
        var make = new FakeMake();
        var sensors = new SensorSet([FakeMake.Outdoor, FakeMake.Target, FakeMake.Mode, FakeMake.Surplus, Label, Sensor.Switch("compressor_running", Signal.CompressorRunning), Sensor.Number("electric_power", "kW", Signal.ElectricPower)]);
        _live.Set(new HeatPumpState
        {
            HeatPump = FakeMake.HeatPump(Pump.Value, "10.0.0.1"),
            Model = make.Model,
            Sensors = sensors,
            Connection = ConnectionState.Disabled,
            Since = DateTimeOffset.UnixEpoch,
        });
        Sensors = sensors;
        Time = time ?? TimeProvider.System;
        Target = target ?? Store;
        Import = Open();
    }

    public SensorSet Sensors { get; }

    public TimeProvider Time { get; }

    public MemoryTimeSeriesStore Store { get; } = new();

    public ITimeSeriesStore Target { get; }

    public HistoryImport Import { get; private set; }

    public string DataPath => _folder.Path;

    public static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The program ends, and another begins in the same data folder.</summary>
    public async Task RestartAsync()
    {
        await Import.StopAsync(CancellationToken.None);
        Import.Dispose();
        Import = Open();
        await Import.StartAsync(CancellationToken.None);
    }

    public string Path(string name) => System.IO.Path.Combine(_folder.Path, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(Path(name), content);
        return Path(name);
    }

    public async Task<ImportSource> SourceAsync(string csv) =>
        new() { Kind = ImportKind.Csv, File = csv, Csv = (await Import.LookAsync(csv, null, CancellationToken.None)).Settings };

    /// <summary>A plan that takes everything as it is proposed.</summary>
    public async Task<ImportPlan> PlanAsync(ImportSource source, double together = 0, bool replaces = false)
    {
        var survey = await Import.SurveyAsync(source, CancellationToken.None);
        var proposals = SeriesProposals.Of(survey.Series, Sensors);
        return new ImportPlan(
            Pump,
            source,
            [.. survey.Series.Where(series => proposals.ContainsKey(series.Id)).Select(series => new SeriesMapping(series.Id, series.Name, proposals[series.Id], series.Unit))],
            together,
            replaces);
    }

    /// <summary>Takes everything as it is proposed, to the end.</summary>
    public async Task RunAsync(ImportSource source, double together = 0, bool replaces = false)
    {
        Assert.Empty(Import.Start(await PlanAsync(source, together, replaces)));
        await EndAsync();
    }

    public Task EndAsync() => Eventually.IsTrue(() => !Import.State.IsUnderWay);

    /// <summary>What was kept of a sensor, in the order of time.</summary>
    public IEnumerable<double?> Values(SensorKey sensor) =>
        Store.Snapshots.OrderBy(snapshot => snapshot.At).Where(snapshot => snapshot[sensor] is { IsGood: true }).Select(snapshot => snapshot[sensor]!.Value.Value);

    public void Dispose()
    {
        Import.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        Import.Dispose();
        _folder.Dispose();
    }

    private HistoryImport Open() => new(
        new ImportFolder(Options.Create(new StorageOptions { DataFolder = _folder.Path }), new ReversingProtector()), Target, _live, Time, NullLogger<HistoryImport>.Instance);
}
