using System.Globalization;

namespace HPManager.Tests.Shared;

/// <summary>A file system of its own of a few megabytes, in memory, that a test fills up and empties again. Making one takes root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private SmallDisk(DirectoryInfo folder) => _folder = folder;

    /// <summary>Its root.</summary>
    public string Path => _folder.FullName;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Makes one.</summary>
    /// <param name="megabytes">Its size.</param>
    /// <returns>The file system; or, where none can be made, null and why.</returns>
    public static async Task<(SmallDisk? Disk, string? Reason)> MakeAsync(int megabytes)
    {
        if (!OperatingSystem.IsLinux()) return (null, "not on Linux");
        var folder = Directory.CreateTempSubdirectory("hpmanager-disk-");
        var size = string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m");
        if (await RunAsync("mount", "-t", "tmpfs", "-o", size, "tmpfs", folder.FullName) is not { Length: > 0 } reason) return (new SmallDisk(folder), null);
        folder.Delete();
        return (null, reason);
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        var block = new byte[4096];
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        // A file that is still open, of a test that failed, must not keep it mounted.
        await RunAsync("umount", "--lazy", Path);
        _folder.Delete();
    }

    private static async Task<string> RunAsync(params string[] command)
    {
        var outcome = await Shell.RunAsync(command);
        return outcome.ExitCode == 0 ? "" : $"{command[0]} ended with {outcome.ExitCode}: {outcome.Errors}";
    }
}
