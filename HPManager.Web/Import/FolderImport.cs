using HPManager.Drivers.Import;

namespace HPManager.Web.Import;

/// <summary>Imports the folder that <c>--import</c> names, once, before anybody is served. What became of everything stands in the log.</summary>
internal static partial class FolderImport
{
    /// <summary>Imports the folder's files and logs what became of each thing.</summary>
    /// <exception cref="IOException">The folder is not there, holds none of the files, or cannot be read.</exception>
    public static async Task ImportFolderAsync(this WebApplication app, string folder)
    {
        var files = await ReadAsync(folder, app.Lifetime.ApplicationStopping);
        var report = await app.Services.GetRequiredService<LegacyImport>().RunAsync(files, checkOnly: false, app.Lifetime.ApplicationStopping);
        foreach (var entry in report.Entries)
        {
            if (entry.Outcome == ImportOutcome.NotTaken) Log.NotTaken(app.Logger, entry.File, entry.Line, entry.Subject, entry.Message);
            else Log.Entry(app.Logger, entry.File, entry.Line, entry.Subject, entry.Outcome, entry.Message);
        }

        var counts = Enum.GetValues<ImportOutcome>().ToDictionary(outcome => outcome, report.Count);
        Log.Done(
            app.Logger, folder, counts[ImportOutcome.Taken], counts[ImportOutcome.Unchanged], counts[ImportOutcome.KeptAsEdited], counts[ImportOutcome.NotTaken]);
    }

    private static async Task<Dictionary<string, string>> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"The folder {Path.GetFullPath(folder)} of --import is not there.");
        var files = new Dictionary<string, string>();
        foreach (var name in LegacyImport.FileNames)
        {
            var path = new[] { Path.Combine(folder, name), Path.Combine(folder, "config", name) }.FirstOrDefault(File.Exists);
            if (path is null) continue;
            if (new FileInfo(path).Length > 4L * LegacyImport.MaxFileLength) throw new IOException($"{path} is too large to be a configuration.");
            files[name] = await File.ReadAllTextAsync(path, cancellationToken);
        }

        return files.Count > 0
            ? files
            : throw new FileNotFoundException($"The folder {Path.GetFullPath(folder)} of --import holds none of {string.Join(", ", LegacyImport.FileNames)}.");
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "Import {File}:{Line} {Subject}: {Outcome}. {Message}")]
        public static partial void Entry(ILogger logger, string file, int line, string subject, ImportOutcome outcome, string message);

        [LoggerMessage(EventId = 301, Level = LogLevel.Warning, Message = "Import {File}:{Line} {Subject}: not taken. {Message}")]
        public static partial void NotTaken(ILogger logger, string file, int line, string subject, string message);

        [LoggerMessage(EventId = 302, Level = LogLevel.Information, Message = "Imported {Folder}: {Taken} taken, {Unchanged} here already, {Kept} kept as edited, {Left} not taken")]
        public static partial void Done(ILogger logger, string folder, int taken, int unchanged, int kept, int left);
    }
}
