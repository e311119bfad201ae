using FluentValidation;
using HPManager.Core.Storage;

namespace HPManager.Drivers.Import;

/// <summary>Takes over what belongs to a heat pump: jobs, alerts. A namesake that is here already is never touched.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="rules">What is allowed.</param>
/// <param name="isNamesake">Whether two are the same thing, whatever they say.</param>
/// <param name="isSame">Whether two say the same.</param>
internal sealed class OwnedTaking<T>(IOwnedStore<T> store, IValidator<T> rules, Func<T, T, bool> isNamesake, Func<T, T, bool> isSame)
    where T : class
{
    public async Task TakeAsync(LegacyOwned<T> legacy, LegacyConfiguration found, bool checkOnly, CancellationToken cancellationToken)
    {
        var existing = (await store.ListAsync(legacy.Owner, cancellationToken)).FirstOrDefault(known => isNamesake(known, legacy.Item));
        if (existing is not null)
        {
            found.ReportExisting(legacy.Place, legacy.Subject, isSame(existing, legacy.Item), "It");
            return;
        }

        // Before the heat pump is there nothing can be said against what belongs to it.
        var isOwnerToCome = checkOnly && found.HeatPumps.Exists(pump => pump.HeatPump.Id == legacy.Owner);
        var errors = isOwnerToCome ? [] : (await rules.ValidateAsync(legacy.Item, cancellationToken)).Errors;
        if (errors.Count > 0)
        {
            var why = string.Join(" ", errors.Select(error => $"{error.PropertyName}: {error.ErrorMessage}"));
            found.Report(legacy.Place, legacy.Subject, ImportOutcome.NotTaken, why);
            return;
        }

        if (!checkOnly) await store.AddAsync(legacy.Item, cancellationToken);
        found.Report(legacy.Place, legacy.Subject, ImportOutcome.Taken, $"Bound to {legacy.Owner}.");
    }
}
