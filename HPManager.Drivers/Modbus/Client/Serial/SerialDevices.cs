namespace HPManager.Drivers.Modbus.Client.Serial;

/// <summary>The serial lines of this machine.</summary>
public static class SerialDevices
{
    private const string ById = "/dev/serial/by-id";
    private static readonly string[] Patterns = ["ttyUSB*", "ttyACM*", "ttyAMA*", "ttyS*"];

    /// <summary>
    /// Paths by which the lines can be opened: names that stay the same when an adapter is plugged in elsewhere first. Ports of the board are listed when a
    /// chip is behind them. Empty where there are none.
    /// </summary>
    public static IReadOnlyList<string> List()
    {
        try
        {
            var named = Directory.Exists(ById) ? Directory.GetFiles(ById) : [];
            var known = named.Select(RealPath).ToHashSet();
            var plain = Directory.Exists("/dev") ? Patterns.SelectMany(pattern => Directory.GetFiles("/dev", pattern)) : [];
            return [.. named.Order(StringComparer.Ordinal), .. plain.Where(path => !known.Contains(path) && IsReal(path)).Order(StringComparer.Ordinal)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The path behind links, so that two names of one line are known as one; the path itself where there is nothing.</summary>
    public static string RealPath(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    // The kernel lists 32 ttyS whether there are chips or not.
    private static bool IsReal(string path) =>
        !path.StartsWith("/dev/ttyS", StringComparison.Ordinal) || File.Exists($"/sys/class/tty/{Path.GetFileName(path)}/device/driver/module/refcnt")
        || Directory.Exists($"/sys/class/tty/{Path.GetFileName(path)}/device/of_node");
}
