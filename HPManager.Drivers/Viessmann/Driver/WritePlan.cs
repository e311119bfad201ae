using System.Text.Json;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Viessmann.Client;
using HPManager.Drivers.Viessmann.Tables;

namespace HPManager.Drivers.Viessmann.Driver;

/// <summary>What a write sends, or why nothing is sent.</summary>
/// <param name="Command">Name of the command.</param>
/// <param name="Address">Where the cloud says it is; null when it does not say.</param>
/// <param name="Body">What it takes.</param>
internal sealed record WritePlan(string Command, string? Address, JsonElement Body)
{
    /// <summary>Why nothing is sent; null when something is.</summary>
    public Failure? Refusal { get; private init; }

    /// <summary>Whether it is so already, and there is no command that would say it again.</summary>
    public bool IsThere { get; private init; }

    /// <summary>Plans a write by what the feature allows now.</summary>
    public static WritePlan Of(FeaturePoint point, Feature feature, double value)
    {
        var (row, write) = (point.Row, point.Row.Write!);
        var command = write.OffCommand is { } off && value == 0 ? off : write.Command;
        if (CommandConstraints.Of(row, feature, command) is not { } allowed) return WithoutCommand(row, feature, value);
        if (write.Parameter is not { } parameter) return new WritePlan(command, allowed.Address, BodyOf([]));
        if (row.Type == FeatureType.Code)
        {
            return FeatureWords.ApiOf(row, allowed.Words!, (int)value) is { } api
                ? new WritePlan(command, allowed.Address, BodyOf([(parameter, api)]))
                : Refused($"The installation does not offer this; it offers: {allowed.Description}.");
        }

        if (!allowed.Allows(value)) return Refused($"The installation allows {allowed.Description} now.");
        if (write.With is not { } with) return new WritePlan(command, allowed.Address, BodyOf([(parameter, value)]));
        return feature.Property(with).Member("value").Number() is { } other
            ? new WritePlan(command, allowed.Address, BodyOf([(parameter, value), (with, other)]))
            : Refused($"The {with} of the installation, which is sent along, is not known now.");
    }

    private static WritePlan WithoutCommand(FeatureRow row, Feature feature, double value)
    {
        var isSo = row.Write!.OffCommand is not null && feature.Property(row.Property).Member("value").Flag() == (value != 0);
        return isSo ? new WritePlan("", null, default) { IsThere = true } : Refused("The installation does not offer this now.");
    }

    private static WritePlan Refused(string message) => new("", null, default)
    {
        Refusal = new Failure(FailureCause.Refused, message, "What is allowed moves with other settings and with what the heat pump does."),
    };

    // A number of whole steps goes out as a whole number, and 0.8 as 0.8.
    private static JsonElement BodyOf(IReadOnlyList<(string Name, object Value)> fields)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                if (value is double number) writer.WriteNumber(name, (decimal)Math.Round(number, 6));
                else writer.WriteString(name, (string)value);
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(stream.ToArray());
    }
}
