using FluentValidation;
using HPManager.Core.Control;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;

namespace HPManager.Core.Jobs;

/// <summary>Checks a planned write against the sensor it writes, so that it cannot fail for its value alone when it runs. Thread-safe.</summary>
public sealed class JobValidator : AbstractValidator<Job>
{
    /// <summary>Creates the rules.</summary>
    public JobValidator(LiveValues live)
    {
        RuleFor(job => job.HeatPumpId).IsConfigured(live).OverridePropertyName("heatPumpId");
        RuleFor(job => job.Name).IsTitle().OverridePropertyName("name");
        RuleFor(job => job.Days)
            .Must(days => days.Count >= 1 && days.Distinct().Count() == days.Count)
            .OverridePropertyName("days")
            .WithMessage("Must be at least one day, each at most once.");
        RuleFor(job => job).Custom((job, context) =>
        {
            if (live.Get(job.HeatPumpId) is null) return;
            if (live.Sensor(job.HeatPumpId, job.Sensor) is not { IsWritable: true } sensor)
                context.AddFailure("sensor", $"{job.HeatPumpId} has no sensor {job.Sensor} that can be written.");
            else if (!WriteValue.TryParse(sensor, job.Value, out _, out var error))
                context.AddFailure("value", $"{sensor.Label} {error}.");
        });
    }
}
