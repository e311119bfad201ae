using HPManager.Core.Manufacturers;
using HPManager.Core.Storage;
using HPManager.Drivers;
using HPManager.Tests.Documents.Grafana;
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

    [Fact]
    public async Task GrafanaDashboards_EveryOne_IsWhatTheModelsSay()
    {
        var folder = Repository.PathOf("grafana/dashboards");
        var written = new GrafanaDashboards(await ManufacturersAsync()).Write().ToList();

        foreach (var (path, content) in written) await AssertIsAsync(path, content);
        Assert.Equal(
            written.Select(dashboard => Repository.PathOf(dashboard.Path)).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    private static async Task AssertIsAsync(string path, Func<IReadOnlyList<Manufacturer>, string> write) => await AssertIsAsync(path, write(await ManufacturersAsync()));

    private static async Task AssertIsAsync(string path, string written)
    {
        var page = Repository.PathOf(path);
        if (Environment.GetEnvironmentVariable("HPMANAGER_DOCUMENTS") is { Length: > 0 })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(page)!);
            await File.WriteAllTextAsync(page, written);
        }

        Assert.Equal(written, await File.ReadAllTextAsync(page));
    }

    private static async Task<IReadOnlyList<Manufacturer>> ManufacturersAsync()
    {
        using var data = new DataFolder();
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddHPManagerDrivers();
        services.Configure<StorageOptions>(options => options.DataFolder = data.Path);
        await using var provider = services.BuildServiceProvider();
        return new ManufacturerRegistry(provider.GetServices<IManufacturerSource>()).All;
    }
}
