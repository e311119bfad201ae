using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Drivers.Powervault.Driver;
using HPManager.Drivers.Powervault.Tables;

namespace HPManager.Tests.Drivers.Powervault;

/// <summary>The shipped table with messages taken in one after the other.</summary>
internal sealed class ToldBattery(params (string Key, string Value)[] options)
{
    public static readonly DateTimeOffset Start = new(2025, 12, 18, 7, 46, 49, TimeSpan.Zero);
    private static readonly PowervaultTable Table = PowervaultTable.Load();

    public PowervaultState State { get; } =
        new(Table, new Settings(options.Select(option => KeyValuePair.Create(option.Key, option.Value))), []);

    public DateTimeOffset Now { get; set; } = Start;

    /// <summary>Takes a message; null when it could be used.</summary>
    public string? Tell(string topic, string payload, bool isKept = false) => State.Take(topic, Encoding.UTF8.GetBytes(payload), Now, isKept);

    public Reading this[string key]
    {
        get
        {
            var (sensors, readings) = State.ReadingsAt(Now);
            var position = sensors.PositionOf(SensorKey.Parse(key));
            Assert.True(position >= 0, $"there is no sensor {key}");
            return readings[position];
        }
    }

    /// <summary>The good value of a sensor, to nine digits.</summary>
    public double Value(string key)
    {
        var reading = this[key];
        Assert.True(reading.IsGood, $"{key}: {reading.Quality} {reading.Reason}");
        return Math.Round(reading.Value!.Value, 9);
    }

    public IEnumerable<string> Told()
    {
        var (sensors, readings) = State.ReadingsAt(Now);
        return Enumerable.Range(0, sensors.Count).Where(position => readings[position].Quality != Quality.Missing).Select(position => sensors[position].Key.Value);
    }
}
