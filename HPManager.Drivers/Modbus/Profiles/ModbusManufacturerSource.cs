using System.Reflection;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Modbus.Profiles.Owner;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>
/// The manufacturers and models that are read over Modbus: the shipped profiles, and those an owner put into a folder as
/// <c>make/model/profile.yaml</c> and <c>registers.csv</c>. A profile that is wrong is left out and listed in
/// <see cref="ProfileErrors"/>; the others still load.
/// </summary>
/// <param name="driver">The driver that all models share.</param>
/// <param name="owned">The owner's profiles; null for none.</param>
/// <param name="logger">Told of every error.</param>
public sealed partial class ModbusManufacturerSource(IHeatPumpDriver driver, OwnerProfiles? owned, ILogger<ModbusManufacturerSource> logger)
    : IManufacturerSource
{
    private const string ResourcePrefix = "Profiles/";
    private const int MaxOwnerProfiles = 500;
    private readonly Lazy<IReadOnlyList<LoadedProfile>> _shipped = new(() => [.. ReadShipped().Select(result => new LoadedProfile(result))]);
    private readonly Dictionary<string, (ProfileFiles Files, LoadedProfile Loaded)> _owned = [];

    /// <summary>What was wrong with profiles at the last <see cref="Load"/>.</summary>
    public IReadOnlyList<ProfileError> ProfileErrors { get; private set; } = [];

    /// <inheritdoc/>
    public IEnumerable<Manufacturer> Load()
    {
        var errors = new List<ProfileError>();
        var models = new List<(string ManufacturerName, ModbusModel Model)>();
        foreach (var loaded in _shipped.Value.Concat(LoadOwned(errors)))
        {
            errors.AddRange(loaded.Errors);
            foreach (var model in loaded.ModelsFor(driver))
            {
                var twin = models.Find(other => other.Model.Manufacturer == model.Manufacturer && other.Model.Key == model.Key).Model;
                if (twin is null) models.Add((model.Profile.ManufacturerName, model));
                else errors.Add(Duplicate(model, twin));
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

    // An owner's profile is read anew only when its text has changed: models that stay the same must be the same objects.
    private IEnumerable<LoadedProfile> LoadOwned(List<ProfileError> errors)
    {
        if (owned is null) return [];
        try
        {
            var folders = owned.Folders;
            if (folders.Count > MaxOwnerProfiles)
                errors.Add(new ProfileError("profiles", 0, $"There are more than {MaxOwnerProfiles} profiles; the rest was not read."));
            errors.AddRange(folders.Where(name => !OwnerProfiles.IsName(name))
                .Select(name => new ProfileError(name, 0, $"The folder must be named {OwnerProfiles.NameFormat}.")));
            return [.. folders.Take(MaxOwnerProfiles).Where(OwnerProfiles.IsName).Select(LoadOwned)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            errors.Add(new ProfileError("profiles", 0, $"The folder cannot be read: {unreadable.Message}"));
            return [];
        }
    }

    private LoadedProfile LoadOwned(string name)
    {
        try
        {
            if (owned!.Read(name) is not { } files) return new LoadedProfile(new ProfileResult(null, []));
            if (_owned.TryGetValue(name, out var known) && known.Files == files) return known.Loaded;
            var loaded = new LoadedProfile(OwnerProfiles.Parse(name, files));
            _owned[name] = (files, loaded);
            return loaded;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new LoadedProfile(new ProfileResult(null, [new ProfileError(name, 0, $"The files cannot be read: {unreadable.Message}")]));
        }
    }

    private static ProfileError Duplicate(ModbusModel model, ModbusModel twin) => new(
        $"{model.Profile.Name}/{ProfileReader.HeaderFile}",
        0,
        $"Model {model.Manufacturer}/{model.Key} is already described by {twin.Profile.Name}; give it another key.");

    private sealed class LoadedProfile(ProfileResult result)
    {
        private IReadOnlyList<ModbusModel>? _models;

        public IReadOnlyList<ProfileError> Errors => result.Errors;

        public IReadOnlyList<ModbusModel> ModelsFor(IHeatPumpDriver driver) => _models ??= result.Profile?.CreateModels(driver) ?? [];
    }

    [LoggerMessage(EventId = 3100, Level = LogLevel.Error, Message = "Profile not loaded: {File} line {Line}: {Message}")]
    private partial void LogProfileError(string file, int line, string message);
}
