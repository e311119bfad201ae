using HPManager.Core.Sensors;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>
/// A state that no single register says: the first rule that holds gives it. A rule that cannot be decided, because a sensor it asks for has no good
/// reading and none of the others speaks against it, ends the search: nothing is guessed. A state that can be written has one rule, whose conditions are written in
/// their order. Immutable and thread-safe.
/// </summary>
/// <param name="Sensor">The sensor it is, with a word for every code of the rules.</param>
/// <param name="Rules">In the order in which they are tried.</param>
public sealed record CalculatedState(SensorDefinition Sensor, IReadOnlyList<StateRule> Rules) : ICalculatedSensor
{
    /// <inheritdoc/>
    public IReadOnlyList<int> Needs { get; } = [.. Rules.SelectMany(rule => rule.Conditions, (_, condition) => condition.Position).Distinct()];

    /// <summary>The rule of a state, by which it is brought about; null for what is no state.</summary>
    public StateRule? RuleOf(double code) => Rules.FirstOrDefault(rule => code.Equals(rule.Code));

    /// <inheritdoc/>
    public Reading Of(ReadOnlySpan<Reading> readings, DateTimeOffset at)
    {
        for (var index = 0; index < Rules.Count; index++)
        {
            var rule = Rules[index];
            switch (rule.Holds(readings, out var oldest))
            {
                case true: return new Reading(rule.Code, Sensor.Codes?.WordFor(rule.Code), Quality.Good, oldest < at ? oldest : at);
                case null: return Reading.Missing(at, "cannot be told: a sensor that it follows from has no value");
                default: continue;
            }
        }

        return Reading.Missing(at, "cannot be told: the sensors that it follows from fit no known state");
    }
}

/// <summary>When a state holds: all conditions do.</summary>
/// <param name="Code">The state.</param>
/// <param name="Conditions">At least one.</param>
public sealed record StateRule(int Code, IReadOnlyList<StateCondition> Conditions)
{
    /// <summary>Whether the rule holds; null when that cannot be told.</summary>
    /// <param name="readings">Readings of the snapshot.</param>
    /// <param name="oldest">Time of the oldest reading it rests on.</param>
    internal bool? Holds(ReadOnlySpan<Reading> readings, out DateTimeOffset oldest)
    {
        oldest = DateTimeOffset.MaxValue;
        var isKnown = true;
        for (var index = 0; index < Conditions.Count; index++)
        {
            var (position, code) = Conditions[index];
            if (readings[position] is not { IsGood: true, Value: { } value } reading)
            {
                isKnown = false;
                continue;
            }

            if (!value.Equals(code)) return false;
            if (reading.At < oldest) oldest = reading.At;
        }

        return isKnown ? true : null;
    }
}

/// <summary>A sensor that must read a code.</summary>
/// <param name="Position">Position of the sensor.</param>
/// <param name="Code">The code.</param>
public readonly record struct StateCondition(int Position, int Code);
