using System.Globalization;
using HPManager.Benchmarks.Harness;
using HPManager.Benchmarks.Store.Data;
using HPManager.Benchmarks.Store.Peers;
using HPManager.Core.Storage;
using Microsoft.Data.Sqlite;

namespace HPManager.Benchmarks.Store.Parts;

/// <summary>Bytes a point on the disk: whole folders, VictoriaMetrics after the merge it is asked for, InfluxDB when it has been still for a while.</summary>
internal static class SizePart
{
    private static readonly LineSettings Filling = new(100, Packed: false, 2);

    public static async Task RunAsync(Report report, string name, IReadOnlyList<Recording> recordings, bool isJudged, CancellationToken cancellationToken)
    {
        var points = (double)recordings.Sum(recording => recording.Points);
        var ours = await OursAsync(name, recordings, cancellationToken) / points;
        await using var victoria = new VictoriaMetrics(DiskFolder.Empty("size-victoria"));
        var peer = await SettledAsync(victoria, recordings, cancellationToken);
        report.AtMost($"{name}: bytes a point", ours, victoria.Name, peer / points, isJudged ? 1.0 : null);
        Report.Remark(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: of VictoriaMetrics' {peer:n0} bytes {DiskFolder.Size(Path.Combine(victoria.Folder, "data")) / points:0.000} a point are data, the rest is its index and caches"));
        await victoria.StopAsync();
        await using var influx = new InfluxDb(DiskFolder.Empty("size-influx"));
        report.AtMost($"{name}: bytes a point", ours, influx.Name, await SettledAsync(influx, recordings, cancellationToken) / points, isJudged ? 0.25 : null);
    }

    private static async Task<long> SettledAsync(LineServer server, IReadOnlyList<Recording> recordings, CancellationToken cancellationToken)
    {
        await server.StartAsync(cancellationToken);
        await server.WriteAsync(LineProtocol.Bodies(recordings, Filling), Filling, cancellationToken);
        await server.ExpectAsync(recordings, cancellationToken);
        return await server.SettleAsync(cancellationToken);
    }

    private static async Task<double> OursAsync(string name, IReadOnlyList<Recording> recordings, CancellationToken cancellationToken)
    {
        var folder = DiskFolder.Empty("size-ours");
        using (var store = await OurStore.OpenAsync(folder, cancellationToken))
        {
            await store.FillAsync(OurStore.Snapshots(recordings), cancellationToken);
            await store.CompareAsync(recordings, cancellationToken);
        }

        // Looking into the file may leave a lock file beside it.
        var size = DiskFolder.Size(folder);
        Describe(name, folder, size);
        return size;
    }

    private static void Describe(string name, string folder, long size)
    {
        var file = new StorageOptions { DataFolder = folder }.HistoryFile;
        using var connection = SqliteFile.Open(file, SqliteOpenMode.ReadOnly);
        var free = SqliteFile.Number(connection, "PRAGMA freelist_count") * SqliteFile.Number(connection, "PRAGMA page_size");
        Report.Remark(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: our {size:n0} bytes are {Sum(connection, "length(body)"):n0} of readings and {Sum(connection, "length(directory)"):n0} of directories in {Sum(connection, "1")} segments, {Sum(connection, "length(cells)"):n0} of aggregates, {free:n0} of free pages"));
    }

    private static long Sum(SqliteConnection connection, string what) => SqliteFile.Number(connection, $"SELECT coalesce(sum({what}), 0) FROM segments");
}
