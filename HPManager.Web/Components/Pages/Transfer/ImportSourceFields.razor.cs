using HPManager.Core.History.Import;
using HPManager.Core.History.Import.Http;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace HPManager.Web.Components.Pages.Transfer;

/// <summary>Where history comes from.</summary>
public partial class ImportSourceFields
{
    private const string VictoriaNames = """{__name__=~".*heatpump_.*"}""";

    private static readonly (ImportKind Kind, string Words)[] Kinds =
        [(ImportKind.Csv, "CSV file"), (ImportKind.HomeAssistant, "Home Assistant"), (ImportKind.Influxdb, "InfluxDB"), (ImportKind.Victoriametrics, "VictoriaMetrics")];

    private bool _isUrlWrong;

    /// <summary>What is said so far.</summary>
    [Parameter, EditorRequired]
    public required ImportDraft Draft { get; set; }

    /// <summary>A file was chosen.</summary>
    [Parameter]
    public EventCallback<IBrowserFile> Upload { get; set; }

    /// <summary>Name of the file that was uploaded.</summary>
    [Parameter]
    public string? Uploaded { get; set; }

    /// <summary>Another source is meant: what was found so far is of no use.</summary>
    [Parameter]
    public EventCallback KindChosen { get; set; }

    private Task ChooseAsync(ImportKind kind)
    {
        Draft.Kind = kind;
        Draft.Csv = null;
        Draft.TogetherSeconds = kind is ImportKind.Influxdb or ImportKind.Victoriametrics ? 1 : 0;
        return KindChosen.InvokeAsync();
    }

    // Renders the page too, whose button depends on what was typed.
    private Task Said() => KindChosen.InvokeAsync();

    private void CheckUrl() => _isUrlWrong = Draft.Url.Trim().Length > 0 && !ServerAddress.IsValid(Draft.Url);
}
