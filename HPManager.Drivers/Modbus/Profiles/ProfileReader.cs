using System.Text;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>What became of the files of one profile.</summary>
/// <param name="Profile">The profile; null when anything in it is wrong.</param>
/// <param name="Errors">What is wrong, by file and line; empty when there is a profile.</param>
internal sealed record ProfileResult(ModbusProfile? Profile, IReadOnlyList<ProfileError> Errors);

/// <summary>
/// Reads <c>profile.yaml</c> and <c>registers.csv</c> of one folder, strictly: an unknown key, column, word or unit is an error, and so
/// is whatever would make a model contradict itself. Nothing in the files can make it throw or grow without bound.
/// </summary>
internal static class ProfileReader
{
    public const string HeaderFile = "profile.yaml";
    public const string RegisterFile = "registers.csv";

    private const int MaxHeaderBytes = 512 * 1024;
    private const int MaxRegisterBytes = 5 * 1024 * 1024;
    private const int MaxSensors = 5000;

    /// <summary>Reads and checks one folder.</summary>
    /// <param name="name">The folder, as <c>make/family</c>.</param>
    /// <param name="open">Opens a file of the folder; an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> is that file's error.</param>
    public static ProfileResult Read(string name, Func<string, Stream> open)
    {
        var errors = new List<ProfileError>();
        var header = Attempt(HeaderFile, () => ProfileHeaderReader.Read(ReadText(open(HeaderFile), MaxHeaderBytes)));
        if (header is null) return new ProfileResult(null, errors);
        var rows = Attempt(RegisterFile, () => RegisterTableReader.Read(
            ReadText(open(RegisterFile), MaxRegisterBytes), header, wrong => Report(RegisterFile, wrong)));
        if (rows is null || errors.Count > 0) return new ProfileResult(null, errors);

        var points = new List<Dictionary<SensorKey, ModbusPoint>>();
        foreach (var model in header.Models)
            Attempt(RegisterFile, () => Check(header, rows, model, points));
        if (errors.Count == 0) Attempt(HeaderFile, () => CheckSensorKeys(header, points));
        return errors.Count == 0 ? new ProfileResult(new ModbusProfile(name, header, rows), []) : new ProfileResult(null, errors);

        void Report(string file, ProfileFormatException wrong) =>
            errors.Add(new ProfileError($"{name}/{file}", wrong.Line, wrong.Message) { Column = wrong.Column });

        T? Attempt<T>(string file, Func<T> read)
            where T : class
        {
            try
            {
                return read();
            }
            catch (ProfileFormatException wrong)
            {
                Report(file, wrong);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                Report(file, new ProfileFormatException(0, $"The file cannot be read: {unreadable.Message}"));
            }

            return null;
        }
    }

    private static string ReadText(Stream stream, int maxBytes)
    {
        using (stream)
        {
            using var content = new MemoryStream();
            var buffer = new byte[64 * 1024];
            while (stream.Read(buffer) is > 0 and var count)
            {
                if (content.Length + count > maxBytes) throw new ProfileFormatException(0, $"The file is larger than {maxBytes / 1024} KB.");
                content.Write(buffer, 0, count);
            }

            try
            {
                return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)
                    .GetString(content.GetBuffer(), 0, (int)content.Length).TrimStart('\uFEFF');
            }
            catch (DecoderFallbackException)
            {
                throw new ProfileFormatException(0, "The file is not text in UTF-8.");
            }
        }
    }

    private static ProfileHeader Check(ProfileHeader header, IReadOnlyList<RegisterRow> rows, ProfileModel model, List<Dictionary<SensorKey, ModbusPoint>> allPoints)
    {
        var keys = new Dictionary<SensorKey, int>();
        var points = new Dictionary<SensorKey, ModbusPoint>();
        var limits = new List<(int Line, SensorKey Key)>();
        var signals = new Dictionary<(Signal Signal, string? Circuit), SensorKey>();
        foreach (var (row, point) in PointExpansion.Expand(header, rows, model, PointExpansion.Everything(header)))
        {
            var sensor = point.Sensor;
            if (!keys.TryAdd(sensor.Key, row.Line))
                throw new ProfileFormatException(row.Line, $"Key '{sensor.Key}' of model {model.Key} is already used in line {keys[sensor.Key]}.", "key");
            points.Add(sensor.Key, point);
            if (keys.Count > MaxSensors)
                throw new ProfileFormatException(row.Line, $"Model {model.Key} has more than {MaxSensors} sensors, repeats counted.");
            if (point.Words > header.Blocks[point.Table].MaxWords)
                throw new ProfileFormatException(row.Line, $"'{sensor.Key}' takes {point.Words} registers, more than max_words of profile.yaml allows.");
            if (sensor.Limits?.Min is { } min) limits.Add((row.Line, min));
            if (sensor.Limits?.Max is { } max) limits.Add((row.Line, max));
            if (sensor.Signal is { } signal && !signals.TryAdd((signal, signal.IsPerCircuit() ? sensor.Circuit : null), sensor.Key))
                throw new ProfileFormatException(row.Line, $"Signal {signal.Key()} of model {model.Key} is carried by more than one sensor of the same circuit.", "signal");
        }

        if (limits.Find(limit => !keys.ContainsKey(limit.Key)) is { Line: > 0 } unknown)
            throw new ProfileFormatException(unknown.Line, $"limits: model {model.Key} has no sensor '{unknown.Key}'.");
        foreach (var entry in header.Calculated.Where(entry => entry.Needs.All(points.ContainsKey)))
        {
            var sensor = entry.Sensor;
            if (!keys.TryAdd(sensor.Key, 0))
                throw new ProfileFormatException(keys[sensor.Key], $"Key '{sensor.Key}' of model {model.Key} is already used for a calculated sensor.");
            if (sensor.Signal is { } signal && !signals.TryAdd((signal, null), sensor.Key))
                throw new ProfileFormatException(0, $"Signal {signal.Key()} of model {model.Key} is carried by the calculated {sensor.Key} and by {signals[(signal, null)]}.");
        }

        if (keys.Count == 0) throw new ProfileFormatException(0, $"No line belongs to model {model.Key}.");
        allPoints.Add(points);
        return header;
    }

    private static void CheckConditions(ProfileState entry, Dictionary<SensorKey, ModbusPoint> points)
    {
        foreach (var (key, code) in entry.Rules.SelectMany(rule => rule.When))
        {
            if (points[key].Sensor.Codes?.WordFor(code) is null)
                throw new ProfileFormatException(entry.Line, $"The calculated {entry.Sensor.Key} asks for {key}={code}, which is none of the sensor's codes.");
            if (entry.Sensor.IsWritable && (!points[key].Table.IsWritable() || points[key] is { Bits: not null } or { Plus.Count: > 0 }))
                throw new ProfileFormatException(entry.Line, $"The calculated {entry.Sensor.Key} is to be written, but its sensor {key} cannot be.");
        }
    }

    private static ProfileHeader CheckSensorKeys(ProfileHeader header, List<Dictionary<SensorKey, ModbusPoint>> models)
    {
        var measured = models.SelectMany(model => model.Keys).ToHashSet();
        foreach (var (entry, key) in header.Calculated.SelectMany(entry => entry.Needs, (entry, key) => (entry, key)))
        {
            if (!measured.Contains(key)) throw new ProfileFormatException(entry.Line, $"The calculated {entry.Sensor.Key} names a sensor that no model has, or that is calculated itself: {key}.");
        }

        foreach (var model in models)
        {
            foreach (var entry in header.Calculated.OfType<ProfileState>().Where(entry => entry.Needs.All(model.ContainsKey))) CheckConditions(entry, model);
        }

        HashSet<SensorKey> keys = [.. measured, .. header.Calculated.Select(entry => entry.Sensor.Key)];
        foreach (var tile in header.Dashboard)
        {
            foreach (var key in tile.Tile.Sensors)
            {
                if (!keys.Contains(key)) throw new ProfileFormatException(tile.Line, $"Tile '{tile.Tile.Title}' names a sensor that no model has: {key}.");
            }
        }

        foreach (var key in header.Proof.Sensors)
        {
            if (!keys.Contains(key)) throw new ProfileFormatException(header.Proof.Line, $"The proof names a sensor that no model has: {key}.");
        }

        if (header.Identity is { } identity && !keys.Contains(identity.Sensor))
            throw new ProfileFormatException(identity.Line, $"The identity names a sensor that no model has: {identity.Sensor}.");
        return header;
    }
}
