using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.Import;

/// <summary>What is taken from where to where. Immutable.</summary>
/// <param name="HeatPumpId">Whose history it becomes.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Mapping">Which series becomes which sensor; what is not named is not taken.</param>
/// <param name="TogetherSeconds">Values of different series at most so far apart become one poll, at the moment of the first; 0 to 60 seconds.</param>
/// <param name="Replaces">Whether values that are here already are replaced; else they stay.</param>
public sealed record ImportPlan(
    HeatPumpId HeatPumpId, ImportSource Source, IReadOnlyList<SeriesMapping> Mapping, double TogetherSeconds = 0, bool Replaces = false);

/// <summary>A series and the sensor that it becomes.</summary>
/// <param name="Series">Id of the series.</param>
/// <param name="Name">What a person reads.</param>
/// <param name="Sensor">The sensor.</param>
/// <param name="Unit">The series' unit; null when it is the sensor's.</param>
public sealed record SeriesMapping(string Series, string Name, SensorKey Sensor, string? Unit = null);
