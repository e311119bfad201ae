using HPManager.Core.Manufacturers;
using HPManager.Core.Storage;
using HPManager.Drivers;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Documents;

public class HeatPumpsDocumentTests
{
    /// <summary>Fails when a model has changed and the page has not: run <c>eng/documents</c>, which sets the variable, and look at what changed.</summary>
    [Fact]
    public async Task HeatPumpsPage_IsWhatTheModelsSay()
    {
        using var data = new DataFolder();
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddHPManagerDrivers();
        services.Configure<StorageOptions>(options => options.DataFolder = data.Path);
        await using var provider = services.BuildServiceProvider();
        var registry = new ManufacturerRegistry(provider.GetServices<IManufacturerSource>());
        var page = Repository.PathOf("docs/heat-pumps.md");

        var written = HeatPumpsDocument.Write(registry.All);
        if (Environment.GetEnvironmentVariable("HPMANAGER_DOCUMENTS") is { Length: > 0 }) await File.WriteAllTextAsync(page, written);

        Assert.Equal(written, await File.ReadAllTextAsync(page));
    }
}
