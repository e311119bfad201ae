using HPManager.Core;
using HPManager.Web.Components;
using HPManager.Web.Components.Display;
using HPManager.Web.Hosting;
using Radzen;

var arguments = StartArguments.Parse(args);
if (arguments.Help)
{
    Console.WriteLine(StartArguments.Usage);
    return 0;
}

var builder = HostingSetup.CreateBuilder(arguments);
builder.AddHPManagerServer();
builder.Services.AddHPManagerCore();
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddRadzenComponents();
builder.Services.AddScoped<Viewer>();

var app = builder.Build();
app.UseBlazorScript();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
app.LogAddresses();
await app.RunAsync();
return 0;
