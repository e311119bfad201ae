using FluentValidation;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;

namespace HPManager.Core.Dashboards;

/// <summary>Checks a dashboard against the heat pump it belongs to. Thread-safe.</summary>
public sealed class DashboardValidator : AbstractValidator<Dashboard>
{
    private const int MostTiles = 50;
    private const int MostSensors = 20;

    /// <summary>Creates the rules.</summary>
    public DashboardValidator(LiveValues live)
    {
        RuleFor(dashboard => dashboard.HeatPumpId).IsConfigured(live).OverridePropertyName("heatPumpId");
        RuleFor(dashboard => dashboard.Name).IsTitle().OverridePropertyName("name");
        RuleFor(dashboard => dashboard.Tiles)
            .Must(tiles => tiles.Count <= MostTiles)
            .OverridePropertyName("tiles")
            .WithMessage($"Must be at most {MostTiles} tiles.");
        RuleForEach(dashboard => dashboard.Tiles).ChildRules(tile =>
        {
            tile.RuleFor(each => each.Title).IsTitle().OverridePropertyName("title");
            tile.RuleFor(each => each.Sensors)
                .Must(sensors => sensors.Count is >= 1 and <= MostSensors)
                .OverridePropertyName("sensors")
                .WithMessage($"Must be 1 to {MostSensors} sensors.");
        }).OverridePropertyName("tiles");
        RuleFor(dashboard => dashboard).Custom((dashboard, context) =>
        {
            if (live.Get(dashboard.HeatPumpId) is null) return;
            for (var tile = 0; tile < Math.Min(dashboard.Tiles.Count, MostTiles); tile++)
            {
                foreach (var key in dashboard.Tiles[tile].Sensors.Where(key => live.Sensor(dashboard.HeatPumpId, key) is not { IsReadable: true }))
                    context.AddFailure($"tiles[{tile}].sensors", $"{dashboard.HeatPumpId} reads no sensor {key}.");
            }
        });
    }
}
