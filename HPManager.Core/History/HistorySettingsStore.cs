using System.Text.Json;
using System.Text.Json.Serialization;
using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;
using HPManager.Core.Storage;
using HPManager.Core.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.History;

/// <summary>Where the value of an engine's parameter comes from.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ValueOrigin>))]
public enum ValueOrigin
{
    /// <summary>Saved in the browser or by REST.</summary>
    Saved,

    /// <summary>An environment variable, because nothing was saved.</summary>
    Environment,

    /// <summary>The parameter's default, because nothing else says anything.</summary>
    Default,

    /// <summary>There is none.</summary>
    None,
}

/// <summary>An engine as it is used: what was saved, filled in from the environment.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Settings">All values, secrets in plain text.</param>
/// <param name="Origins">Where each parameter's value comes from, by key.</param>
/// <param name="IsOn">Whether it is fed.</param>
/// <param name="WithPast">Whether it gets what was kept before it was added.</param>
/// <param name="IsSaved">Whether it was added in the browser or by REST; false when the environment alone names it.</param>
public sealed record EffectiveEngine(
    IHistoryEngineType Type, Settings Settings, IReadOnlyDictionary<string, ValueOrigin> Origins, bool IsOn, bool WithPast, bool IsSaved);

/// <summary>
/// Keeps <see cref="HistorySettings"/>, secrets encrypted. The environment fills in what is not saved, by the names that earlier collectors used (<see cref="IHistoryEngineType.Environment"/>),
/// and never overrides what is. Thread-safe.
/// </summary>
public sealed partial class HistorySettingsStore(
    IDocumentStore documents, ISecretProtector protector, IEnumerable<IHistoryEngineType> types, IConfiguration environment, ILogger<HistorySettingsStore> logger)
    : IDisposable
{
    private const string Document = "history";
    private const string Mark = "sealed:";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private HistorySettings? _known;

    /// <summary>Something was saved.</summary>
    public event EventHandler? Changed;

    /// <summary>The types that there are.</summary>
    public IReadOnlyList<IHistoryEngineType> Types { get; } = [.. types];

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>What is saved.</summary>
    public async Task<HistorySettings> ReadAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await KnownAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Changes what is saved, in one step, unless that makes something wrong.</summary>
    /// <returns>What would be wrong by it, and nothing was saved; nothing when it was. What was wrong before is not told again.</returns>
    public async Task<IReadOnlyList<FieldError>> ChangeAsync(Func<HistorySettings, HistorySettings> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var before = await KnownAsync(cancellationToken);
            var after = change(before);
            var errors = Check(after).Except(Check(before)).ToList();
            if (errors.Count > 0) return errors;
            await KeepAsync(after, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }

        Changed?.Invoke(this, EventArgs.Empty);
        return [];
    }

    /// <summary>
    /// An engine as it is to be saved: a secret that was not given stays as it is as long as it goes to the same place; an empty one is taken away.
    /// </summary>
    /// <param name="given">What was given.</param>
    /// <param name="known">What is saved of the same type; null when nothing is.</param>
    public EngineSettings WithKeptSecrets(EngineSettings given, EngineSettings? known)
    {
        var kept = given.Settings;
        if (known is not null && Types.FirstOrDefault(type => type.Key == given.Type) is { } type && GoesToTheSame(type, given, known))
        {
            kept = type.Parameters.Where(parameter => parameter.Kind == ParameterKind.Secret && !given.Settings.Values.ContainsKey(parameter.Key))
                .Aggregate(kept, (settings, secret) => settings.With(secret.Key, known.Settings[secret.Key]));
        }

        return given with { Settings = new Settings(kept.Values.Where(pair => !string.IsNullOrWhiteSpace(pair.Value))) };
    }

    /// <summary>The engines as they are used, those that only the environment names too.</summary>
    public async Task<IReadOnlyList<EffectiveEngine>> EnginesAsync(CancellationToken cancellationToken)
    {
        var saved = await ReadAsync(cancellationToken);
        return [.. Types.Select(type => Effective(type, saved.Engines.FirstOrDefault(engine => engine.Type == type.Key))).OfType<EffectiveEngine>()];
    }

    /// <summary>Fills an engine in from environment and defaults; null when nothing at all is given.</summary>
    public EffectiveEngine? Effective(IHistoryEngineType type, EngineSettings? saved)
    {
        var given = saved?.Settings ?? Settings.Empty;
        var origins = new Dictionary<string, ValueOrigin>();
        var isNamed = saved is not null;
        foreach (var parameter in type.Parameters)
        {
            var variable = type.Environment.GetValueOrDefault(parameter.Key) is { } name ? environment[name]?.Trim() : null;
            if (!string.IsNullOrWhiteSpace(given[parameter.Key])) origins[parameter.Key] = ValueOrigin.Saved;
            else if (!string.IsNullOrEmpty(variable))
            {
                given = given.With(parameter.Key, variable);
                origins[parameter.Key] = ValueOrigin.Environment;
                isNamed |= parameter.IsRequired;
            }
            else origins[parameter.Key] = parameter.Default is null ? ValueOrigin.None : ValueOrigin.Default;
        }

        return isNamed ? new EffectiveEngine(type, type.Parameters.WithDefaults(given), origins, saved?.IsOn ?? true, saved?.WithPast ?? true, saved is not null) : null;
    }

    /// <summary>What is wrong with settings; fields are named <c>source</c>, <c>engines.TYPE.KEY</c>, <c>keeping.days</c>, <c>keepingOf.ID.days</c>.</summary>
    public IReadOnlyList<FieldError> Check(HistorySettings settings)
    {
        var errors = new List<FieldError>();
        foreach (var engine in settings.Engines)
        {
            if (Types.FirstOrDefault(type => type.Key == engine.Type) is not { } type)
            {
                errors.Add(new FieldError("engines", $"'{engine.Type}' is no engine; there are {string.Join(", ", Types.Select(known => known.Key))}."));
                continue;
            }

            errors.AddRange(type.Parameters.Check(Effective(type, engine)!.Settings, $"engines.{type.Key}"));
        }

        foreach (var type in settings.Engines.GroupBy(engine => engine.Type).Where(group => group.Count() > 1))
            errors.Add(new FieldError("engines", $"{type.Key} is there twice; one of a type is possible."));
        if (settings.Source is { } source && Types.All(type => type.Key != source || Effective(type, settings.Engines.FirstOrDefault(engine => engine.Type == source)) is null))
            errors.Add(new FieldError("source", $"'{source}' is no engine that is set up."));
        errors.AddRange(settings.Keeping.Check("keeping"));
        errors.AddRange(settings.KeepingOf.SelectMany(one => one.Value.Check($"keepingOf.{one.Key}")));
        return errors;
    }

    /// <summary>Saves settings that are checked.</summary>
    public async Task SaveAsync(HistorySettings settings, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await KeepAsync(settings, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }

    private bool GoesToTheSame(IHistoryEngineType type, EngineSettings one, EngineSettings other)
    {
        var (settings, others) = (Effective(type, one)!.Settings, Effective(type, other)!.Settings);
        return type.AddressKeys.All(key => string.Equals(settings[key], others[key], StringComparison.OrdinalIgnoreCase));
    }

    private async Task<HistorySettings> KnownAsync(CancellationToken cancellationToken) => _known ??= Open(await documents.ReadAsync(Document, cancellationToken));

    private async Task KeepAsync(HistorySettings settings, CancellationToken cancellationToken)
    {
        await documents.WriteAsync(Document, JsonSerializer.Serialize(Change(settings, plain => Mark + protector.Protect(plain)), JsonSerializerOptions.Web), cancellationToken);
        _known = settings;
    }

    private HistorySettings Open(string? content) => content is null
        ? HistorySettings.Default
        : Change(JsonSerializer.Deserialize<HistorySettings>(content, JsonSerializerOptions.Web) ?? HistorySettings.Default, kept =>
        {
            if (!kept.StartsWith(Mark, StringComparison.Ordinal)) return kept;
            var plain = protector.Unprotect(kept[Mark.Length..]);
            if (plain is null) Log.Unreadable(logger);
            return plain;
        });

    private HistorySettings Change(HistorySettings settings, Func<string, string?> change) =>
        settings with { Engines = [.. settings.Engines.Select(engine => engine with { Settings = Change(engine, change) })] };

    private Settings Change(EngineSettings engine, Func<string, string?> change)
    {
        var secrets = Types.FirstOrDefault(type => type.Key == engine.Type)?.Parameters.Where(parameter => parameter.Kind == ParameterKind.Secret) ?? [];
        return secrets.Aggregate(
            engine.Settings, (settings, secret) => settings[secret.Key] is { Length: > 0 } value ? settings.With(secret.Key, change(value)) : settings);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 6030, Level = LogLevel.Warning,
            Message = "A secret of a history engine cannot be decrypted, its key is missing from the data folder; it has to be given again on the page Storage")]
        public static partial void Unreadable(ILogger logger);
    }
}
