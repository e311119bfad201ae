using System.Text.Json;
using HPManager.Core.Storage;
using Microsoft.Extensions.Options;

namespace HPManager.Core.History.Import;

/// <summary>
/// What of an import outlives the program: a folder in the data folder with the plan (secrets encrypted), how far it is, and the uploaded file. Each file is written whole or
/// not at all. Used by one caller at a time, but for uploads.
/// </summary>
internal sealed class ImportFolder(IOptions<StorageOptions> options, ISecretProtector protector)
{
    private const string UploadPrefix = "upload-";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>What is kept.</summary>
    internal sealed record Kept(ImportPlan Plan, ImportStatus Status, ImportProgress Progress, string? Fault);

    private string Folder => options.Value.ImportFolder;

    private string PlanFile => Path.Combine(Folder, "import.json");

    /// <summary>What was kept; null when there is nothing, or nothing that can be understood.</summary>
    public Kept? Load()
    {
        try
        {
            if (!File.Exists(PlanFile)) return null;
            var kept = JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(PlanFile), Json);
            return kept is { Plan.Source: not null, Progress: not null } ? kept with { Plan = Changed(kept.Plan, protector.Unprotect) } : null;
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Keeps it.</summary>
    /// <exception cref="IOException">It cannot be written now.</exception>
    public void Save(Kept kept)
    {
        Prepare();
        var fresh = PlanFile + ".new";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(kept with { Plan = Changed(kept.Plan, protector.Protect) }, Json);
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, PlanFile, overwrite: true);
    }

    /// <summary>Forgets it.</summary>
    public void Forget() => File.Delete(PlanFile);

    /// <summary>A file for an upload; the folder is there then.</summary>
    public string NewUpload()
    {
        Prepare();
        return Path.Combine(Folder, UploadPrefix + Guid.NewGuid().ToString("N"));
    }

    /// <summary>Whether the path is one of <see cref="NewUpload"/>.</summary>
    public bool IsUpload(string file) =>
        Path.GetDirectoryName(Path.GetFullPath(file)) == Path.GetFullPath(Folder) && Path.GetFileName(file).StartsWith(UploadPrefix, StringComparison.Ordinal);

    /// <summary>Removes uploads that nothing needs any more.</summary>
    public void RemoveUploads(Func<string, bool> isNeeded)
    {
        if (!Directory.Exists(Folder)) return;
        foreach (var file in Directory.EnumerateFiles(Folder, UploadPrefix + "*").Where(file => !isNeeded(file)))
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // It is tried again at the next start.
            }
        }
    }

    private static ImportPlan Changed(ImportPlan plan, Func<string, string?> change) => plan.Source.Server is { Secret: { Length: > 0 } secret } server
        ? plan with { Source = plan.Source with { Server = server with { Secret = change(secret) } } }
        : plan;

    private void Prepare()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Folder);
        else Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
