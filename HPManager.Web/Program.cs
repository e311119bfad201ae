using HPManager.Core;
using HPManager.Core.Storage;
using HPManager.Drivers;
using HPManager.Web.Api;
using HPManager.Web.Components;
using HPManager.Web.Components.Charts;
using HPManager.Web.Components.Display;
using HPManager.Web.Demo;
using HPManager.Web.Hosting;
using HPManager.Web.Import;
using HPManager.Web.SignIn;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Radzen;

var arguments = StartArguments.Parse(args);
if (arguments.Help)
{
    Console.WriteLine(StartArguments.Usage);
    return 0;
}

try
{
    var builder = HostingSetup.CreateBuilder(arguments);
    builder.AddHPManagerServer();
    builder.Services.AddHPManagerCore();
    builder.Services.AddHPManagerDrivers();
    builder.Services.AddHPManagerApi();
    builder.Services.AddRazorComponents().AddInteractiveServerComponents();
    builder.Services.AddRadzenComponents();
    builder.Services.AddScoped<Viewer>();
    builder.Services.AddSingleton<IChartMarks, HistoryMarks>();
    if (!arguments.Demo) builder.Services.AddHostedService<EnvironmentDevices>();
    builder.AddHPManagerDemo(arguments);

    var app = builder.Build();
    app.UseBlazorScript();
    app.UseViewerCulture();
    app.UseAntiforgery();
    app.MapStaticAssets();
    app.MapHPManagerApi();
    app.MapSignIn();
    app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    app.LogAddresses();

    await app.Services.PrepareHPManagerAsync(app.Lifetime.ApplicationStopping);
    if (arguments.CheckHistory || arguments.BackupFile is not null) return await app.Services.LookAfterHistoryAsync(arguments);
    if (arguments.ImportFolder is { } folder) await app.ImportFolderAsync(folder);
    await app.RunAsync();
    return 0;
}
catch (IOException taken) when (taken.InnerException is AddressInUseException)
{
    await Console.Error.WriteLineAsync(
        $"HPManager cannot start: {taken.Message} It may be running already; another port is chosen with --Server:Port=5081, a free one with --Server:Port=0.");
    return 1;
}
catch (Exception fault) when (fault is StorageException or OptionsValidationException or IOException)
{
    // Said for the owner, who can act on it; a stack trace would only hide it.
    await Console.Error.WriteLineAsync($"HPManager cannot start: {fault.Message}");
    return 1;
}
