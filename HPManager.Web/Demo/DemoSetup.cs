using System.Diagnostics;
using System.Globalization;
using HPManager.Core.Discovery;
using HPManager.Core.Storage;
using HPManager.Drivers.Simulation.Viessmann;
using HPManager.Web.Hosting;

namespace HPManager.Web.Demo;

internal static class DemoSetup
{
    private const string Prefix = "hpmanager-demo-";

    /// <summary>With <c>--demo</c>: a fresh data folder, removed at the end, and simulated heat pumps.</summary>
    public static void AddHPManagerDemo(this WebApplicationBuilder builder, StartArguments arguments)
    {
        builder.Services.AddSingleton<DemoNotice>();
        if (!arguments.Demo) return;
        RemoveAbandoned();
        var folder = Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-").FullName;
        builder.Configuration.AddInMemoryCollection(
        [
            new($"{StorageOptions.Section}:{nameof(StorageOptions.DataFolder)}", folder),
            new($"{DiscoveryOptions.Section}:{nameof(DiscoveryOptions.Ranges)}:0", "127.0.0.1/32"),
            .. DemoHouse.All.Where(house => house.SearchSetting is not null).GroupBy(house => house.SearchSetting!).SelectMany(Ports),
        ]);
        var cloud = DemoCloud.AtFreePort();
        builder.Configuration.AddInMemoryCollection(SimulatedViessmannCloud.Settings(cloud.Port));
        builder.Services.AddSingleton(cloud);
        builder.Services.AddHostedService<DemoService>();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(folder);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Ports(IGrouping<string, DemoHouse> houses) => houses.Select((house, index) =>
        KeyValuePair.Create<string, string?>($"{DiscoveryOptions.Section}:{houses.Key}:{index}", house.Port.ToString(CultureInfo.InvariantCulture)));

    // What a demo that was killed could not remove: its folder names a process that is gone.
    private static void RemoveAbandoned()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}*"))
        {
            var owner = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var process) && !IsRunning(process)) Remove(folder);
        }
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A temporary folder that stays behind is the system's to clean.
        }
    }
}
