using System.Globalization;
using System.Runtime.InteropServices;

namespace HPManager.Benchmarks.Harness;

internal static class Machine
{
    /// <summary>What the figures were measured on and when, in one line.</summary>
    public static string Describe(TimeProvider time) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {time.GetUtcNow():yyyy-MM-dd}");

    private static string Processor()
    {
        const string Path = "/proc/cpuinfo";
        var named = File.Exists(Path) ? File.ReadLines(Path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return named?[(named.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
