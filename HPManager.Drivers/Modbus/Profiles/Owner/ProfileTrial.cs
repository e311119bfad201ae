using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles.Owner;

/// <summary>A draft made ready to be read once: its rows, and beside each the words that it is decoded from. Immutable.</summary>
public sealed class ProfileTrial
{
    private const int MostRows = 4000;
    private readonly Dictionary<SensorKey, ModbusPoint> _points;
    private readonly bool _hasWords;

    private ProfileTrial(ModbusModel model, Dictionary<SensorKey, ModbusPoint> points, bool hasWords)
    {
        Model = model;
        _points = points;
        _hasWords = hasWords;
    }

    /// <summary>What to poll.</summary>
    public ModbusModel Model { get; }

    /// <summary>A draft to try; null when a row of it is wrong or none is there.</summary>
    /// <param name="draft">The draft; names of make and model do not matter.</param>
    /// <param name="driver">The driver that reads it.</param>
    public static ProfileTrial? Of(ProfileDraft draft, IHeatPumpDriver driver)
    {
        var named = draft with { Manufacturer = "own", ManufacturerName = "Own", Model = "device", ModelName = "this device" };
        if (Parse(named, driver) is not { } model) return null;
        var points = model.Profile.Points(model.Key, Settings.Empty);
        var words = points.Where(point => point.Sensor.IsReadable && point.Table.IsOfRegisters())
            .SelectMany(point => Enumerable.Range(point.Address, point.Words).Select(at => (Table: ProfileWords.Key(point.Table), Address: at)))
            .Distinct()
            .Select(word => WordRows.Of(word.Table, word.Address))
            .ToList();
        var byKey = points.ToDictionary(point => point.Sensor.Key);
        return draft.Rows.Count + words.Count <= MostRows && Parse(named with { Rows = [.. draft.Rows, .. words] }, driver) is { } withWords
            ? new ProfileTrial(withWords, byKey, hasWords: true)
            : new ProfileTrial(model, byKey, hasWords: false);
    }

    /// <summary>The words that a sensor was decoded from, null for one that could not be read; empty for bits, and for a sensor that is only written.</summary>
    public IReadOnlyList<ushort?> Words(Snapshot snapshot, SensorKey sensor) =>
        _hasWords && _points.TryGetValue(sensor, out var point) && point.Sensor.IsReadable && point.Table.IsOfRegisters()
            ? WordRows.Read(snapshot, ProfileWords.Key(point.Table), point.Address, point.Words)
            : [];

    private static ModbusModel? Parse(ProfileDraft draft, IHeatPumpDriver driver) => OwnerProfiles.Model(draft.Name, draft.ToFiles(), driver);
}
