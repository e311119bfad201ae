using FluentValidation;
using HPManager.Core.Alerts;
using HPManager.Core.HeatPumps;
using HPManager.Core.Jobs;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Core.Storage;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.Profiles.Owner;

namespace HPManager.Drivers.Import;

/// <summary>
/// Takes over the configuration of earlier collectors: heatpumps.yml, registers.yml and collector.yml, or the one file of a single iDM. Each heat pump and each
/// device is taken whole or not at all; doing it twice changes nothing, and what was edited here since is kept. Thread-safe.
/// </summary>
public sealed class LegacyImport(
    HeatPumpDirectory directory,
    IHeatPumpStore heatPumps,
    IOwnedStore<Job> jobs,
    IValidator<Job> jobRules,
    IOwnedStore<AlertRule> alerts,
    IValidator<AlertRule> alertRules,
    ManufacturerRegistry registry,
    HeatpumpManager manager,
    OwnerProfiles profiles) : IDisposable
{
    /// <summary>Most characters of one file.</summary>
    public const int MaxFileLength = 2_000_000;

    /// <summary>Most files of one import.</summary>
    public const int MaxFiles = 20;

    private readonly SemaphoreSlim _importing = new(1, 1);

    /// <summary>Names that are looked for in a folder.</summary>
    public static IReadOnlyList<string> FileNames { get; } =
        ["registers.yml", "registers.yaml", "collector.yml", "collector.yaml", "heatpumps.yml", "heatpumps.yaml", "config.idm", "idm.yml", "idm.yaml", "config.yml", "config.yaml"];

    /// <summary>Imports files, or says what importing them would do.</summary>
    /// <param name="files">Texts by file name; the folder in front of a name does not matter.</param>
    /// <param name="checkOnly">Changes nothing.</param>
    /// <param name="cancellationToken">Ends between two things; what was taken stays.</param>
    public async Task<ImportReport> RunAsync(IReadOnlyDictionary<string, string> files, bool checkOnly, CancellationToken cancellationToken)
    {
        await _importing.WaitAsync(cancellationToken);
        try
        {
            var found = Read(files);
            await TakeModelsAsync(found, checkOnly, cancellationToken);
            foreach (var pump in found.HeatPumps) await TakeHeatPumpAsync(pump, found, checkOnly, cancellationToken);
            foreach (var (place, job) in found.Jobs)
                await TakeAsync(place, $"job {job.Name}", job.HeatPumpId, job, known => known.Name == job.Name, known => IsSame(known, job), jobs, jobRules, found, checkOnly, cancellationToken);
            foreach (var (place, rule) in found.Alerts)
                await TakeAsync(place, $"alert {rule.Name}", rule.HeatPumpId, rule, known => known.Name == rule.Name, known => known with { Id = 0 } == rule, alerts, alertRules, found, checkOnly, cancellationToken);
            return new ImportReport(checkOnly, found.Entries);
        }
        finally
        {
            _importing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _importing.Dispose();

    private LegacyConfiguration Read(IReadOnlyDictionary<string, string> files)
    {
        var found = new LegacyConfiguration();
        var known = files.OrderBy(file => OrderOf(file.Key)).Take(MaxFiles);
        foreach (var (path, text) in known)
        {
            var file = Path.GetFileName(path.Replace('\\', '/'));
            if (text.Length > MaxFileLength)
            {
                found.Leave(file, 0, "file", $"It is longer than {MaxFileLength / 1_000_000} million characters.");
                continue;
            }

            try
            {
                ReadFile(file, new LegacyNode(YamlFields.ParseRoot(text)), found);
            }
            catch (ProfileFormatException wrong)
            {
                found.Leave(file, wrong.Line, "file", wrong.Message);
            }
        }

        if (files.Count > MaxFiles) found.Leave("", 0, "files", $"At most {MaxFiles} files are imported at a time.");
        return found;
    }

    private void ReadFile(string file, LegacyNode root, LegacyConfiguration into)
    {
        var keys = root.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (file.StartsWith("registers", StringComparison.OrdinalIgnoreCase)) RegistersFile.Read(file, root, into);
        else if (file.StartsWith("heatpumps", StringComparison.OrdinalIgnoreCase)) HeatPumpsFile.Read(file, root, name => FindModel(name, into), into);
        else if (file.StartsWith("collector", StringComparison.OrdinalIgnoreCase)) CollectorFile.Read(file, root, into);
        else if (keys.Contains("idm") || (keys.Contains("host") && (keys.Contains("circuits") || keys.Contains("zones")))) SingleDeviceFile.Read(file, root, into);
        else into.Leave(file, root.Line, "file", $"It is not known; known are {string.Join(", ", FileNames)}.");
    }

    // Devices first, then what holds for all heat pumps, then these.
    private static int OrderOf(string path)
    {
        var file = Path.GetFileName(path.Replace('\\', '/'));
        return file.StartsWith("registers", StringComparison.OrdinalIgnoreCase) ? 0 : file.StartsWith("collector", StringComparison.OrdinalIgnoreCase) ? 1 : 2;
    }

    private (string Manufacturer, string Model)? FindModel(string name, LegacyConfiguration found)
    {
        if (found.Models.Find(model => string.Equals(model.Name, name, StringComparison.OrdinalIgnoreCase)) is { } own) return (own.Draft.Manufacturer, own.Draft.Model);
        var plain = Plain(name);
        foreach (var model in registry.All.SelectMany(make => make.Models))
        {
            var names = new[] { model.Key, model.Name, $"{model.Manufacturer} {model.Key}", $"{model.Manufacturer} {model.Name}" };
            if (names.Any(known => Plain(known) == plain)) return (model.Manufacturer, model.Key);
        }

        return null;
    }

    private static string Plain(string name) => new([.. name.ToLowerInvariant().Where(char.IsLetterOrDigit)]);

    private async Task TakeModelsAsync(LegacyConfiguration found, bool checkOnly, CancellationToken cancellationToken)
    {
        var isChanged = false;
        foreach (var (place, name, draft) in found.Models.ToList())
        {
            var subject = $"model {name}";
            var files = draft.ToFiles();
            if (profiles.Read(draft.Name) is { } existing)
            {
                Add(existing == files ? ImportOutcome.Unchanged : ImportOutcome.KeptAsEdited, existing == files ? $"It is here already as {draft.Name}." : $"{draft.Name} was changed here since.");
                continue;
            }

            var errors = checkOnly ? OwnerProfiles.Check(draft.Name, files) : profiles.Save(draft.Name, files);
            if (errors.Count > 0)
            {
                Add(ImportOutcome.NotTaken, errors[0].Message);
                found.Models.RemoveAll(model => model.Draft.Name == draft.Name);
                continue;
            }

            isChanged = true;
            Add(ImportOutcome.Taken, $"Becomes the device {draft.Name} with {draft.Rows.Count} registers. The byte order of values of two registers was not given: high word first.");

            void Add(ImportOutcome outcome, string message) => found.Entries.Add(new ImportEntry(place.File, place.Line, subject, outcome, message));
        }

        if (isChanged && !checkOnly) await manager.ReloadModelsAsync(cancellationToken);
    }

    private async Task TakeHeatPumpAsync(LegacyHeatPump legacy, LegacyConfiguration found, bool checkOnly, CancellationToken cancellationToken)
    {
        var pump = found.Interval is { } interval ? legacy.HeatPump with { Interval = interval } : legacy.HeatPump;
        if (await heatPumps.FindAsync(pump.Id, cancellationToken) is { } existing)
        {
            var isSame = registry.TryGetModel(pump.Manufacturer, pump.Model, out var model) && model.Complete(pump) == existing;
            Add(isSame ? ImportOutcome.Unchanged : ImportOutcome.KeptAsEdited, isSame ? $"It is here already as {existing.Id}." : $"{existing.Id} was changed here since.");
            return;
        }

        // A device that is only about to come is not known yet; its heat pump is checked when it is there.
        var isOfNewModel = checkOnly && found.Models.Exists(own => (own.Draft.Manufacturer, own.Draft.Model) == (pump.Manufacturer, pump.Model)) && !registry.TryGetModel(pump.Manufacturer, pump.Model, out _);
        var errors = isOfNewModel ? [] : checkOnly ? await directory.CheckAsync(pump, cancellationToken) : (await directory.AddWithIdAsync(pump, cancellationToken)).Errors;
        if (errors.Count > 0) Add(ImportOutcome.NotTaken, string.Join(" ", errors.Select(error => $"{error.Field}: {error.Message}")));
        else Add(ImportOutcome.Taken, $"Becomes {pump.Id}, read as {pump.Manufacturer}/{pump.Model} every {pump.Interval.TotalSeconds:0} s.");

        void Add(ImportOutcome outcome, string message) =>
            found.Entries.Add(new ImportEntry(legacy.Place.File, legacy.Place.Line, $"heat pump {pump.Name}", outcome, message));
    }

    private static async Task TakeAsync<T>(
        Place place, string subject, HeatPumpId owner, T item, Func<T, bool> isNamesake, Func<T, bool> isSame, IOwnedStore<T> store,
        IValidator<T> rules, LegacyConfiguration found, bool checkOnly, CancellationToken cancellationToken)
        where T : class
    {
        var existing = (await store.ListAsync(owner, cancellationToken)).FirstOrDefault(isNamesake);
        if (existing is not null)
        {
            var same = isSame(existing);
            Add(same ? ImportOutcome.Unchanged : ImportOutcome.KeptAsEdited, same ? "It is here already." : "It was changed here since.");
            return;
        }

        // Before the heat pump is there nothing can be said against what belongs to it.
        var errors = checkOnly && found.HeatPumps.Exists(pump => pump.HeatPump.Id == owner) ? [] : (await rules.ValidateAsync(item, cancellationToken)).Errors;
        if (errors.Count > 0)
        {
            Add(ImportOutcome.NotTaken, string.Join(" ", errors.Select(error => $"{error.PropertyName}: {error.ErrorMessage}")));
            return;
        }

        if (!checkOnly) await store.AddAsync(item, cancellationToken);
        Add(ImportOutcome.Taken, $"Bound to {owner}.");

        void Add(ImportOutcome outcome, string message) => found.Entries.Add(new ImportEntry(place.File, place.Line, subject, outcome, message));
    }

    private static bool IsSame(Job known, Job mine) =>
        known.Sensor == mine.Sensor && known.Value == mine.Value && known.At == mine.At && known.Enabled == mine.Enabled && known.Days.ToHashSet().SetEquals(mine.Days);
}
