using System.Globalization;
using HPManager.Core.History.Import;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Import;

public sealed class HomeAssistantImportTests : IDisposable
{
    private const string Outdoor = "sensor.cellar_outdoor_temperature";
    private const string Celsius = """{"unit_of_measurement":"°C","friendly_name":"Cellar outdoor temperature"}""";

    private readonly ImportRig _rig = new();

    private ImportSource Source => new() { Kind = ImportKind.HomeAssistant, File = _rig.Path("home-assistant_v2.db") };

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(RecorderForm.Texts)]
    [InlineData(RecorderForm.Numbers)]
    [InlineData(RecorderForm.Names)]
    [InlineData(RecorderForm.Moving)]
    public async Task Import_ChangesOnly_BecomePollsOnAGridWithGapsWhereItWasNotRunning(RecorderForm form)
    {
        using (var file = Create(form))
        {
            file.State(Outdoor, "2026-01-10T06:00:10Z", "1.5", Celsius);
            file.State("sensor.cellar_operating_mode", "2026-01-10T06:00:10Z", "automatic");
            file.State(Outdoor, "2026-01-10T06:02:20.123Z", "2.5", Celsius);
            file.State(Outdoor, "2026-01-10T06:03:00Z", "unavailable", Celsius);
            file.State("sun.sun", "2026-01-10T06:05:30Z", "above_horizon");
            file.State(Outdoor, "2026-01-10T08:05:30Z", "3", Celsius);
            file.State("sun.sun", "2026-01-10T08:07:00Z", "above_horizon");
        }

        await _rig.RunAsync(Source);

        Assert.Equal(ImportStatus.Finished, _rig.Import.State.Status);
        Assert.Equal(
            ["06:01 1.5 1", "06:02 1.5 1", "06:03 - 1", "06:04 - 1", "06:05 - 1", "08:06 3 -"],
            _rig.Store.Snapshots.OrderBy(snapshot => snapshot.At).Select(snapshot => string.Create(
                CultureInfo.InvariantCulture,
                $"{snapshot.At:HH:mm} {Told(snapshot[FakeMake.Outdoor.Key])} {Told(snapshot[FakeMake.Mode.Key])}")));
        Assert.Equal(3, _rig.Import.State.Progress.Series.Single(series => series.Sensor == FakeMake.Outdoor.Key).Missing);
    }

    [Fact]
    public async Task Import_AcrossDays_HoldsWhatWasKnownAtMidnight()
    {
        using (var file = Create(RecorderForm.Names))
        {
            file.State(Outdoor, "2026-01-10T23:58:30Z", "1", Celsius);
            for (var minute = 0; minute < 20; minute += 5) file.State("sun.sun", $"2026-01-11T00:{minute:00}:30Z", "up");
        }

        await _rig.RunAsync(Source with { HomeAssistant = new HomeAssistantSettings(GridSeconds: 300) });

        Assert.Equal(["00:00", "00:05", "00:10", "00:15"], _rig.Store.Snapshots.Select(snapshot => snapshot.At.ToString("HH:mm", CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(RecorderForm.Texts)]
    [InlineData(RecorderForm.Names)]
    public async Task Import_StatisticsFromBeforeTheStates_GiveTheirMeansAtTheEndOfTheirPeriods(RecorderForm form)
    {
        using (var file = Create(form))
        {
            file.Statistic(Outdoor, "2025-11-01T00:00:00Z", 50, isShort: false, "°F");
            file.Statistic(Outdoor, "2026-01-10T04:00:00Z", 32, isShort: false, "°F");
            file.Statistic(Outdoor, "2026-01-10T05:00:00Z", 99, isShort: false, "°F");
            file.Statistic(Outdoor, "2026-01-10T05:50:00Z", 41, isShort: true, "°F");
            file.Statistic(Outdoor, "2026-01-10T05:55:00Z", null, isShort: true, "°F", state: 50);
            file.Statistic(Outdoor, "2026-01-10T06:00:00Z", 99, isShort: true, "°F");
            file.State(Outdoor, "2026-01-10T06:00:10Z", "1", Celsius);
            file.State("sun.sun", "2026-01-10T06:01:30Z", "up");
        }

        await _rig.RunAsync(Source);

        Assert.Equal(
            ["2025-11-01 01:00 10", "2026-01-10 05:00 0", "2026-01-10 05:55 5", "2026-01-10 06:00 10", "2026-01-10 06:01 1"],
            _rig.Store.Snapshots.OrderBy(snapshot => snapshot.At).Select(snapshot =>
                string.Create(CultureInfo.InvariantCulture, $"{snapshot.At:yyyy-MM-dd HH:mm} {Told(snapshot[FakeMake.Outdoor.Key])}")));
        Assert.Equal(4, Assert.Single(_rig.Import.State.Progress.Series).Statistics);
    }

    [Fact]
    public async Task Import_WordsThatAreNoCodes_AreRefusedByName()
    {
        using (var file = Create(RecorderForm.Names))
        {
            file.State("sensor.operating_mode", "2026-01-10T06:00:10Z", "heat");
            file.State("binary_sensor.compressor_running", "2026-01-10T06:00:10Z", "on");
            file.State("sun.sun", "2026-01-10T06:02:10Z", "up");
        }

        await _rig.RunAsync(Source);

        var mode = _rig.Import.State.Progress.Series.Single(series => series.Sensor == FakeMake.Mode.Key);
        Assert.Equal((0, 2), (mode.Kept, mode.Refused));
        Assert.Contains("'heat' is no code of Operating mode", mode.Reasons.Keys);
        Assert.Equal([1.0, 1.0], _rig.Values(SensorKey.Parse("compressor_running")));
    }

    [Fact]
    public async Task Survey_TellsUnitNameCountAndSamples()
    {
        using (var file = Create(RecorderForm.Names))
        {
            file.State(Outdoor, "2026-01-10T06:00:10Z", "1.5", Celsius);
            file.State(Outdoor, "2026-01-10T06:01:10Z", "unavailable", "{}");
        }

        var series = Assert.Single((await _rig.Import.SurveyAsync(Source, CancellationToken.None)).Series);

        Assert.Equal((Outdoor, "°C", "Cellar outdoor temperature", 2), (series.Id, series.Unit, series.Alias, series.Count));
        Assert.Equal(["1.5"], series.Samples);
        Assert.Equal(ImportRig.Utc("2026-01-10T06:01:10Z"), series.Last);
    }

    [Fact]
    public async Task Survey_OfWhatIsNoSuchDatabase_SaysSo()
    {
        _rig.Write("home-assistant_v2.db", "this is no database, it is a text that is long enough to look at");
        await RefusedAsync("no SQLite database");

        File.Delete(_rig.Path("home-assistant_v2.db"));
        File.Copy(System.IO.Path.Combine(_rig.DataPath, await OtherDatabaseAsync()), _rig.Path("home-assistant_v2.db"));
        await RefusedAsync("no states");
    }

    [Fact]
    public async Task Import_OfADamagedDatabase_KeepsWhatCanBeReadAndSaysSo()
    {
        using (var file = Create(RecorderForm.Names))
        {
            for (var hour = 0; hour < 24 * 60; hour++) file.State(Outdoor, ImportRig.Utc("2026-01-10T00:00:10Z").AddMinutes(hour).ToString("O", CultureInfo.InvariantCulture), "1", Celsius);
        }

        var plan = await _rig.PlanAsync(Source);
        var bytes = await File.ReadAllBytesAsync(Source.File!);
        for (var page = 4096 * 6; page < bytes.Length; page += 4096) bytes.AsSpan(page, 64).Fill(0xAA);
        await File.WriteAllBytesAsync(Source.File!, bytes);

        Assert.Empty(_rig.Import.Start(plan));
        await _rig.EndAsync();

        Assert.Equal(ImportStatus.Failed, _rig.Import.State.Status);
        Assert.Contains("damaged", _rig.Import.State.Fault, StringComparison.Ordinal);
    }

    private static string Told(Reading? reading) => reading?.Value is { } value ? Math.Round(value, 6).ToString(CultureInfo.InvariantCulture) : "-";

    private RecorderFile Create(RecorderForm form) => new(Source.File!, form);

    private async Task<string> OtherDatabaseAsync()
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_rig.Path("other.db")};Pooling=false");
        await connection.OpenAsync();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE a (b)";
        await command.ExecuteNonQueryAsync();
        return "other.db";
    }

    private async Task RefusedAsync(string told)
    {
        var refused = await Assert.ThrowsAsync<ImportException>(async () => await _rig.Import.SurveyAsync(Source, CancellationToken.None));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }
}
