using System.Reflection;
using System.Text.Json;

namespace HPManager.Tests.EndToEnd;

/// <summary>What the program tells the runtime. A misspelt property of the project file is no error, and the collector of servers took 50 MB more for a long time.</summary>
public sealed class RuntimeSettingsTests
{
    [Fact]
    public void RuntimeConfiguration_OfTheProgram_IsThatOfASmallMachine()
    {
        var program = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "HPManagerProgram").Value!;
        using var file = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(Path.GetFullPath(program), ".runtimeconfig.json")));
        var properties = file.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");

        Assert.False(properties.GetProperty("System.GC.Server").GetBoolean());
        Assert.False(properties.GetProperty("System.Runtime.TieredCompilation").GetBoolean());
        Assert.Equal(4 * 1024 * 1024, properties.GetProperty("System.GC.Gen0MaxBudget").GetInt32());
        Assert.Equal(1024 * 1024, properties.GetProperty("System.GC.RegionSize").GetInt32());
        Assert.Equal(400_000, properties.GetProperty("System.GC.LOHThreshold").GetInt32());
    }
}
