using FluentValidation;
using HPManager.Core.Live;
using HPManager.Core.Sensors;

namespace HPManager.Core.HeatPumps;

/// <summary>Rules shared by what an owner keeps for a heat pump: dashboards, alerts, jobs. Field names follow the JSON of REST.</summary>
internal static class OwnedRules
{
    /// <summary>A name or title.</summary>
    public static IRuleBuilderOptions<T, string> IsTitle<T>(this IRuleBuilder<T, string> rule) =>
        rule.Must(text => text.Trim().Length is >= 1 and <= 80).WithMessage("Must have 1 to 80 characters.");

    /// <summary>A heat pump that is configured.</summary>
    public static IRuleBuilderOptions<T, HeatPumpId> IsConfigured<T>(this IRuleBuilder<T, HeatPumpId> rule, LiveValues live) =>
        rule.Must(id => live.Get(id) is not null).WithMessage((_, id) => $"There is no heat pump {id}.");

    /// <summary>The definition of a heat pump's sensor; null when it has none, or when there is no such heat pump.</summary>
    public static SensorDefinition? Sensor(this LiveValues live, HeatPumpId id, SensorKey key) =>
        live.Get(id) is { } state && state.Sensors.TryGet(key, out var sensor) ? sensor : null;
}
