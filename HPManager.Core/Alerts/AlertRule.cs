using System.Text.Json.Serialization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Core.Text;

namespace HPManager.Core.Alerts;

/// <summary>How a rule compares.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<AlertCondition>))]
public enum AlertCondition
{
    /// <summary>The value is greater than the threshold.</summary>
    Above,

    /// <summary>The value is less than the threshold.</summary>
    Below,

    /// <summary>The value equals the threshold.</summary>
    Equal,

    /// <summary>The value differs from the threshold.</summary>
    NotEqual,
}

/// <summary>How much a rule matters.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<AlertSeverity>))]
public enum AlertSeverity
{
    /// <summary>Worth knowing.</summary>
    Notice,

    /// <summary>Worth a look soon.</summary>
    Warning,

    /// <summary>Worth a look now.</summary>
    Critical,
}

/// <summary>An owner's rule: when a sensor has been beyond a threshold for a while.</summary>
public sealed record AlertRule
{
    /// <summary>Identity; 0 before it is kept.</summary>
    public int Id { get; init; }

    /// <summary>The heat pump it watches.</summary>
    public required HeatPumpId HeatPumpId { get; init; }

    /// <summary>Name, 1 to 80 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The sensor it watches.</summary>
    public required SensorKey Sensor { get; init; }

    /// <summary>Comparison.</summary>
    public required AlertCondition Condition { get; init; }

    /// <summary>In the sensor's unit, finite.</summary>
    public required double Threshold { get; init; }

    /// <summary>How long it must hold, 0 to 86,400 seconds.</summary>
    public int ForSeconds { get; init; }

    /// <summary>How much it matters.</summary>
    public AlertSeverity Severity { get; init; } = AlertSeverity.Warning;

    /// <summary>Whether it is in force.</summary>
    public bool Enabled { get; init; } = true;
}
