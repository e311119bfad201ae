using System.Globalization;
using System.Text.Json.Serialization;
using HPManager.Core.Text;

namespace HPManager.Core.HeatPumps;

/// <summary>How a parameter is entered.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ParameterKind>))]
public enum ParameterKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A host name or an address.</summary>
    Host,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>One of the choices.</summary>
    Choice,

    /// <summary>Any of the choices.</summary>
    Choices,

    /// <summary>The path of a serial line of this machine.</summary>
    SerialDevice,

    /// <summary>A password or key: kept encrypted, never shown again, never told by REST, never logged.</summary>
    Secret,

    /// <summary>A sign-in at a manufacturer's cloud, made in the browser; kept as the id of the account.</summary>
    Account,

    /// <summary>A device among those of the account, kept by its key.</summary>
    AccountDevice,
}

/// <summary>A choice and what a person reads.</summary>
/// <param name="Key">What is stored.</param>
/// <param name="Label">What is shown.</param>
public sealed record ParameterChoice(string Key, string Label);

/// <summary>What is wrong with a field.</summary>
/// <param name="Field">The field, as the caller named it: <c>connection.port</c>.</param>
/// <param name="Message">What is allowed, in words a person can act on.</param>
public sealed record FieldError(string Field, string Message);

/// <summary>
/// A value that an owner may give: of a connection, or a device's option. The wizard's fields, the checks of REST and the
/// documents are all made from these.
/// </summary>
public sealed record ParameterDefinition
{
    /// <summary>Name, lower snake case.</summary>
    public required string Key { get; init; }

    /// <summary>What a person reads.</summary>
    public required string Label { get; init; }

    /// <summary>How it is entered.</summary>
    public required ParameterKind Kind { get; init; }

    /// <summary>Used when nothing is given; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>Whether there must be a value.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Smallest number allowed.</summary>
    public int? Min { get; init; }

    /// <summary>Largest number allowed.</summary>
    public int? Max { get; init; }

    /// <summary>Unit of a number, as text: <c>ms</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>The choices of <see cref="ParameterKind.Choice"/> and <see cref="ParameterKind.Choices"/>.</summary>
    public IReadOnlyList<ParameterChoice> Choices { get; init; } = [];

    /// <summary>Key of the cloud that <see cref="ParameterKind.Account"/> and <see cref="ParameterKind.AccountDevice"/> belong to; null for other kinds.</summary>
    public string? Service { get; init; }

    /// <summary>A sentence of help; null for none.</summary>
    public string? Help { get; init; }

    /// <summary>Whether few owners ever touch it.</summary>
    public bool IsAdvanced { get; init; }

    /// <summary>A further check of a value that passed the others: what is wrong with it, in words that name the field, or null; null for none.</summary>
    [JsonIgnore]
    public Func<string, string?>? Rule { get; init; }

    /// <summary>What is wrong with a value, in words; null when it is allowed. A missing value is allowed unless required.</summary>
    public string? Check(string? value)
    {
        if (string.IsNullOrWhiteSpace(value)) return IsRequired && Default is null ? $"{Label} is required." : null;
        return CheckKind(value) ?? Rule?.Invoke(value.Trim());
    }

    private string? CheckKind(string value) => Kind switch
    {
        ParameterKind.Integer => CheckInteger(value),
        ParameterKind.Flag => bool.TryParse(value, out _) ? null : $"{Label} must be true or false.",
        ParameterKind.Host => CheckHost(value),
        ParameterKind.SerialDevice => value.Length <= 200 && value.StartsWith('/') && !value.Any(char.IsControl)
            ? null
            : $"{Label} must be an absolute path such as /dev/ttyUSB0.",
        ParameterKind.Choice => Choices.Any(choice => choice.Key == value) ? null : $"{Label} must be one of: {AllowedChoices()}.",
        ParameterKind.Choices => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .All(member => Choices.Any(choice => choice.Key == member))
            ? null
            : $"{Label} must be any of: {AllowedChoices()}.",
        ParameterKind.Secret => value.Length <= 1000 && !value.Any(char.IsControl)
            ? null
            : $"{Label} must have at most 1000 characters and no control characters.",
        _ => value.Length <= 200 ? null : $"{Label} must have at most 200 characters.",
    };

    private string? CheckInteger(string value)
    {
        var valid = int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && !(number < Min) && !(number > Max);
        return valid ? null : $"{Label} must be a whole number{RangeText()}.";
    }

    private string RangeText() => (Min, Max) switch
    {
        ({ } min, { } max) => $" from {min} to {max}",
        ({ } min, null) => $" of at least {min}",
        (null, { } max) => $" of at most {max}",
        _ => "",
    };

    private string? CheckHost(string value)
    {
        var bare = value.Trim().Trim('[', ']');
        return bare.Length <= 253 && Uri.CheckHostName(bare) is not UriHostNameType.Unknown
            ? null
            : $"{Label} must be a host name or an IP address, without http:// and without a path.";
    }

    private string AllowedChoices() => string.Join(", ", Choices.Select(choice => choice.Key));
}

/// <summary>Checks and completes <see cref="Settings"/> by their definitions.</summary>
public static class Parameters
{
    /// <summary>Every error, one a field; a key that no definition has is an error too. Fields are named <c>prefix.key</c>.</summary>
    public static IEnumerable<FieldError> Check(this IReadOnlyList<ParameterDefinition> definitions, Settings settings, string prefix)
    {
        foreach (var definition in definitions)
        {
            if (definition.Check(settings[definition.Key]) is { } message) yield return new FieldError($"{prefix}.{definition.Key}", message);
        }

        foreach (var key in settings.Values.Keys.Where(key => definitions.All(definition => definition.Key != key)))
        {
            var known = string.Join(", ", definitions.Select(definition => definition.Key));
            yield return new FieldError($"{prefix}.{key}", $"Unknown; known here: {known}.");
        }
    }

    /// <summary>A copy without passwords, keys and tokens.</summary>
    public static Settings Without(this Settings settings, IReadOnlyList<ParameterDefinition> definitions) => definitions
        .Where(definition => definition.Kind == ParameterKind.Secret)
        .Aggregate(settings, (shown, secret) => shown.With(secret.Key, null));

    /// <summary>A copy in which every missing value that has a default is set to it, and texts are trimmed.</summary>
    public static Settings WithDefaults(this IReadOnlyList<ParameterDefinition> definitions, Settings settings)
    {
        // A blank at the end of a password may be meant.
        var secrets = definitions.Where(definition => definition.Kind == ParameterKind.Secret).Select(definition => definition.Key).ToHashSet();
        var values = settings.Values
            .Where(pair => !string.IsNullOrWhiteSpace(pair.Value))
            .ToDictionary(pair => pair.Key, pair => secrets.Contains(pair.Key) ? pair.Value : pair.Value.Trim());
        foreach (var definition in definitions)
        {
            if (definition.Default is { } value) values.TryAdd(definition.Key, value);
        }

        return new Settings(values);
    }
}
