using HPManager.Core.Storage;
using HPManager.Web.Hosting;

namespace HPManager.Web.Demo;

internal static class DemoSetup
{
    /// <summary>With <c>--demo</c>: a fresh data folder, removed at the end, and simulated heat pumps.</summary>
    public static void AddHPManagerDemo(this WebApplicationBuilder builder, StartArguments arguments)
    {
        builder.Services.AddSingleton<DemoNotice>();
        if (!arguments.Demo) return;
        var folder = Directory.CreateTempSubdirectory("hpmanager-demo-").FullName;
        builder.Configuration.AddInMemoryCollection([new($"{StorageOptions.Section}:{nameof(StorageOptions.DataFolder)}", folder)]);
        builder.Services.AddHostedService<DemoService>();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(folder);
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A temporary folder that stays behind is the system's to clean.
        }
    }
}
