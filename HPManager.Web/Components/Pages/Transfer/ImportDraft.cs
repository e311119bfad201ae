using HPManager.Core.History.Import;
using HPManager.Core.History.Import.Csv;
using HPManager.Core.History.Import.Http;

namespace HPManager.Web.Components.Pages.Transfer;

/// <summary>What the owner has said about a source so far.</summary>
public sealed class ImportDraft
{
    /// <summary>Kind of source.</summary>
    public ImportKind Kind { get; set; } = ImportKind.Csv;

    /// <summary>Where an uploaded file is kept.</summary>
    public string? UploadedFile { get; set; }

    /// <summary>What the owner calls the uploaded file.</summary>
    public string? FileName { get; set; }

    /// <summary>Path of a file on the server.</summary>
    public string Path { get; set; } = "";

    /// <summary>How a file of separated values is read.</summary>
    public CsvSettings? Csv { get; set; }

    /// <summary>Distance of Home Assistant's polls.</summary>
    public int GridSeconds { get; set; } = 60;

    /// <summary>After how long without any change Home Assistant was not running.</summary>
    public int OutageMinutes { get; set; } = 15;

    /// <summary>Address of a server.</summary>
    public string Url { get; set; } = "";

    /// <summary>User.</summary>
    public string User { get; set; } = "";

    /// <summary>Password or token.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Database or bucket.</summary>
    public string Database { get; set; } = "heatpump";

    /// <summary>Measurement or selector.</summary>
    public string Selection { get; set; } = "";

    /// <summary>Values so far apart become one poll.</summary>
    public double TogetherSeconds { get; set; }

    /// <summary>Whether the source is a file.</summary>
    public bool IsFile => Kind is ImportKind.Csv or ImportKind.HomeAssistant;

    /// <summary>The file; null while there is none.</summary>
    public string? File => UploadedFile ?? (Path.Trim() is { Length: > 0 } path ? path : null);

    /// <summary>Whether there is enough to look at the source.</summary>
    public bool IsComplete => IsFile ? File is not null : ServerAddress.IsValid(Url);

    /// <summary>The source as it is said.</summary>
    public ImportSource Source => new()
    {
        Kind = Kind,
        File = IsFile ? File : null,
        FileName = UploadedFile is null ? null : FileName,
        IsUploaded = IsFile && UploadedFile is not null,
        Csv = Kind == ImportKind.Csv ? Csv : null,
        HomeAssistant = Kind == ImportKind.HomeAssistant ? new HomeAssistantSettings(GridSeconds, OutageMinutes) : null,
        Server = IsFile
            ? null
            : new ServerSettings
            {
                Url = Url.Trim(),
                User = Given(User),
                Secret = Given(Secret),
                Database = Kind == ImportKind.Influxdb ? Given(Database) : null,
                Selection = Given(Selection),
            },
    };

    private static string? Given(string text) => text.Trim() is { Length: > 0 } given ? given : null;
}
