using System.Text;
using HPManager.Core.Manufacturers;
using HPManager.Core.Text;

namespace HPManager.Drivers.Modbus.Profiles.Owner;

/// <summary>
/// The profiles that an owner wrote: one folder <c>make/model</c> each below the data folder. What is saved has passed the reader; the models change
/// when they are loaded anew. Thread-safe.
/// </summary>
/// <param name="folder">The folder of all profiles; made with the first one.</param>
public sealed class OwnerProfiles(string folder)
{
    private const int MaxName = 64;
    private const string Fresh = ".new";
    private const string Old = ".old";
    private readonly Lock _gate = new();

    /// <summary>How a name is written, for messages.</summary>
    public static string NameFormat => $"make/model, each in lower snake case with at most {MaxName} characters";

    /// <summary>Folders <c>make/model</c> in order, those included whose name is no name.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlyList<string> Folders
    {
        get
        {
            if (!Directory.Exists(folder)) return [];
            lock (_gate)
            {
                foreach (var fresh in SubFolders($"*{Fresh}")) Recover(fresh);
                foreach (var old in SubFolders($"*{Old}")) Clear(old);
                return [.. SubFolders("*").Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Names of all profiles, wrong ones included, in order.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlyList<string> Names => [.. Folders.Where(IsName)];

    /// <summary>Whether a text is the name of a profile: no other one is ever a path.</summary>
    public static bool IsName(string name) => name.Split('/') is [var make, var model] && SnakeCase.IsValid(make, MaxName) && SnakeCase.IsValid(model, MaxName);

    /// <summary>The files of a profile; null when there is none of that name.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public ProfileFiles? Read(string name)
    {
        if (!IsName(name) || !Directory.Exists(PathOf(name))) return null;
        return new ProfileFiles(ReadText(ProfileReader.HeaderFile), ReadText(ProfileReader.RegisterFile));

        string ReadText(string file) => File.Exists(Path.Combine(PathOf(name), file)) ? File.ReadAllText(Path.Combine(PathOf(name), file)) : "";
    }

    /// <summary>What is wrong with files, by file and line; nothing when they are a profile.</summary>
    /// <param name="name">The name that the messages give.</param>
    /// <param name="files">The files.</param>
    public static IReadOnlyList<ProfileError> Check(string name, ProfileFiles files) => Parse(name, files).Errors;

    /// <summary>The first model that files describe, without keeping anything; null when anything in them is wrong.</summary>
    /// <param name="name">The name of the profile.</param>
    /// <param name="files">The files.</param>
    /// <param name="driver">The driver that the model is read through.</param>
    public static ModbusModel? Model(string name, ProfileFiles files, IHeatPumpDriver driver) =>
        Parse(name, files).Profile?.CreateModels(driver)[0];

    /// <summary>Keeps a profile, unless anything is wrong with it. A crash leaves the old files or the new ones.</summary>
    /// <returns>What is wrong; empty when it was kept.</returns>
    /// <exception cref="ArgumentException">This is no name.</exception>
    /// <exception cref="IOException">The files cannot be written; the old ones are still there.</exception>
    public IReadOnlyList<ProfileError> Save(string name, ProfileFiles files)
    {
        if (!IsName(name)) throw new ArgumentException($"'{name}' is not {NameFormat}", nameof(name));
        var errors = Check(name, files);
        if (errors.Count > 0) return errors;
        lock (_gate)
        {
            var path = PathOf(name);
            var fresh = path + Fresh;
            var old = path + Old;
            Clear(fresh);
            Clear(old);
            Directory.CreateDirectory(fresh);
            File.WriteAllText(Path.Combine(fresh, ProfileReader.HeaderFile), files.Header);
            File.WriteAllText(Path.Combine(fresh, ProfileReader.RegisterFile), files.Registers);
            if (Directory.Exists(path)) Directory.Move(path, old);
            Directory.Move(fresh, path);
            Clear(old);
        }

        return [];
    }

    /// <summary>Takes a profile away; nothing happens when it is not there.</summary>
    /// <exception cref="IOException">The files cannot be removed.</exception>
    public void Remove(string name)
    {
        if (!IsName(name)) return;
        lock (_gate) Clear(PathOf(name));
    }

    internal static ProfileResult Parse(string name, ProfileFiles files) => ProfileReader.Read(
        name, file => new MemoryStream(Encoding.UTF8.GetBytes(file == ProfileReader.HeaderFile ? files.Header : files.Registers)));

    private string PathOf(string name) => Path.Combine(folder, name);

    private IEnumerable<string> SubFolders(string pattern) =>
        Directory.GetDirectories(folder).SelectMany(make => Directory.GetDirectories(make, pattern));

    // What a crash left between the two moves is whole; what it left before them is not needed.
    private static void Recover(string fresh)
    {
        var path = fresh[..^Fresh.Length];
        if (Directory.Exists(path)) Clear(fresh);
        else Directory.Move(fresh, path);
    }

    private static void Clear(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }
}
