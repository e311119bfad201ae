using HPManager.Core.HeatPumps;

namespace HPManager.Drivers.Import;

/// <summary>Reads <c>collector.yml</c>: polling interval, InfluxDB connection, logging.</summary>
internal static class CollectorFile
{
    private static readonly string[] IntervalNames = ["polling_interval", "poll_interval", "interval", "interval_seconds"];

    public static void Read(string file, LegacyNode root, LegacyConfiguration into)
    {
        var collector = root.Below("collector") ?? root;
        var polling = collector.Below("polling", "collection") ?? collector;
        if (polling.Text(IntervalNames) is { } text)
        {
            var seconds = polling.Number(IntervalNames);
            if (seconds >= HeatPump.MinInterval.TotalSeconds && seconds <= HeatPump.MaxInterval.TotalSeconds)
            {
                into.Interval = TimeSpan.FromSeconds(Math.Round(seconds.Value));
                into.Note(file, polling.LineOf(IntervalNames), "polling interval", $"Every heat pump of this import is read every {into.Interval.Value.TotalSeconds:0} s.");
            }
            else
            {
                into.Leave(
                    file, polling.LineOf(IntervalNames), "polling interval",
                    $"'{text}' is not a number of seconds from {HeatPump.MinInterval.TotalSeconds:0} to {HeatPump.MaxInterval.TotalSeconds:0}.");
            }
        }

        foreach (var (holder, name) in new[] { (root, "influxdb"), (root, "influx"), (collector, "influxdb") })
        {
            if (holder.Below(name) is not { } influx) continue;
            into.Leave(
                file, influx.Line, "InfluxDB connection",
                "This version keeps all history itself and does not write to InfluxDB. Keep the older file: its address and token are not taken.");
            break;
        }

        if (root.Below("logging") is { } logging)
            into.Leave(file, logging.Line, "logging", "What is logged is set by Logging:LogLevel in appsettings.json or in the environment.");
        else if (root.Text("log_level") is not null)
            into.Leave(file, root.LineOf("log_level"), "logging", "What is logged is set by Logging:LogLevel in appsettings.json or in the environment.");
        _ = (root.Text("influxdb", "influx", "logging", "polling", "collection", "collector"), collector.Text("influxdb", "logging"));
        if (polling != collector) into.LeaveUnasked(file, polling, "polling");
        into.LeaveUnasked(file, root, "collector");
    }
}
