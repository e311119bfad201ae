using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HPManager.Web.Api;

/// <summary>What can be configured.</summary>
internal static class ManufacturersApi
{
    public static void MapManufacturers(this RouteGroupBuilder api)
    {
        var manufacturers = api.MapGroup("manufacturers").WithTags("Manufacturers");
        manufacturers.MapGet("", List)
            .WithName("ListManufacturers")
            .WithSummary("All makes and models that can be configured");
        manufacturers.MapGet("{make}/models/{model}", Get)
            .WithName("GetModel")
            .WithSummary("Connections, options, setup guide, capabilities and sensors of a model")
            .WithDescription(
                "Which sensors a heat pump has depends on its device options. Those of the defaults are answered; other options are given as query "
                + "parameters by their keys, lists with commas, such as ?circuits=a,b.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Ok<ManufacturerContract[]> List(ManufacturerRegistry registry) =>
        TypedResults.Ok(registry.All.Select(ManufacturerContract.Of).ToArray());

    private static Results<Ok<ModelContract>, ValidationProblem, ProblemHttpResult> Get(
        string make, string model, HttpRequest request, ManufacturerRegistry registry)
    {
        if (!registry.TryGetModel(make, model, out var found))
            return Problems.NotFound($"There is no model {make}/{model}; GET /api/manufacturers lists them all.");
        var options = new Settings(request.Query.Select(pair => KeyValuePair.Create(pair.Key, string.Join(',', pair.Value.ToArray()))));
        var errors = found.Options.Check(options, "options").ToList();
        return errors.Count > 0
            ? Problems.Invalid(errors.Select(error => error with { Field = error.Field["options.".Length..] }))
            : TypedResults.Ok(ModelContract.Of(found, options));
    }
}
