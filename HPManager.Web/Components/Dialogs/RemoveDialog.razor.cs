using System.Data.Common;
using HPManager.Core.HeatPumps;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace HPManager.Web.Components.Dialogs;

/// <summary>Names what will be lost with a heat pump, and removes it. Closes with true when it was removed.</summary>
public partial class RemoveDialog
{
    private bool _removing;
    private string? _fault;

    /// <summary>The heat pump.</summary>
    [Parameter, EditorRequired]
    public required HeatPump HeatPump { get; set; }

    /// <summary>Removes.</summary>
    [Inject]
    public required HeatPumpDirectory Directory { get; set; }

    /// <summary>Closes this dialog.</summary>
    [Inject]
    public required DialogService Dialogs { get; set; }

    private async Task RemoveAsync()
    {
        (_removing, _fault) = (true, null);
        try
        {
            // Not cancelled with the page: half a removal is worse than a late one.
            await Directory.RemoveAsync(HeatPump.Id, CancellationToken.None);
            Dialogs.Close(true);
        }
        catch (Exception fault) when (fault is DbException or IOException)
        {
            _fault = "The configuration cannot be written now, nothing was deleted. HPManager's log says why.";
        }
        finally
        {
            _removing = false;
        }
    }
}
