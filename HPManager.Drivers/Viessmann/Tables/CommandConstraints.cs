using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Viessmann.Client;

namespace HPManager.Drivers.Viessmann.Tables;

/// <summary>What a feature allows to be written at the moment.</summary>
/// <param name="Address">Where the cloud says the command is; null when it does not say.</param>
/// <param name="Range">Ends and step of a number.</param>
/// <param name="Words">The words allowed; null when it is no word.</param>
/// <param name="Parameters">Names of what the command takes.</param>
internal sealed record CommandConstraints(string? Address, ValueRange Range, IReadOnlyList<string>? Words, IReadOnlyList<string> Parameters)
{
    private const int MostWords = 60;

    /// <summary>Reads what a command allows.</summary>
    /// <param name="row">The line of the table.</param>
    /// <param name="feature">The feature as it is now.</param>
    /// <param name="command">Name of the command.</param>
    /// <returns>null when the command is not there, cannot be given now, or says nothing that a value could be checked by.</returns>
    public static CommandConstraints? Of(FeatureRow row, Feature feature, string command)
    {
        var told = feature.Commands.Member(command);
        if (!feature.IsEnabled || told.Member("isExecutable").Flag() != true) return null;
        var parameters = told.Member("params");
        string[] names = [.. parameters.Members().Select(member => member.Name)];
        var address = told.Member("uri").Text();
        if (row.Write?.Parameter is not { } parameter) return new CommandConstraints(address, default, null, names);

        // A command that asks for more than is known here would change what nobody meant to.
        var known = row.Write.With is { } with ? new[] { parameter, with } : [parameter];
        var required = parameters.Members().Where(member => member.Value.Member("required").Flag() != false).Select(member => member.Name);
        if (!names.Contains(parameter) || required.Except(known).Any()) return null;
        var bounds = parameters.Member(parameter).Member("constraints");
        if (row.Type == FeatureType.Code)
        {
            string[] words = [.. bounds.Member("enum").Items().Select(word => word.Text()).OfType<string>().Where(word => word.Length is > 0 and <= 60).Distinct().Take(MostWords)];
            return words.Length == 0 ? null : new CommandConstraints(address, default, words, names);
        }

        var range = new ValueRange(bounds.Member("min").Number(), bounds.Member("max").Number(), bounds.Member("stepping").Number() is > 0 and var step ? step : null);
        return range is { Min: { } min, Max: { } max } && min <= max ? new CommandConstraints(address, range, null, names) : null;
    }

    /// <summary>Whether a number may be written now; the steps are no exact binary numbers.</summary>
    public bool Allows(double value)
    {
        if (!(value >= Range.Min - 1e-6) || !(value <= Range.Max + 1e-6)) return false;
        if (Range.Step is not { } step) return true;
        var steps = (value - Range.Min.GetValueOrDefault()) / step;
        return Math.Abs(steps - Math.Round(steps)) < 1e-4;
    }

    /// <summary>What is allowed, for people.</summary>
    public string Description => Words is { } words
        ? string.Join(", ", words)
        : string.Create(CultureInfo.InvariantCulture, $"{Range.Min:0.###} to {Range.Max:0.###}{(Range.Step is { } step ? $" in steps of {step:0.###}" : "")}");
}
