using System.IO.Compression;
using System.Runtime.InteropServices;
using HPManager.Core.HeatPumps;

namespace HPManager.Benchmarks.Store.Data;

/// <summary>Recordings in a file: simulating a year takes minutes, and the next run can have it at once. Rows are kept as what changed in them, packed.</summary>
internal static class RecordingFile
{
    public static void Write(string file, Recording recording)
    {
        var unfinished = file + ".new";
        using (var output = new BinaryWriter(new GZipStream(File.Create(unfinished), CompressionLevel.Fastest)))
        {
            output.Write(recording.HeatPump.Value);
            output.Write(recording.From.ToUnixTimeMilliseconds());
            output.Write((long)recording.Every.TotalMilliseconds);
            output.Write(recording.Polls);
            output.Write(recording.Sensors.Count);
            foreach (var sensor in recording.Sensors.All) output.Write(sensor.Key.Value);
            var (last, changed) = (new long[recording.Sensors.Count], new long[recording.Sensors.Count]);
            for (var poll = 0; poll < recording.Polls; poll++)
            {
                var row = MemoryMarshal.Cast<double, long>(recording.Row(poll));
                for (var position = 0; position < row.Length; position++) changed[position] = row[position] ^ last[position];
                row.CopyTo(last);
                output.Write(MemoryMarshal.AsBytes<long>(changed));
            }
        }

        File.Move(unfinished, file, overwrite: true);
    }

    public static Recording Read(string file)
    {
        using var input = new BinaryReader(new BufferedStream(new GZipStream(File.OpenRead(file), CompressionMode.Decompress), 1 << 20));
        var heatPump = HeatPumpId.Parse(input.ReadString());
        var from = DateTimeOffset.FromUnixTimeMilliseconds(input.ReadInt64());
        var every = TimeSpan.FromMilliseconds(input.ReadInt64());
        var polls = input.ReadInt32();
        var keys = new string[input.ReadInt32()];
        foreach (ref var key in keys.AsSpan()) key = input.ReadString();
        var values = new double[polls * keys.Length];
        var words = MemoryMarshal.Cast<double, long>(values.AsSpan());
        input.BaseStream.ReadExactly(MemoryMarshal.AsBytes(words));
        for (var index = keys.Length; index < words.Length; index++) words[index] ^= words[index - keys.Length];
        return new Recording(heatPump, Recording.SensorsNamed(keys), from, every, values);
    }
}
