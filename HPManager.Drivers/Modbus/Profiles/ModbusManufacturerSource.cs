using System.Reflection;
using HPManager.Core.Manufacturers;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>
/// The manufacturers and models that are read over Modbus: the shipped profiles, and those an owner put into a folder as
/// <c>make/model/profile.yaml</c> and <c>registers.csv</c>. A profile that is wrong is left out and listed in
/// <see cref="ProfileErrors"/>; the others still load.
/// </summary>
/// <param name="driver">The driver that all models share.</param>
/// <param name="ownerFolder">The folder of the owner's profiles; it need not exist. null for none.</param>
/// <param name="logger">Told of every error.</param>
public sealed partial class ModbusManufacturerSource(IHeatPumpDriver driver, string? ownerFolder, ILogger<ModbusManufacturerSource> logger)
    : IManufacturerSource
{
    private const string ResourcePrefix = "Profiles/";
    private const int MaxOwnerProfiles = 500;

    /// <summary>What was wrong with profiles at the last <see cref="Load"/>.</summary>
    public IReadOnlyList<ProfileError> ProfileErrors { get; private set; } = [];

    /// <inheritdoc/>
    /// <remarks>Reads all files; called once at start.</remarks>
    public IEnumerable<Manufacturer> Load()
    {
        var errors = new List<ProfileError>();
        var models = new List<(string ManufacturerName, ModbusModel Model)>();
        foreach (var result in ReadShipped().Concat(ReadOwned(errors)))
        {
            errors.AddRange(result.Errors);
            if (result.Profile is not { } profile) continue;
            foreach (var model in profile.CreateModels(driver))
            {
                var twin = models.Find(other => other.Model.Manufacturer == model.Manufacturer && other.Model.Key == model.Key).Model;
                if (twin is null) models.Add((profile.ManufacturerName, model));
                else errors.Add(Duplicate(profile, model, twin));
            }
        }

        foreach (var error in errors) LogProfileError(error.File, error.Line, error.Message);
        ProfileErrors = errors;
        return
        [
            .. models.GroupBy(entry => entry.Model.Manufacturer)
                .Select(group => new Manufacturer(group.Key, group.First().ManufacturerName, [.. group.Select(entry => entry.Model)])),
        ];
    }

    /// <summary>The profiles that come with the program.</summary>
    internal static IEnumerable<ProfileResult> ReadShipped()
    {
        var assembly = Assembly.GetExecutingAssembly();

        // The folder separator in a resource's name is that of the system it was built on.
        var resources = assembly.GetManifestResourceNames().ToDictionary(name => name.Replace('\\', '/'));
        return resources.Keys
            .Where(path => path.StartsWith(ResourcePrefix, StringComparison.Ordinal) && path.EndsWith($"/{ProfileReader.HeaderFile}", StringComparison.Ordinal))
            .Select(path => path[ResourcePrefix.Length..^(ProfileReader.HeaderFile.Length + 1)])
            .Order(StringComparer.Ordinal)
            .Select(name => ProfileReader.Read(name, file => Open(name, file)));

        Stream Open(string name, string file) =>
            resources.TryGetValue($"{ResourcePrefix}{name}/{file}", out var resource) && assembly.GetManifestResourceStream(resource) is { } stream
                ? stream
                : throw new FileNotFoundException("not shipped");
    }

    private IEnumerable<ProfileResult> ReadOwned(List<ProfileError> errors)
    {
        if (ownerFolder is null || !Directory.Exists(ownerFolder)) return [];
        try
        {
            var folders = Directory.EnumerateDirectories(ownerFolder).SelectMany(Directory.EnumerateDirectories)
                .Order(StringComparer.Ordinal).Take(MaxOwnerProfiles + 1).ToList();
            if (folders.Count > MaxOwnerProfiles)
                errors.Add(new ProfileError(ownerFolder, 0, $"There are more than {MaxOwnerProfiles} profiles; the rest was not read."));
            return folders.Take(MaxOwnerProfiles).Select(folder => ProfileReader.Read(
                Path.GetRelativePath(ownerFolder, folder).Replace('\\', '/'), file => File.OpenRead(Path.Combine(folder, file))));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            errors.Add(new ProfileError(ownerFolder, 0, $"The folder cannot be read: {unreadable.Message}"));
            return [];
        }
    }

    private static ProfileError Duplicate(ModbusProfile profile, ModbusModel model, ModbusModel twin) => new(
        $"{profile.Name}/{ProfileReader.HeaderFile}",
        0,
        $"Model {model.Manufacturer}/{model.Key} is already described by {twin.Profile.Name}; give it another key.");

    [LoggerMessage(EventId = 3100, Level = LogLevel.Error, Message = "Profile not loaded: {File} line {Line}: {Message}")]
    private partial void LogProfileError(string file, int line, string message);
}
