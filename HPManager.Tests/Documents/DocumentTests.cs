using HPManager.Core.Manufacturers;
using HPManager.Core.Storage;
using HPManager.Drivers;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Documents;

/// <summary>
/// Pages that are made from the program. A test fails when the program has changed and its page has not: run <c>eng/documents</c>, which sets the
/// variable, and look at what changed.
/// </summary>
public class DocumentTests
{
    [Fact]
    public Task HeatPumpsPage_IsWhatTheModelsSay() => AssertIsAsync("docs/heat-pumps.md", HeatPumpsDocument.Write);

    [Fact]
    public Task TroubleshootingPage_IsWhatTheDriversSay() => AssertIsAsync("docs/troubleshooting.md", TroubleshootingDocument.Write);

    private static async Task AssertIsAsync(string path, Func<IReadOnlyList<Manufacturer>, string> write)
    {
        using var data = new DataFolder();
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddHPManagerDrivers();
        services.Configure<StorageOptions>(options => options.DataFolder = data.Path);
        await using var provider = services.BuildServiceProvider();
        var registry = new ManufacturerRegistry(provider.GetServices<IManufacturerSource>());
        var page = Repository.PathOf(path);

        var written = write(registry.All);
        if (Environment.GetEnvironmentVariable("HPMANAGER_DOCUMENTS") is { Length: > 0 }) await File.WriteAllTextAsync(page, written);

        Assert.Equal(written, await File.ReadAllTextAsync(page));
    }
}
