using System.Text;
using HPManager.Core.Sensors;

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

        var allKeys = new HashSet<SensorKey>();
        foreach (var model in header.Models)
            Attempt(RegisterFile, () => Check(header, rows, model, allKeys));
        if (errors.Count == 0) Attempt(HeaderFile, () => CheckSensorKeys(header, allKeys));
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

    private static ProfileHeader Check(ProfileHeader header, IReadOnlyList<RegisterRow> rows, ProfileModel model, HashSet<SensorKey> allKeys)
    {
        var keys = new Dictionary<SensorKey, int>();
        var limits = new List<(int Line, SensorKey Key)>();
        var signals = new Dictionary<(Signal Signal, string? Circuit), SensorKey>();
        foreach (var (row, point) in PointExpansion.Expand(header, rows, model, PointExpansion.Everything(header)))
        {
            var sensor = point.Sensor;
            if (!keys.TryAdd(sensor.Key, row.Line))
                throw new ProfileFormatException(row.Line, $"Key '{sensor.Key}' of model {model.Key} is already used in line {keys[sensor.Key]}.", "key");
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
        foreach (var heat in header.WaterHeat)
        {
            if (keys.TryGetValue(heat.Sensor.Key, out var line))
                throw new ProfileFormatException(line, $"Key '{heat.Sensor.Key}' of model {model.Key} is already used for calculated heat.");
            if (heat.Sensor.Signal is { } signal && !signals.TryAdd((signal, null), heat.Sensor.Key))
                throw new ProfileFormatException(0, $"Signal {signal.Key()} of model {model.Key} is carried by the calculated heat and by {signals[(signal, null)]}.");
        }

        if (keys.Count == 0) throw new ProfileFormatException(0, $"No line belongs to model {model.Key}.");
        allKeys.UnionWith(keys.Keys);
        allKeys.UnionWith(header.WaterHeat.Select(heat => heat.Sensor.Key));
        return header;
    }

    private static ProfileHeader CheckSensorKeys(ProfileHeader header, HashSet<SensorKey> keys)
    {
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

        foreach (var (heat, key) in header.WaterHeat.SelectMany(heat => new[] { heat.Flow, heat.Supply, heat.Return }, (heat, key) => (heat, key)))
        {
            if (!keys.Contains(key)) throw new ProfileFormatException(heat.Line, $"The calculated heat names a sensor that no model has: {key}.");
        }

        if (header.Identity is { } identity && !keys.Contains(identity.Sensor))
            throw new ProfileFormatException(identity.Line, $"The identity names a sensor that no model has: {identity.Sensor}.");
        return header;
    }
}
