using System.Globalization;
using HPManager.Core.History;

namespace HPManager.Web.Hosting;

/// <summary>What the command line can do with the history beside, or instead of, a running HPManager.</summary>
internal static class HistoryCommands
{
    /// <summary>Checks the history or copies it, and says what came of it.</summary>
    /// <returns>The program's exit code: 1 when something is damaged.</returns>
    /// <exception cref="IOException">The history cannot be read, or the copy not be written.</exception>
    public static async Task<int> LookAfterHistoryAsync(this IServiceProvider services, StartArguments arguments)
    {
        var file = services.GetRequiredService<IHistoryFile>();
        if (arguments.BackupFile is { } backup)
        {
            if (backup.Length == 0) throw new IOException("--backup-history needs the name of a new file.");
            await file.BackUpAsync(Path.GetFullPath(backup), CancellationToken.None);
            Console.WriteLine($"The history was copied to {Path.GetFullPath(backup)}, {new FileInfo(backup).Length.ToString("N0", CultureInfo.InvariantCulture)} bytes.");
        }

        if (!arguments.CheckHistory) return 0;
        var report = await file.CheckAsync(progress: null, CancellationToken.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Readings:N0} readings of {report.Polls:N0} polls in {report.Segments:N0} sealed stretches were read."));
        foreach (var damage in report.Damage)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Damaged: {damage.HeatPump?.Value ?? "the file"}, {damage.First:u} to {damage.Last:u}: {damage.What}"));
        if (report.Database is { } said) Console.WriteLine($"SQLite says: {said}");
        Console.WriteLine(report.IsIntact ? "All of it is as it was written." : "Everything else is intact and served.");
        return report.IsIntact ? 0 : 1;
    }
}
