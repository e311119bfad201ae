using FluentValidation;
using HPManager.Core.Alerts;
using HPManager.Core.HeatPumps;
using HPManager.Core.Jobs;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Core.Storage;
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
    private readonly LegacyReader _reader = new(registry);
    private readonly OwnedTaking<Job> _jobs = new(jobs, jobRules, (known, job) => known.Name == job.Name, IsSame);

    private readonly OwnedTaking<AlertRule> _alerts = new(
        alerts, alertRules, (known, rule) => known.Name == rule.Name, (known, rule) => known with { Id = 0 } == rule);

    /// <summary>Names that are looked for in a folder.</summary>
    public static IReadOnlyList<string> FileNames => LegacyReader.FileNames;

    /// <summary>Imports files, or says what importing them would do.</summary>
    /// <param name="files">Texts by file name; the folder in front of a name does not matter.</param>
    /// <param name="checkOnly">Changes nothing.</param>
    /// <param name="cancellationToken">Ends between two things; what was taken stays.</param>
    public async Task<ImportReport> RunAsync(IReadOnlyDictionary<string, string> files, bool checkOnly, CancellationToken cancellationToken)
    {
        await _importing.WaitAsync(cancellationToken);
        try
        {
            var found = _reader.Read(files);
            await TakeModelsAsync(found, checkOnly, cancellationToken);
            foreach (var pump in found.HeatPumps) await TakeHeatPumpAsync(pump, found, checkOnly, cancellationToken);
            foreach (var job in found.Jobs) await _jobs.TakeAsync(job, found, checkOnly, cancellationToken);
            foreach (var rule in found.Alerts) await _alerts.TakeAsync(rule, found, checkOnly, cancellationToken);
            return new ImportReport(checkOnly, found.Entries);
        }
        finally
        {
            _importing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _importing.Dispose();

    private async Task TakeModelsAsync(LegacyConfiguration found, bool checkOnly, CancellationToken cancellationToken)
    {
        var isChanged = false;
        foreach (var model in found.Models.ToList()) isChanged |= TakeModel(model, found, checkOnly);
        if (isChanged && !checkOnly) await manager.ReloadModelsAsync(cancellationToken);
    }

    private bool TakeModel(LegacyModel model, LegacyConfiguration found, bool checkOnly)
    {
        var draft = model.Draft;
        var subject = $"model {model.Name}";
        var files = draft.ToFiles();
        if (profiles.Read(draft.Name) is { } existing)
        {
            found.ReportExisting(model.Place, subject, existing == files, draft.Name);
            return false;
        }

        var errors = checkOnly ? OwnerProfiles.Check(draft.Name, files) : profiles.Save(draft.Name, files);
        if (errors.Count > 0)
        {
            found.Report(model.Place, subject, ImportOutcome.NotTaken, errors[0].Message);
            found.Models.Remove(model);
            return false;
        }

        var registers = draft.Rows.Count == 1 ? "1 register" : $"{draft.Rows.Count} registers";
        found.Report(
            model.Place, subject, ImportOutcome.Taken,
            $"Becomes the device {draft.Name} with {registers}. The byte order of values of two registers was not given: high word first.");
        return true;
    }

    private async Task TakeHeatPumpAsync(LegacyHeatPump legacy, LegacyConfiguration found, bool checkOnly, CancellationToken cancellationToken)
    {
        var pump = found.Interval is { } interval ? legacy.HeatPump with { Interval = interval } : legacy.HeatPump;
        var subject = $"heat pump {pump.Name}";
        var isKnownModel = registry.TryGetModel(pump.Manufacturer, pump.Model, out var model);
        if (await heatPumps.FindAsync(pump.Id, cancellationToken) is { } existing)
        {
            found.ReportExisting(legacy.Place, subject, isKnownModel && model!.Complete(pump) == existing, existing.Id.Value);
            return;
        }

        var errors = await TryAsync();
        if (errors.Count > 0)
        {
            found.Report(legacy.Place, subject, ImportOutcome.NotTaken, string.Join(" ", errors.Select(error => $"{error.Field}: {error.Message}")));
            return;
        }

        var how = $"Becomes {pump.Id}, read as {pump.Manufacturer}/{pump.Model} every {pump.Interval.TotalSeconds:0} s.";
        found.Report(legacy.Place, subject, ImportOutcome.Taken, how);

        async Task<IReadOnlyList<FieldError>> TryAsync()
        {
            if (!checkOnly) return (await directory.AddWithIdAsync(pump, cancellationToken)).Errors;

            // A device that is only about to come is not known yet; its heat pump is checked when it is there.
            var isToCome = !isKnownModel && found.Models.Exists(own => (own.Draft.Manufacturer, own.Draft.Model) == (pump.Manufacturer, pump.Model));
            return isToCome ? [] : await directory.CheckAsync(pump, cancellationToken);
        }
    }

    private static bool IsSame(Job known, Job mine) =>
        (known.Sensor, known.Value, known.At, known.Enabled) == (mine.Sensor, mine.Value, mine.At, mine.Enabled)
        && known.Days.ToHashSet().SetEquals(mine.Days);
}
