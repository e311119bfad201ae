using System.Text.Json.Serialization;
using HPManager.Core.History.Import.Csv;
using HPManager.Core.Text;

namespace HPManager.Core.History.Import;

/// <summary>What history can be taken from.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ImportKind>))]
public enum ImportKind
{
    /// <summary>A file of separated values: our own export, or anybody's.</summary>
    Csv,

    /// <summary>The SQLite database of Home Assistant's recorder.</summary>
    HomeAssistant,

    /// <summary>An InfluxDB server, 1.x or 2.x.</summary>
    Influxdb,

    /// <summary>A VictoriaMetrics server.</summary>
    Victoriametrics,
}

/// <summary>Where history is taken from, as the owner said. Immutable.</summary>
public sealed record ImportSource
{
    /// <summary>Kind of source.</summary>
    public required ImportKind Kind { get; init; }

    /// <summary>Absolute path of the file; of a kind that is a file only.</summary>
    public string? File { get; init; }

    /// <summary>What the owner calls the file.</summary>
    public string? FileName { get; init; }

    /// <summary>Whether the file was uploaded, and is removed when the import is over.</summary>
    public bool IsUploaded { get; init; }

    /// <summary>How a file of separated values is read; null to find out.</summary>
    public CsvSettings? Csv { get; init; }

    /// <summary>How Home Assistant's changes become polls.</summary>
    public HomeAssistantSettings? HomeAssistant { get; init; }

    /// <summary>Where a server is, and what of it is wanted.</summary>
    public ServerSettings? Server { get; init; }

    /// <summary>The source in a few words.</summary>
    [JsonIgnore]
    public string Title => Kind switch
    {
        ImportKind.Csv => FileName ?? File ?? "CSV",
        ImportKind.HomeAssistant => FileName ?? File ?? "Home Assistant",
        _ => Server?.Url ?? "",
    };
}

/// <summary>How Home Assistant's changes become polls.</summary>
/// <param name="GridSeconds">Distance of the polls that are made of changes, 1 to 3600 seconds.</param>
/// <param name="OutageMinutes">
/// After so many minutes without any change of anything Home Assistant was not running, 1 to 1440: no value holds over such a time.
/// </param>
public sealed record HomeAssistantSettings(int GridSeconds = 60, int OutageMinutes = 15);

/// <summary>Where a server is, and what of it is wanted.</summary>
public sealed record ServerSettings
{
    /// <summary>Address: http or https, without a password in it.</summary>
    public required string Url { get; init; }

    /// <summary>User; null for none.</summary>
    public string? User { get; init; }

    /// <summary>Password of the user, or a token when there is no user. Encrypted where it is kept.</summary>
    public string? Secret { get; init; }

    /// <summary>InfluxDB: the database, or the bucket.</summary>
    public string? Database { get; init; }

    /// <summary>InfluxDB: the measurement. VictoriaMetrics: what the names match, a selector such as <c>{__name__=~".*_heatpump_.*"}</c>. Null for what is usual.</summary>
    public string? Selection { get; init; }
}

/// <summary>A source cannot be read. The message is for the owner and never holds a secret.</summary>
public sealed class ImportException : IOException
{
    /// <summary>Says why.</summary>
    public ImportException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
