using FluentValidation;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Sensors;

namespace HPManager.Core.Alerts;

/// <summary>Checks an alert rule against the heat pump it watches. Thread-safe.</summary>
public sealed class AlertRuleValidator : AbstractValidator<AlertRule>
{
    private const int LongestSeconds = 86_400;

    /// <summary>Creates the rules.</summary>
    public AlertRuleValidator(LiveValues live)
    {
        RuleFor(rule => rule.HeatPumpId).IsConfigured(live).OverridePropertyName("heatPumpId");
        RuleFor(rule => rule.Name).IsTitle().OverridePropertyName("name");
        RuleFor(rule => rule.Sensor)
            .Must((rule, key) => live.Sensor(rule.HeatPumpId, key) is { IsReadable: true, Kind: not ValueKind.Text })
            .When(rule => live.Get(rule.HeatPumpId) is not null)
            .OverridePropertyName("sensor")
            .WithMessage(rule => $"{rule.HeatPumpId} reads no sensor {rule.Sensor} that has numbers.");
        RuleFor(rule => rule.Threshold)
            .Must(double.IsFinite)
            .OverridePropertyName("threshold")
            .WithMessage("Must be a finite number in the sensor's unit.");
        RuleFor(rule => rule.ForSeconds)
            .InclusiveBetween(0, LongestSeconds)
            .OverridePropertyName("forSeconds")
            .WithMessage($"Must be a whole number of seconds from 0 to {LongestSeconds}.");
    }
}
