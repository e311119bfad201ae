namespace HPManager.Drivers.Modbus.Client.Serial;

/// <summary>The serial lines of this machine.</summary>
public static class SerialDevices
{
    // USB adapters, boards that are USB devices themselves, and the ports of ARM boards and PCs.
    private static readonly string[] Patterns = ["ttyUSB*", "ttyACM*", "ttyAMA*", "ttyS*"];

    /// <summary>
    /// Paths by which the lines can be opened, each line once: adapters by the name that stays the same when they are plugged in elsewhere, others by their
    /// port. Empty where there are none.
    /// </summary>
    public static IReadOnlyList<string> List() => List("/dev", "/sys/class/tty");

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

    internal static IReadOnlyList<string> List(string devices, string classes)
    {
        try
        {
            var names = Path.Combine(devices, "serial", "by-id");
            var named = Directory.Exists(names) ? Directory.GetFiles(names) : [];
            var known = named.Select(RealPath).ToHashSet();
            var plain = Directory.Exists(devices) ? Patterns.SelectMany(pattern => Directory.GetFiles(devices, pattern)) : [];
            var ports = plain.Where(path => !known.Contains(path) && HasChip(Path.Combine(classes, Path.GetFileName(path))));
            return [.. named.Order(StringComparer.Ordinal), .. ports.Order(StringComparer.Ordinal)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // The kernel makes some ttyS whether there are chips or not, and says of those without that their type is 0. Only ports of boards have a type.
    private static bool HasChip(string folder)
    {
        var type = Path.Combine(folder, "type");
        return !File.Exists(type) || File.ReadAllText(type).Trim() != "0";
    }
}
