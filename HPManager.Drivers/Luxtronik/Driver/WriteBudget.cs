using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;

namespace HPManager.Drivers.Luxtronik.Driver;

/// <summary>Counts the settings written to one controller since midnight UTC, over restarts too, to spare its flash memory. Used by one session.</summary>
internal sealed class WriteBudget(HeatPumpId heatPump, IDeviceMemory memory, TimeProvider time)
{
    /// <summary>Most writes a day.</summary>
    public const int PerDay = 20;

    private const string Topic = "luxtronik_writes";
    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>Writes since midnight UTC.</summary>
    public int UsedToday
    {
        get
        {
            var parts = (memory.Recall(heatPump, Topic) ?? "").Split(' ', 2);
            return parts.Length == 2 && parts[0] == Today && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var used) ? used : 0;
        }
    }

    private string Today => time.GetUtcNow().UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture);

    /// <summary>Notes a write that goes out now.</summary>
    public void Note() => memory.Keep(heatPump, Topic, string.Create(CultureInfo.InvariantCulture, $"{Today} {UsedToday + 1}"));
}
