using HPManager.Core;
using HPManager.Core.Manufacturers;
using HPManager.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HPManager.Tests.Shared;

/// <summary>A fresh folder for files, removed at the end; and hosts of Core whose files lie in it.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hpmanager-test-").FullName;

    public string ConfigurationFile => System.IO.Path.Combine(Path, "hpmanager.db");

    public string HistoryFile => System.IO.Path.Combine(Path, "history.db");

    /// <summary>Core with the fake make, not started.</summary>
    public IHost CreateHost(FakeMake? make = null) => CreateHost(services => services.AddSingleton<IManufacturerSource>(make ?? new FakeMake()));

    /// <summary>Core with whatever makes are added, not started.</summary>
    public IHost CreateHost(Action<IServiceCollection> addMakes)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Storage:DataFolder", Path), new("History:BatchSeconds", "0")]);
        builder.Services.AddHPManagerCore();
        builder.Services.AddSingleton<ISecretProtector, ReversingProtector>();
        addMakes(builder.Services);
        return builder.Build();
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Path, recursive: true);
    }
}

/// <summary>Makes texts unreadable by turning them around; forgets its key on demand.</summary>
internal sealed class ReversingProtector : ISecretProtector
{
    public static string Reversed(string text) => new([.. text.Reverse()]);

    public bool HasLostItsKey { get; set; }

    public string Protect(string plain) => Reversed(plain);

    public string? Unprotect(string kept) => HasLostItsKey ? null : Reversed(kept);
}
