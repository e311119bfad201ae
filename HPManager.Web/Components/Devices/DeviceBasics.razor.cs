using HPManager.Core.Text;
using HPManager.Drivers.Modbus.Profiles;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Devices;

/// <summary>What holds for the device as a whole.</summary>
public sealed partial class DeviceBasics
{
    private static readonly string[] Folded = ["interval", "max_words", "max_hole"];

    /// <summary>The device.</summary>
    [Parameter, EditorRequired]
    public required DeviceForm Form { get; set; }

    /// <summary>Whether it is kept already, so that its keys stay.</summary>
    [Parameter]
    public bool IsKept { get; set; }

    /// <summary>Something else was typed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private bool HasMoreErrors => Folded.Any(Form.Errors.ContainsKey);

    private string Place => (Form.Make.Length, Form.Model.Length) is (0, _) or (_, 0)
        ? "Kept in the data folder under profiles/, named by make and model."
        : IsKept
            ? $"Kept in the data folder as profiles/{Form.Name}. Names may change, the folder stays."
            : $"Will be kept in the data folder as profiles/{Form.Name}.";

    private void SetMake(string name)
    {
        Form.MakeName = name;
        if (!IsKept) Form.Make = DeviceForm.Slug(name);
    }

    private void SetModel(string name)
    {
        Form.ModelName = name;
        if (!IsKept) Form.Model = DeviceForm.Slug(name);
    }

    private Task SetAsync(Action<string> set, ChangeEventArgs change)
    {
        set((change.Value as string ?? "").Trim());
        return Changed.InvokeAsync();
    }

    private Task SetOrderAsync(ChangeEventArgs change)
    {
        if (SnakeCaseEnum.TryParse<RegisterOrder>(change.Value as string, out var order)) Form.Order = order;
        Form.Forget();
        return Changed.InvokeAsync();
    }

    private Task SetWriteOrderAsync(ChangeEventArgs change)
    {
        Form.WriteOrder = SnakeCaseEnum.TryParse<RegisterOrder>(change.Value as string, out var order) ? order : null;
        return Changed.InvokeAsync();
    }

    private Task SetSinglyAsync(ChangeEventArgs change)
    {
        Form.WritesSingly = change.Value is true;
        return Changed.InvokeAsync();
    }

    private Task SetStepsAsync(ChangeEventArgs change)
    {
        Form.Steps = change.Value as string ?? "";
        return Changed.InvokeAsync();
    }
}
