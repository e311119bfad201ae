using System.Globalization;
using System.Text.Json;
using HPManager.Core.Sensors;
using HPManager.Drivers.Viessmann.Client;

namespace HPManager.Drivers.Viessmann.Tables;

/// <summary>Turns a property into a reading. What is not as the table says is no value: a wrong one must not be shown as right.</summary>
internal static class FeatureDecoder
{
    private const int LongestText = 300;
    private const int MostMessages = 5;
    private static readonly string[] Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <summary>The reading of a property.</summary>
    /// <param name="row">What it is.</param>
    /// <param name="feature">Where it is.</param>
    /// <param name="now">Moment of the snapshot: nothing is newer.</param>
    public static Reading Decode(FeatureRow row, Feature feature, DateTimeOffset now)
    {
        if (feature.At is not { } told) return Reading.Failed(now, "the cloud does not say when it was true");
        var at = told < now ? told : now;
        var property = feature.Property(row.Property);
        var status = feature.Property("status").Member("value").Text();
        if (row.Property == "value" && status is not (null or "connected") && property.Member("value").ValueKind == JsonValueKind.Undefined)
            return Reading.Missing(at, status == "notConnected" ? "no sensor is connected" : $"the sensor's state is {Short(status)}");
        var value = property.Member("value");
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return Reading.Missing(at, "the cloud has no value");
        var reading = row.Type switch
        {
            FeatureType.Number or FeatureType.Counter => Number(row, value, property, at),
            FeatureType.NewestOf => Newest(row, value, property, feature, at),
            FeatureType.Switch => value.Flag() is { } on ? Switch(on, at) : Other(at),
            FeatureType.OnOff => value.Text() is "on" or "off" ? Switch(value.Text() == "on", at) : Other(at),
            FeatureType.Code => value.Text() is { Length: > 0 and <= 60 } api ? new Reading(FeatureWords.CodeOf(row, api), FeatureWords.WordOf(row, api), Quality.Good, at) : Other(at),
            FeatureType.Text => value.Text() is { } text ? Text(text, at) : Other(at),
            FeatureType.List => value.ValueKind == JsonValueKind.Array ? Text(string.Join(", ", value.Items().Select(item => item.Text()).OfType<string>()), at) : Other(at),
            FeatureType.Schedule => value.ValueKind == JsonValueKind.Object ? Text(Schedule(value), at) : Other(at),
            FeatureType.Messages => value.ValueKind == JsonValueKind.Array ? Text(Messages(value), at) : Other(at),
            FeatureType.FaultActive => value.ValueKind == JsonValueKind.Array ? Switch(value.GetArrayLength() > 0, at) : Other(at),
            FeatureType.FaultCode => value.ValueKind == JsonValueKind.Array ? FaultCode(value, at) : Other(at),
            _ => Other(at),
        };
        return row.StaleAfter is { } limit && reading.IsGood && now - at > limit
            ? reading with { Quality = Quality.Stale, Reason = string.Create(CultureInfo.InvariantCulture, $"the cloud has had nothing newer since {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC") }
            : reading;
    }

    private static Reading Number(FeatureRow row, JsonElement value, JsonElement property, DateTimeOffset at)
    {
        if (value.Number() is not { } number) return Other(at);
        if (row.Missing is { } missing && number == missing.Value) return Reading.Missing(at, missing.Reason);
        var told = property.Member("unit").Text() ?? "";
        if (FeatureUnits.FactorOf(told, row.ApiUnits, row.Unit.Symbol) is not { } factor) return Reading.Failed(at, $"the cloud gives it in {Short(told)}, which does not fit");
        var result = Rounded(row, number * factor);
        if (!double.IsFinite(result)) return Other(at);
        var plausible = PlausibleOf(row);
        return plausible.Contains(result)
            ? new Reading(result, null, Quality.Good, at)
            : new Reading(result, null, Quality.Implausible, at, "outside of what is possible");
    }

    /// <summary>What can be true of a measured value; without ends where nothing is known.</summary>
    public static ValueRange PlausibleOf(FeatureRow row) => row.Unit.Symbol switch
    {
        "°C" => new ValueRange(-60, 180, null),
        "bar" => new ValueRange(0, 60, null),
        "%" => new ValueRange(0, 100, null),
        "h" or "s" when row.Type == FeatureType.Counter => new ValueRange(0, null, null),
        _ => default,
    };

    // Index 0 belongs to the moment at which the list was read, days before the feature's own timestamp sometimes.
    private static Reading Newest(FeatureRow row, JsonElement value, JsonElement property, Feature feature, DateTimeOffset at)
    {
        if (value.ValueKind != JsonValueKind.Array) return Other(at);
        var read = ReadAt(row.Property) ?? ReadAt("day");
        if (read is { } moment && moment < at) at = moment;
        if (value.GetArrayLength() == 0) return Reading.Missing(at, "the list is empty");
        return Number(row, value[0], property, at);

        DateTimeOffset? ReadAt(string span) => feature.Property($"{span}ValueReadAt").Member("value").Moment();
    }

    private static Reading FaultCode(JsonElement value, DateTimeOffset at)
    {
        if (value.GetArrayLength() == 0) return new Reading(0, "none", Quality.Good, at);
        var code = value[0].Member("errorCode").Text() ?? "";
        var digits = code.StartsWith("F.", StringComparison.Ordinal) ? code[2..] : "";
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new Reading(number, Short(code), Quality.Good, at)
            : Reading.Failed(at, $"a message without a number: {Short(code)}");
    }

    private static string Messages(JsonElement value)
    {
        var count = value.GetArrayLength();
        if (count == 0) return "none";
        var words = value.Items().Take(MostMessages).Select(message => $"{message.Member("errorCode").Text() ?? "?"} {message.Member("priority").Text()}".Trim());
        return string.Join(", ", words) + (count > MostMessages ? string.Create(CultureInfo.InvariantCulture, $" and {count - MostMessages} more") : "");
    }

    // An entry may end at 24:00; the times are taken over as they are written.
    private static string Schedule(JsonElement value)
    {
        var days = Days.Select(day => (Day: day, Entries: string.Join(" ", value.Member(day).Items().Select(Entry))))
            .Where(day => day.Entries.Length > 0).ToList();
        if (days.Count == 0) return "empty";
        var same = days.GroupBy(day => day.Entries).Select(group => $"{string.Join("+", group.Select(day => day.Day))} {group.Key}");
        return string.Join("; ", same);

        static string Entry(JsonElement entry) => $"{entry.Member("start").Text()}–{entry.Member("end").Text()} {entry.Member("mode").Text()}".Trim();
    }

    // The numbers carry noise of their binary form: 2151.9999999999995.
    private static double Rounded(FeatureRow row, double value) => Math.Abs(value) < 1e12 ? Math.Round(value, row.Unit == Unit.KilowattHour ? 1 : 4) : value;

    private static Reading Switch(bool on, DateTimeOffset at) => new(on ? 1 : 0, on ? "On" : "Off", Quality.Good, at);

    private static Reading Text(string text, DateTimeOffset at) => new(null, Short(text), Quality.Good, at);

    private static Reading Other(DateTimeOffset at) => Reading.Failed(at, "the cloud gives it in a form that is not known");

    private static string Short(string text)
    {
        var clean = new string([.. text.Where(letter => !char.IsControl(letter) && letter != '\uFFFD')]).Trim();
        return clean.Length <= LongestText ? clean : clean[..LongestText] + "…";
    }
}
