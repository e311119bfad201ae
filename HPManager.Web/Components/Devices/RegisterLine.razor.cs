using HPManager.Drivers.Modbus.Profiles.Owner;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Devices;

/// <summary>One register: what the manual's table says about it, what it reads now, and its details when they are opened.</summary>
public sealed partial class RegisterLine
{
    /// <summary>The device.</summary>
    [Parameter, EditorRequired]
    public required DeviceForm Form { get; set; }

    /// <summary>The register.</summary>
    [Parameter, EditorRequired]
    public required RegisterForm Row { get; set; }

    /// <summary>Something else was typed, or the details were opened.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    /// <summary>It is to go.</summary>
    [Parameter]
    public EventCallback Removed { get; set; }

    private string Title => Row["label"] is { Length: > 0 } label ? label : "this register";

    private bool HasError => Row.Errors.Keys.Any(column => column.Length == 0 || Form.IsMeantWhole || Row.Left.Contains(column));

    private string? Explained => Row.Wire is { } wire ? Form.Counting.Explain(Row.Table, wire) : null;

    private string Example => Form.Counting.Write(Row.Table, 0);

    private void TakeName(string? text)
    {
        Row.Set("label", text);
        if (Row.KeyFollowsName) Row.Fields["key"] = Form.FreeKey(Row["label"], Row);
    }

    private Task ToggleAsync()
    {
        Row.IsOpen = !Row.IsOpen;
        return Changed.InvokeAsync();
    }
}
