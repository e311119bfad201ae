using HPManager.Drivers.Modbus.Profiles.Owner;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Devices;

/// <summary>Takes rows from a spreadsheet or another profile; what is wrong with them is said at their fields, as if they had been typed.</summary>
public sealed partial class PasteRows
{
    private string _text = "";
    private string? _error;
    private string? _taken;

    /// <summary>The device.</summary>
    [Parameter, EditorRequired]
    public required DeviceForm Form { get; set; }

    /// <summary>Rows were added.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private Task TakeAsync()
    {
        (_error, _taken) = (null, null);
        var rows = ProfileDraftReader.ReadRows(_text, out var error);
        if (rows.Count == 0)
        {
            _error = error ?? "There is no row below the line with the columns.";
            return Task.CompletedTask;
        }

        Form.Rows.RemoveAll(row => row.IsBlank);
        foreach (var row in rows) Form.AddRow(row);
        _taken = $"{rows.Count} rows added.";
        _text = "";
        return Changed.InvokeAsync();
    }
}
