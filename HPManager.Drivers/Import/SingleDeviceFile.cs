using System.Globalization;
using System.Text.RegularExpressions;
using HPManager.Core.Alerts;
using HPManager.Core.HeatPumps;
using HPManager.Core.Jobs;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Drivers.Import;

/// <summary>
/// Reads the configuration of a collector for one iDM (<c>idm:</c> with host, port, circuits, zones, and jobs and alerts): the pump <c>hp-legacy</c>.
/// </summary>
internal static partial class SingleDeviceFile
{
    private const string NoSensor = "It names no sensor of the heat pump.";
    private const string NoTime = "When it runs must be a time of day (06:30), or a cron line with a fixed minute and hour and no days of the month.";
    private const string NoCondition = "Its condition must be above (>), below (<), equal (==) or not_equal (!=).";

    private static readonly HeatPumpId Id = HeatPumpId.Parse("hp-legacy");

    /// <summary>Whether a file is of this kind, whatever its name.</summary>
    public static bool IsOne(LegacyNode root)
    {
        var keys = root.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return keys.Contains("idm") || (keys.Contains("host") && (keys.Contains("circuits") || keys.Contains("zones")));
    }

    public static void Read(string file, LegacyNode root, LegacyConfiguration into)
    {
        var device = root.Below("idm") ?? root;
        if (device.Text("host", "ip") is not { } host)
        {
            into.Leave(file, device.Line, "iDM", "It has no host.");
            return;
        }

        var settings = new Dictionary<string, string> { [ModbusConnections.Host] = host };
        if (device.Text("port") is { } port) settings[ModbusConnections.Port] = port;
        if (device.Text("unit_id", "slave_id", "slave") is { } unit) settings[ModbusConnections.UnitId] = unit;
        var options = Settings.Empty
            .With("circuits", string.Join(',', device.Members("circuits").Select(CircuitOf)))
            .With("zones", string.Join(',', device.Members("zones").Select(NameOf)));
        into.HeatPumps.Add(new LegacyHeatPump(new Place(file, device.Line), new HeatPump
        {
            Id = Id,
            Name = device.Text("name") ?? "iDM",
            Location = device.Text("location"),
            Manufacturer = "idm",
            Model = "navigator_2_0",
            Connection = new ConnectionConfig(ModbusConnections.Tcp, new Settings(settings)),
            Options = options["circuits"] is { Length: > 0 } ? options : options.With("circuits", null),
        }));
        foreach (var (name, job) in (root.Members("jobs") is { Count: > 0 } jobs ? jobs : device.Members("jobs"))) ReadJob(file, name, job, into);
        foreach (var (name, alert) in (root.Members("alerts") is { Count: > 0 } alerts ? alerts : device.Members("alerts"))) ReadAlert(file, name, alert, into);
        if (device.Text("interval", "poll_interval", "polling_interval") is not null) CollectorFile.Read(file, device, into);
        if (!ReferenceEquals(device, root)) into.LeaveUnasked(file, device, "iDM");
        into.LeaveUnasked(file, root, "configuration");
    }

    private static string NameOf((string? Name, LegacyNode Node) member) =>
        member.Node.Text("value", "name", "id", "module", "key") ?? member.Name ?? "";

    private static string CircuitOf((string? Name, LegacyNode Node) member) =>
        NameOf(member).ToLowerInvariant().Replace("circuit", "", StringComparison.Ordinal).Trim();

    private static void ReadJob(string file, string? key, LegacyNode job, LegacyConfiguration into)
    {
        var name = job.Text("name") ?? key;
        var sensor = job.Text("sensor", "register", "key", "parameter");
        var subject = $"job {name ?? sensor ?? "without a name"}";
        if (sensor is null || !SensorKey.TryParse(sensor, out var sensorKey)) into.Leave(file, job.LineOf("sensor", "register"), subject, NoSensor);
        else if (job.Text("value") is not { } value) into.Leave(file, job.Line, subject, "It has no value.");
        else if (TimeOf(job) is not { } when) into.Leave(file, job.LineOf("cron", "time", "at"), subject, NoTime);
        else
        {
            into.Jobs.Add(new LegacyOwned<Job>(new Place(file, job.Line), $"job {name ?? sensor}", Id, new Job
            {
                HeatPumpId = Id,
                Name = name ?? $"{sensor} at {when.At:HH\\:mm}",
                Sensor = sensorKey,
                Value = value,
                At = when.At,
                Days = when.Days,
                Enabled = job.Flag(whenMissing: true, "enabled", "active"),
            }));
            into.LeaveUnasked(file, job, subject);
        }
    }

    private static (TimeOnly At, IReadOnlyList<DayOfWeek> Days)? TimeOf(LegacyNode job)
    {
        var days = job.Members("days").Select(NameOf).Select(DayOf).ToList();
        if (days.Contains(null)) return null;
        var every = days.Count == 0 ? Enum.GetValues<DayOfWeek>() : [.. days.Select(day => day!.Value).Distinct()];
        if (job.Text("time", "at") is { } text) return TimeOnly.TryParse(text, CultureInfo.InvariantCulture, out var at) ? (at, every) : null;
        if (job.Text("cron", "schedule") is not { } cron || CronLine().Match(cron) is not { Success: true } match) return null;
        var fixedTime = new TimeOnly(Number("hour"), Number("minute"));
        if (match.Groups["days"].Value is "*") return (fixedTime, every);
        var chosen = match.Groups["days"].Value.Split(',').Select(DayOf).ToList();
        return chosen.Contains(null) ? null : (fixedTime, [.. chosen.Select(day => day!.Value).Distinct()]);

        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    private static DayOfWeek? DayOf(string word)
    {
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number is >= 0 and <= 7 ? (DayOfWeek)(number % 7) : null;
        foreach (var day in Enum.GetValues<DayOfWeek>())
        {
            if (word.Length >= 2 && day.ToString().StartsWith(word, StringComparison.OrdinalIgnoreCase)) return day;
        }

        return null;
    }

    private static void ReadAlert(string file, string? key, LegacyNode alert, LegacyConfiguration into)
    {
        var name = alert.Text("name") ?? key;
        var sensor = alert.Text("sensor", "register", "key", "parameter");
        var subject = $"alert {name ?? sensor ?? "without a name"}";
        var threshold = alert.Number("threshold", "value", "limit", "above", "below");
        var duration = alert.Text("duration", "for", "for_seconds");
        if (sensor is null || !SensorKey.TryParse(sensor, out var sensorKey)) into.Leave(file, alert.LineOf("sensor", "register"), subject, NoSensor);
        else if (threshold is null) into.Leave(file, alert.LineOf("threshold", "value"), subject, "Its threshold is not a number.");
        else if (ConditionOf(alert) is not { } condition) into.Leave(file, alert.LineOf("condition", "operator"), subject, NoCondition);
        else if (duration is not null && SecondsOf(duration) is null)
            into.Leave(file, alert.LineOf("duration", "for"), subject, $"'{duration}' is not a time such as 300, 300s, 5m or 1h.");
        else
        {
            into.Alerts.Add(new LegacyOwned<AlertRule>(new Place(file, alert.Line), $"alert {name ?? sensor}", Id, new AlertRule
            {
                HeatPumpId = Id,
                Name = name ?? sensor,
                Sensor = sensorKey,
                Condition = condition,
                Threshold = threshold.Value,
                ForSeconds = duration is null ? 0 : SecondsOf(duration)!.Value,
                Severity = SeverityOf(alert),
                Enabled = alert.Flag(whenMissing: true, "enabled", "active"),
            }));
            into.LeaveUnasked(file, alert, subject);
        }
    }

    private static AlertSeverity SeverityOf(LegacyNode alert) => alert.Text("severity", "level")?.ToLowerInvariant() switch
    {
        "critical" or "error" => AlertSeverity.Critical,
        "info" or "notice" => AlertSeverity.Notice,
        _ => AlertSeverity.Warning,
    };

    private static AlertCondition? ConditionOf(LegacyNode alert) => alert.Text("condition", "operator", "op")?.ToLowerInvariant() switch
    {
        ">" or ">=" or "above" or "gt" or "greater" => AlertCondition.Above,
        "<" or "<=" or "below" or "lt" or "less" => AlertCondition.Below,
        "==" or "=" or "equal" or "eq" => AlertCondition.Equal,
        "!=" or "not_equal" or "ne" => AlertCondition.NotEqual,
        null when alert.Text("above") is not null => AlertCondition.Above,
        null when alert.Text("below") is not null => AlertCondition.Below,
        _ => null,
    };

    private static int? SecondsOf(string text)
    {
        if (Duration().Match(text) is not { Success: true } match) return null;
        var factor = match.Groups["unit"].Value switch { "h" => 3600, "m" or "min" => 60, _ => 1 };
        var seconds = factor * double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        return seconds <= 86_400 ? (int)seconds : null;
    }

    [GeneratedRegex(@"^\s*(?<minute>[0-5]?\d)\s+(?<hour>[01]?\d|2[0-3])\s+\*\s+\*\s+(?<days>\*|[\w,]+)\s*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex CronLine();

    [GeneratedRegex(@"^\s*(?<number>\d{1,6}(\.\d{1,3})?)\s*(?<unit>s|m|min|h)?\s*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Duration();
}
