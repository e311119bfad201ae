using System.Globalization;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>How old data are; the browser lets the age grow between two renderings.</summary>
public partial class Age
{
    /// <summary>When the data were true; null shows nothing.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset? At { get; set; }

    /// <summary>Clock and zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    private string Seconds(DateTimeOffset at) => Viewer.AgeOf(at).TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
