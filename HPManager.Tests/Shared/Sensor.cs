using HPManager.Core.Sensors;

namespace HPManager.Tests.Shared;

/// <summary>Sensors made in a line, for tests that need some.</summary>
internal static class Sensor
{
    public static SensorDefinition Number(string key, string unit, Signal? signal = null, string? circuit = null) => Of(key, ValueKind.Number, unit, signal) with
    {
        Circuit = circuit,
    };

    public static SensorDefinition Switch(string key, Signal? signal = null) => Of(key, ValueKind.Switch, "", signal);

    public static SensorDefinition Code(string key, Signal? signal = null, string? circuit = null) => Of(key, ValueKind.Code, "", signal) with { Circuit = circuit };

    private static SensorDefinition Of(string key, ValueKind kind, string unit, Signal? signal)
    {
        Assert.True(Unit.TryParse(unit, out var known), unit);
        return new SensorDefinition
        {
            Key = SensorKey.Parse(key),
            Label = char.ToUpperInvariant(key[0]) + key[1..].Replace('_', ' '),
            Category = SensorCategory.Temperature,
            Kind = kind,
            Unit = known,
            Signal = signal,
        };
    }
}
