using System.Globalization;
using System.IO.Compression;
using System.Text;
using HPManager.Benchmarks.Store.Data;

namespace HPManager.Benchmarks.Store.Peers;

/// <summary>How a client sends lines: what is best for a peer is found by trying.</summary>
/// <param name="Lines">Snapshots in one request.</param>
/// <param name="Packed">Whether requests are sent with gzip.</param>
/// <param name="Connections">Requests under way at a time, each over a connection that is kept.</param>
internal sealed record LineSettings(int Lines, bool Packed, int Connections)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Lines * StoreData.SensorCount:n0} points a request, {(Packed ? "gzip" : "plain")}, {Connections} connection{(Connections == 1 ? "" : "s")}");
}

/// <summary>Polls as InfluxDB's line protocol: a line a snapshot, a field a sensor, moments in milliseconds.</summary>
internal static class LineProtocol
{
    public const string Measurement = "heatpump_metrics";
    public const string Tag = "heat_pump_id";

    /// <summary>The bodies of requests, in the order of time, those of the heat pumps behind each other.</summary>
    public static IEnumerable<byte[]> Bodies(IReadOnlyList<Recording> recordings, LineSettings settings)
    {
        var text = new StringBuilder();
        var lines = 0;
        for (var poll = 0; poll < recordings[0].Polls; poll++)
        {
            foreach (var recording in recordings)
            {
                Append(text, recording, poll, recording.TimeOf(poll));
                if (++lines < settings.Lines) continue;
                yield return BodyOf(text, settings.Packed);
                lines = 0;
            }
        }

        if (lines > 0) yield return BodyOf(text, settings.Packed);
    }

    /// <summary>Appends one snapshot.</summary>
    public static void Append(StringBuilder text, Recording recording, int poll, DateTimeOffset at)
    {
        var row = recording.Row(poll);
        text.Append(Measurement).Append(',').Append(Tag).Append('=').Append(recording.HeatPump.Value).Append(' ');
        for (var position = 0; position < row.Length; position++)
        {
            if (double.IsNaN(row[position])) continue;
            text.Append(recording.Sensors[position].Key.Value).Append('=').Append(CultureInfo.InvariantCulture, $"{row[position]:R}").Append(',');
        }

        text.Length--;
        text.Append(' ').Append(at.ToUnixTimeMilliseconds()).Append('\n');
    }

    private static byte[] BodyOf(StringBuilder text, bool packed)
    {
        var plain = Encoding.ASCII.GetBytes(text.ToString());
        text.Clear();
        if (!packed) return plain;
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest)) zip.Write(plain);
        return bytes.ToArray();
    }
}
