using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;

namespace HPManager.Drivers.Ebusd.Driver;

/// <summary>Counts the values written to one plant since midnight UTC, over restarts too. Used by one session.</summary>
internal sealed class WriteCounter(HeatPumpId heatPump, IDeviceMemory memory, TimeProvider time)
{
    /// <summary>From here on a warning is due: owners keep to a few dozen writes a day.</summary>
    public const int Many = 40;

    private const string Topic = "ebusd_writes";
    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>Writes since midnight UTC.</summary>
    public int Today
    {
        get
        {
            var parts = (memory.Recall(heatPump, Topic) ?? "").Split(' ', 2);
            return parts.Length == 2 && parts[0] == Date && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var used) ? used : 0;
        }
    }

    private string Date => time.GetUtcNow().UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture);

    /// <summary>Notes a write that goes out now.</summary>
    public void Note() => memory.Keep(heatPump, Topic, string.Create(CultureInfo.InvariantCulture, $"{Date} {Today + 1}"));
}
