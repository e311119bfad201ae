using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace HPManager.Web.Hosting;

/// <summary>How the process listens, and where it finds its files whatever folder it is started from.</summary>
internal static partial class HostingSetup
{
    private const long LargestRequestBody = 1024 * 1024;

    /// <summary>A builder whose files lie beside the program, run from sources or published.</summary>
    public static WebApplicationBuilder CreateBuilder(StartArguments arguments)
    {
        // Slim: without IIS, QUIC and what logs elsewhere than to the console. Certificates may still be configured below Kestrel.
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = arguments.Settings, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration();
        if (!Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot")))
            StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        return builder;
    }

    /// <summary>Listens on loopback, unless <see cref="ServerOptions.ListenOnAllInterfaces"/> says otherwise.</summary>
    public static void AddHPManagerServer(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ServerOptions>().Bind(builder.Configuration.GetSection(ServerOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ServerOptions>, ValidateServerOptions>();
        SecretProtection.AddTo(builder.Services);
        builder.Services.AddHostedService(provider => new SpareMemory(provider.GetRequiredService<TimeProvider>(), SpareMemory.GiveBack));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var options = kestrel.ApplicationServices.GetRequiredService<IOptions<ServerOptions>>().Value;
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequestBody;
            if (options.ListenOnAllInterfaces) kestrel.ListenAnyIP(options.Port);
            else if (options.Port == 0) kestrel.Listen(IPAddress.Loopback, 0);
            else kestrel.ListenLocalhost(options.Port);
        });
    }

    /// <summary>Blazor's script, extracted by the build beside the program when the framework's own package is not there.</summary>
    public static void UseBlazorScript(this WebApplication app)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "framework");
        if (!Directory.Exists(folder)) return;
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder), RequestPath = "/_framework" });
    }

    /// <summary>Says in the log where the pages are, and whether everybody in the network can open them.</summary>
    public static void LogAddresses(this WebApplication app)
    {
        var open = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.ListenOnAllInterfaces;
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
            foreach (var address in addresses) Log.Listening(app.Logger, address);
            if (open) Log.OpenToNetwork(app.Logger, $"{ServerOptions.Section}:{nameof(ServerOptions.ListenOnAllInterfaces)}");
        });
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "HPManager is at {Address}")]
        public static partial void Listening(ILogger logger, string address);

        [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "Everybody in the network can read and WRITE: {Setting} is true and there is no login yet")]
        public static partial void OpenToNetwork(ILogger logger, string setting);
    }
}
