using HPManager.Core.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace HPManager.Web.Hosting;

/// <summary>Encrypts secrets with keys that lie in the data folder, readable by the program's user only.</summary>
internal sealed class SecretProtection(IDataProtectionProvider provider) : ISecretProtector
{
    private readonly IDataProtector _protector = provider.CreateProtector("HPManager.Settings.v1");

    /// <summary>Adds the protection and the folder of its keys.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("HPManager");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, KeysInDataFolder>();
        services.AddSingleton<ISecretProtector, SecretProtection>();
    }

    public string Protect(string plain) => _protector.Protect(plain);

    public string? Unprotect(string kept)
    {
        try
        {
            return _protector.Unprotect(kept);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private sealed class KeysInDataFolder(IOptions<StorageOptions> storage, ILoggerFactory logs) : IConfigureOptions<KeyManagementOptions>
    {
        public void Configure(KeyManagementOptions options)
        {
            var folder = new DirectoryInfo(storage.Value.KeyFolder);
            if (OperatingSystem.IsWindows()) folder.Create();
            else Directory.CreateDirectory(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.XmlRepository = new FileSystemXmlRepository(folder, logs);
        }
    }
}
