using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Drivers.Powervault.Tables;

namespace HPManager.Drivers.Powervault.Driver;

/// <summary>
/// The newest of what a battery has told, each with its own age. Messages come in at any time, snapshots are taken from it; the number of modules becomes
/// known with their messages. Thread-safe.
/// </summary>
internal sealed class PowervaultState
{
    // Values that come every few seconds are old when they have not come for this long.
    private static readonly TimeSpan OldAfter = TimeSpan.FromMinutes(5);
    private const int HighestModule = 64;

    private readonly Lock _gate = new();
    private readonly PowervaultTable _table;
    private readonly PowerFlows _flows;
    private readonly Reading?[] _told;
    private readonly JumpPatience?[] _patience;
    private readonly int _charge;
    private readonly SortedDictionary<int, Reading?> _modules;
    private SensorSet _sensors;
    private DateTimeOffset? _lastAt;

    public PowervaultState(PowervaultTable table, Settings options, IEnumerable<int> modules)
    {
        _table = table;
        _flows = new PowerFlows(table, options);
        _told = new Reading?[table.Values.Count];
        _charge = table.Values.Index().First(value => value.Item.Sensor.Signal == Signal.StateOfCharge).Index;
        _patience = [.. table.Values.Select(value => value.Guard is { } guard ? new JumpPatience(guard) : null)];
        _modules = new SortedDictionary<int, Reading?>(modules.ToDictionary(module => module, _ => (Reading?)null));
        _sensors = SensorsOf(table, _modules.Keys);
    }

    /// <summary>The sensors; a new set when a module spoke for the first time.</summary>
    public SensorSet Sensors
    {
        get
        {
            lock (_gate) return _sensors;
        }
    }

    /// <summary>Numbers of the modules that have spoken.</summary>
    public IReadOnlyList<int> Modules
    {
        get
        {
            lock (_gate) return [.. _modules.Keys];
        }
    }

    /// <summary>Whether the state of charge has been told, by which a battery is known.</summary>
    public bool HasCharge
    {
        get
        {
            lock (_gate) return _told[_charge] is not null;
        }
    }

    /// <summary>Whether every power has been told that flows are worked out from.</summary>
    public bool HasFlows
    {
        get
        {
            lock (_gate) return _flows.Needs.All(position => _told[position] is not null);
        }
    }

    /// <summary>When the last message came that could be read; null before the first.</summary>
    public DateTimeOffset? LastAt
    {
        get
        {
            lock (_gate) return _lastAt;
        }
    }

    /// <summary>The sensors of a battery.</summary>
    public static SensorSet SensorsOf(PowervaultTable table, IEnumerable<int> modules) => new(
    [
        .. PowerFlows.Sensors, .. table.Values.Select(value => value.Sensor), .. Alarms.Sensors, .. modules.Select(table.ModuleSensor),
    ]);

    /// <summary>Takes a message in.</summary>
    /// <param name="topic">The topic behind the battery's id.</param>
    /// <param name="payload">What it says.</param>
    /// <param name="at">When it came.</param>
    /// <param name="isKept">Whether the broker had kept it, so that nobody knows how old it is.</param>
    /// <returns>Null; or what is wrong with the message, in words.</returns>
    public string? Take(string topic, ReadOnlyMemory<byte> payload, DateTimeOffset at, bool isKept = false)
    {
        // The parser leaves damaged text to be found by whoever reads it.
        if (!Utf8.IsValid(payload.Span)) return "it is not UTF-8";
        try
        {
            using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 16 });
            var root = document.RootElement;
            if (root.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) return "it is neither an object nor a list";
            IReadOnlyList<JsonElement> elements = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
            lock (_gate)
            {
                _lastAt = at;
                if (_table.ByTopic.TryGetValue(topic, out var positions))
                {
                    foreach (var position in positions) TakeValue(position, root, elements, at, isKept);
                }

                if (topic == _table.PerModule.Topic) TakeModules(elements, at, isKept);
            }
        }
        catch (JsonException)
        {
            return "it is not JSON";
        }
        catch (InvalidOperationException)
        {
            // Half of a pair of UTF-16 characters, written as an escape: JSON allows it, no text can hold it.
            return "it holds a text that cannot be read";
        }

        return null;
    }

    /// <summary>All readings now, in the order of the sensors that are given along.</summary>
    public (SensorSet Sensors, Reading[] Readings) ReadingsAt(DateTimeOffset at)
    {
        lock (_gate)
        {
            var told = new Reading[_told.Length];
            for (var position = 0; position < told.Length; position++)
                told[position] = _told[position] is { } reading ? Aged(reading, _table.Values[position].IsRenewed, at) : Reading.Missing(at, "not received yet");
            Reading[] readings =
            [
                .. _flows.Read(told, at),
                .. told,
                .. Alarms.Read(_table, told, at),
                .. _modules.Values.Select(reading => reading is { } value ? Aged(value, isRenewed: true, at) : Reading.Missing(at, "not received yet")),
            ];
            return (_sensors, readings);
        }
    }

    private void TakeValue(int position, JsonElement root, IReadOnlyList<JsonElement> elements, DateTimeOffset at, bool isKept)
    {
        var value = _table.Values[position];
        var element = root;
        if (value.Coding != ValueCoding.Whole && !value.Selector.TryFind(elements, out element)) return;
        var reading = Kept(value.Decode(element, at), isKept);
        _told[position] = _patience[position] is { } patience && _told[position] is { } held ? patience.Judge(held, reading) : reading;
    }

    private void TakeModules(IReadOnlyList<JsonElement> elements, DateTimeOffset at, bool isKept)
    {
        foreach (var element in elements)
        {
            if (element.ValueKind != JsonValueKind.Object
                || !element.TryGetProperty(_table.PerModule.PerMember!, out var member)
                || member.ValueKind != JsonValueKind.Number
                || !member.TryGetInt32(out var module)
                || module is < 0 or > HighestModule
                || !_table.PerModule.Selector.TryFind([element], out var value))
            {
                continue;
            }

            var isNew = !_modules.ContainsKey(module);
            _modules[module] = Kept(_table.PerModule.Decode(value, at), isKept);
            if (isNew) _sensors = SensorsOf(_table, _modules.Keys);
        }
    }

    private static Reading Kept(Reading reading, bool isKept) =>
        isKept && reading.IsGood ? reading with { Quality = Quality.Stale, Reason = "kept by the broker; nobody knows how old it is" } : reading;

    private static Reading Aged(Reading reading, bool isRenewed, DateTimeOffset at)
    {
        if (!isRenewed || !reading.IsGood || at - reading.At <= OldAfter) return reading;
        return reading with
        {
            Quality = Quality.Stale,
            Reason = string.Create(CultureInfo.InvariantCulture, $"the battery has not told it for {(int)(at - reading.At).TotalMinutes} min"),
        };
    }
}
