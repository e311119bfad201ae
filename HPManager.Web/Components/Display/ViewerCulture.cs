using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace HPManager.Web.Components.Display;

/// <summary>Numbers in the culture that the viewer's browser asks for; words stay English.</summary>
internal static class ViewerCulture
{
    private static readonly CultureInfo Words = CultureInfo.GetCultureInfo("en");

    /// <summary>Takes the culture of a request, and so of a circuit, from the browser's languages.</summary>
    public static void UseViewerCulture(this WebApplication app) => app.UseRequestLocalization(new RequestLocalizationOptions
    {
        DefaultRequestCulture = new RequestCulture(Words, Words),
        SupportedCultures = CultureInfo.GetCultures(CultureTypes.NeutralCultures | CultureTypes.SpecificCultures),
        SupportedUICultures = [Words],
        RequestCultureProviders = [new AcceptLanguageHeaderRequestCultureProvider()],
    });
}
