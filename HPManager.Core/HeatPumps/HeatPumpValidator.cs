using FluentValidation;

namespace HPManager.Core.HeatPumps;

/// <summary>Checks what does not depend on the model. Field names follow the JSON of REST.</summary>
internal sealed class HeatPumpValidator : AbstractValidator<HeatPump>
{
    public HeatPumpValidator()
    {
        RuleFor(heatPump => heatPump.Name)
            .Must(name => name.Trim().Length is >= 1 and <= 80)
            .OverridePropertyName("name")
            .WithMessage("Name must have 1 to 80 characters.");
        RuleFor(heatPump => heatPump.Location)
            .MaximumLength(120)
            .OverridePropertyName("location")
            .WithMessage("Location must have at most 120 characters.");
        RuleFor(heatPump => heatPump.Interval)
            .Must(interval => interval >= HeatPump.MinInterval && interval <= HeatPump.MaxInterval && interval.Ticks % TimeSpan.TicksPerSecond == 0)
            .OverridePropertyName("interval")
            .WithMessage($"Interval must be a whole number of seconds from {HeatPump.MinInterval.TotalSeconds:0} to {HeatPump.MaxInterval.TotalSeconds:0}.");
    }
}
