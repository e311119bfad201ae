using System.Text.Json.Serialization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Core.Text;

namespace HPManager.Core.History.Export;

/// <summary>The forms that history is given out in.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ExportFormat>))]
public enum ExportFormat
{
    /// <summary>RFC 4180: a row per poll, a column per sensor.</summary>
    Csv,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>A JSON object per poll, a line each.</summary>
    Ndjson,
}

/// <summary>What is to be given out.</summary>
/// <param name="HeatPumpId">Whose history.</param>
/// <param name="Sensors">Which sensors, in the order of the columns.</param>
/// <param name="WithOthers">Whether sensors that are not among them but have history follow behind them.</param>
/// <param name="From">First moment, inclusive.</param>
/// <param name="To">Last moment, exclusive.</param>
/// <param name="Format">In which form.</param>
/// <param name="WithQuality">
/// Whether every reading is given with its quality. Without, values that are not good are left out: nobody could tell them from true ones.
/// </param>
public sealed record ExportRequest(
    HeatPumpId HeatPumpId,
    IReadOnlyList<SensorKey> Sensors,
    bool WithOthers,
    DateTimeOffset From,
    DateTimeOffset To,
    ExportFormat Format,
    bool WithQuality);
