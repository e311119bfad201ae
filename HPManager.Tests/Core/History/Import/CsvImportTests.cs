using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Export;
using HPManager.Core.History.Import;
using HPManager.Core.History.Import.Csv;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Import;

public sealed class CsvImportTests : IDisposable
{
    private readonly ImportRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Import_OfOurExport_GivesTheSameBits()
    {
        var random = new Random(17);
        for (var round = 0; round < 8; round++)
        {
            var polls = RandomPolls(random, 300);
            var first = new MemoryTimeSeriesStore();
            await first.AppendAsync(polls, CancellationToken.None);
            var text = await ExportAsync(first);

            using var rig = new ImportRig();
            var file = rig.Write("export.csv", text);
            var preview = await rig.Import.LookAsync(file, null, CancellationToken.None);
            await rig.RunAsync(new ImportSource { Kind = ImportKind.Csv, File = file, Csv = preview.Settings });

            Assert.Equal(ImportStatus.Finished, rig.Import.State.Status);
            Assert.Equal(await ContentAsync(first), await ContentAsync(rig.Store));
        }
    }

    [Fact]
    public async Task Import_TheSameAgain_ChangesNothing()
    {
        var file = _rig.Write("a.csv", "time,outdoor_temperature\n2026-01-10T06:00:00Z,1.5\n2026-01-10T06:01:00Z,2\n");
        var source = await _rig.SourceAsync(file);
        await _rig.RunAsync(source);
        var before = _rig.Store.Snapshots.Count;

        await _rig.RunAsync(source);

        Assert.Equal(before, _rig.Store.Snapshots.Count);
        Assert.Equal(2, Assert.Single(_rig.Import.State.Progress.Series).Here);
    }

    [Fact]
    public async Task Import_ValuesThatAreHereAlready_StayUnlessTheyAreToBeReplaced()
    {
        var file = _rig.Write("a.csv", "time,outdoor_temperature\n2026-01-10T06:00:00Z,1.5\n");
        var at = new DateTimeOffset(2026, 1, 10, 6, 0, 0, TimeSpan.Zero);
        await _rig.Store.AppendAsync([new Snapshot(ImportRig.Pump, at, new SensorSet([FakeMake.Outdoor]), [new Reading(-7, null, Quality.Good, at)])], CancellationToken.None);

        await _rig.RunAsync(await _rig.SourceAsync(file));
        Assert.Equal([-7.0], _rig.Values(FakeMake.Outdoor.Key));

        await _rig.RunAsync(await _rig.SourceAsync(file), replaces: true);
        Assert.Equal(1.5, _rig.Store.Snapshots.Last().Readings[0].Value);
    }

    [Theory]
    [InlineData("Zeit;Außentemperatur (°C);Betriebsart\r\n31.01.2026 14:05;-3,5;automatic\r\n31.01.2026 14:06:30;1.234,5;standby\r\n", ';', true, "day_first")]
    [InlineData("timestamp\toutdoor temperature [°C]\toperating mode\n2026-01-31 14:05:00\t-3.5\tautomatic\n2026-01-31 14:06:30\t1234.5\tstandby\n", '\t', false, "iso")]
    [InlineData("Outdoor temperature (C)|Time|Operating mode\n-3.5|1769868300|automatic\n1234.5|1769868390|standby\n", '|', false, "unix_s")]
    [InlineData("time,Outdoor temp (°F),Operating mode\n01/31/2026 2:05 PM,25.7,automatic\n01/31/2026 2:06:30 PM,2254.1,0\n", ',', false, "month_first")]
    public async Task Look_ForeignFile_FindsOutHowItIsWrittenAndWhichSensorsItHas(string text, char separator, bool isDecimalComma, string format)
    {
        var file = _rig.Write("foreign.csv", text);

        var preview = await _rig.Import.LookAsync(file, null, CancellationToken.None);
        await _rig.RunAsync(new ImportSource { Kind = ImportKind.Csv, File = file, Csv = preview.Settings });

        Assert.Equal((separator, isDecimalComma, format), (preview.Settings.Separator, preview.Settings.IsDecimalComma, preview.Settings.TimeFormat));
        Assert.Equal([-3.5, 1234.5], _rig.Values(FakeMake.Outdoor.Key).Select(value => Math.Round(value!.Value, 9)));
        Assert.Equal([1.0, 0.0], _rig.Values(FakeMake.Mode.Key));
        Assert.Equal([ImportRig.Utc("2026-01-31T14:05:00Z"), ImportRig.Utc("2026-01-31T14:06:30Z")], _rig.Store.Snapshots.Select(snapshot => snapshot.At));
    }

    [Fact]
    public async Task Import_ARowPerValue_FormsPollsOfWhatBelongsTogether()
    {
        var file = _rig.Write(
            "history.csv",
            "entity_id,state,last_changed\nsensor.outdoor_temperature,1.5,2026-01-10T06:00:00.000Z\nsensor.operating_mode,hot_water_only,2026-01-10T06:00:00.400Z\nsensor.outdoor_temperature,unavailable,2026-01-10T06:01:00.000Z\n");

        await _rig.RunAsync(await _rig.SourceAsync(file), together: 1);

        var poll = Assert.Single(_rig.Store.Snapshots);
        Assert.Equal((1.5, 4.0), (poll[FakeMake.Outdoor.Key]!.Value.Value, poll[FakeMake.Mode.Key]!.Value.Value));
        var outcome = _rig.Import.State.Progress.Series.Single(series => series.Sensor == FakeMake.Outdoor.Key);
        Assert.Equal((1, 1), (outcome.Kept, outcome.Refused));
        Assert.Contains("'unavailable'", Assert.Single(outcome.Reasons).Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_LocalTimesAroundTheEndOfSummerTime_KeepTheirOrder()
    {
        var file = _rig.Write("local.csv", "time,outdoor_temperature\n2025-10-26 01:30:00,1\n2025-10-26 02:30:00,2\n2025-10-26 02:30:00,3\n2025-10-26 03:30:00,4\n2025-03-30 02:30:00,5\n");
        var source = await _rig.SourceAsync(file);

        await _rig.RunAsync(source with { Csv = source.Csv! with { Zone = "Europe/Vienna" } });

        Assert.Equal(
            ["2025-10-25T23:30:00Z", "2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z", "2025-10-26T02:30:00Z"],
            _rig.Store.Snapshots.Select(snapshot => snapshot.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
        Assert.Equal(1, _rig.Import.State.Progress.BadRows);
    }

    [Fact]
    public async Task Import_BadRows_AreNamedByTheirLinesAndNothingElseIsLost()
    {
        var file = _rig.Write(
            "bad.csv",
            "time,outdoor_temperature\n2026-01-10T06:00:00Z,1\nyesterday,2\n2026-01-10T06:02:00Z,3,4\n1950-01-01T00:00:00Z,5\n2999-01-01T00:00:00Z,6\n2026-01-10T06:03:00Z,\0\n"
            + $"2026-01-10T06:04:00Z,\"{new string('x', CsvRecords.LongestRow)}\n2026-01-10T06:05:00Z,7\n");
        var settings = new CsvSettings();

        await _rig.RunAsync(new ImportSource { Kind = ImportKind.Csv, File = file, Csv = settings });

        Assert.Equal([1.0, 7.0], _rig.Values(FakeMake.Outdoor.Key));
        var progress = _rig.Import.State.Progress;
        Assert.Equal(6, progress.BadRows);
        Assert.Equal(["Line 3", "Line 4", "Line 5", "Line 6", "Line 7", "Line 8"], progress.BadRowsNamed.Select(told => told.Split(':')[0]));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("iso-8859-1")]
    [InlineData("utf-8")]
    public async Task Look_OtherEncodings_AreRecognised(string encoding)
    {
        foreach (var withMark in new[] { true, false })
        {
            var bytes = Encoding.GetEncoding(encoding).GetBytes("time,Außentemperatur (°C)\n2026-01-10T06:00:00Z,1.5\n");
            var mark = withMark ? Encoding.GetEncoding(encoding).GetPreamble() : [];
            var file = _rig.Write("encoded.csv", [.. mark, .. bytes]);

            var preview = await _rig.Import.LookAsync(file, null, CancellationToken.None);

            Assert.Equal(["time", "Außentemperatur (°C)"], preview.Columns);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0, 1, 2, 0, 0, 0, 3, 4, 0, 0, 0, 0 }, "no text")]
    [InlineData(new byte[0], "no rows")]
    public async Task Look_WhatIsNoText_IsRefused(byte[] content, string told)
    {
        var file = _rig.Write("binary.csv", content);

        var refused = await Assert.ThrowsAsync<ImportException>(async () => await _rig.Import.LookAsync(file, null, CancellationToken.None));

        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relative.csv", "from the root on")]
    [InlineData("/etc/passwd", ".csv")]
    [InlineData("/nowhere/at/all.csv", "no file")]
    [InlineData("/tmp/a\0.csv", "from the root on")]
    public async Task Look_PathsThatAreNotMeant_AreRefused(string path, string told)
    {
        var refused = await Assert.ThrowsAsync<ImportException>(async () => await _rig.Import.LookAsync(path, null, CancellationToken.None));

        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_AnyText_ComeBackAsTheyWereQuoted() => Prop.ForAll<string[]>(fields =>
    {
        var wanted = fields.Select(field => (field ?? "").Replace("\0", "", StringComparison.Ordinal)).ToArray();
        if (wanted.Length == 0) return true;
        var row = string.Join(',', wanted.Select(field => CsvText.Quote(CsvText.Disarm(field)))) + "\r\n";
        var records = new CsvRecords(new StringReader(row), ',');
        Assert.True(records.NextAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult());
        return wanted.SequenceEqual(records.Fields.Select(CsvText.Rearm)) && records.Fault is null;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("°F", "°C", 212.0, 100.0)]
    [InlineData("W", "kW", 1500.0, 1.5)]
    [InlineData("Wh", "kWh", 12345.0, 12.345)]
    [InlineData("hPa", "bar", 1500.0, 1.5)]
    [InlineData("m³/h", "l/min", 1.2, 20.0)]
    public void Conversion_OfWhatIsCertain_IsExact(string from, string to, double value, double expected) =>
        Assert.Equal(expected, ImportUnits.Conversion(from, to)!(value), 9);

    [Theory]
    [InlineData("K", "°C")]
    [InlineData("°C", "K")]
    [InlineData("kW", "kWh")]
    [InlineData("parsec", "°C")]
    public void Conversion_OfWhatIsNotCertain_IsNone(string from, string to) => Assert.Null(ImportUnits.Conversion(from, to));

    private static List<Snapshot> RandomPolls(Random random, int count)
    {
        var polls = new List<Snapshot>();
        var at = new DateTimeOffset(2025, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var label = ImportRig.Label;
        for (var poll = 0; poll < count; poll++)
        {
            at = at.AddMilliseconds(random.Next(1, 90_000));
            SensorDefinition[] all = [FakeMake.Outdoor, FakeMake.Target, FakeMake.Mode, label];
            SensorDefinition[] chosen = [.. all.Where(_ => random.Next(4) > 0)];
            if (chosen.Length == 0) continue;
            polls.Add(new Snapshot(ImportRig.Pump, at, new SensorSet(chosen), [.. chosen.Select(sensor => RandomReading(random, sensor, at))]));
        }

        return polls;
    }

    private static Reading RandomReading(Random random, SensorDefinition sensor, DateTimeOffset at)
    {
        var quality = (Quality)random.Next(5);
        if (quality is Quality.Missing or Quality.Failed or Quality.Stale) return new Reading(null, null, quality, at);
        string[] texts = ["", "=1+1", "'quoted", "a,b", "\"", "line\r\nbreak", " blank ", "-5", "5.0", "Grün °C"];
        if (sensor.Kind == ValueKind.Text) return new Reading(null, texts[random.Next(texts.Length)], quality, at);
        var value = random.Next(3) switch
        {
            0 => Math.Round((random.NextDouble() * 80) - 20, 1),
            1 => BitConverter.Int64BitsToDouble(random.NextInt64()),
            _ => -0.0,
        };
        return new Reading(double.IsFinite(value) ? value : 0.1, null, quality, at);
    }

    private static async Task<byte[]> ExportAsync(MemoryTimeSeriesStore store)
    {
        var request = new ExportRequest(
            ImportRig.Pump,
            [FakeMake.Outdoor.Key, FakeMake.Target.Key, FakeMake.Mode.Key, ImportRig.Label.Key],
            WithOthers: false,
            DateTimeOffset.UnixEpoch,
            new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero),
            ExportFormat.Csv,
            WithQuality: true);
        using var stream = new MemoryStream();
        await using (var export = await HistoryExport.OpenAsync(store, request, CancellationToken.None))
        {
            var pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
            await export.WriteToAsync(pipe, CancellationToken.None);
            await pipe.CompleteAsync();
        }

        return stream.ToArray();
    }

    private static async Task<string> ContentAsync(MemoryTimeSeriesStore store)
    {
        var text = new StringBuilder();
        SensorKey[] keys = [FakeMake.Outdoor.Key, FakeMake.Target.Key, FakeMake.Mode.Key, ImportRig.Label.Key];
        await foreach (var block in store.ReadAsync(ImportRig.Pump, keys, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, CancellationToken.None))
        {
            for (var row = 0; row < block.Times.Count; row++)
            {
                text.Append(block.Times[row].ToUnixTimeMilliseconds());
                foreach (var reading in block.Series.Select(series => series.Readings[row]))
                    text.Append('|').Append(reading.Quality).Append(reading.Value is { } value ? BitConverter.DoubleToInt64Bits(value) : null).Append('~').Append(reading.Text);
                text.AppendLine();
            }
        }

        return text.ToString();
    }
}
