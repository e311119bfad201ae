using HPManager.Drivers.Modbus.Profiles.Owner;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Devices;

/// <summary>The registers of a device, a row each.</summary>
public sealed partial class RegisterTable
{
    private (RegisterForm Row, int Index)? _removed;

    /// <summary>The device.</summary>
    [Parameter, EditorRequired]
    public required DeviceForm Form { get; set; }

    /// <summary>Something else was typed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private string Counted => Form.Counting switch
    {
        AddressCounting.Wire => "0 = the first register, coil or input of its table.",
        AddressCounting.FromOne => "1 = the first register, coil or input of its table.",
        _ => "40001 = holding register 0, 30001 = input register 0, 10001 = discrete input 0, 1 = coil 0. The number says the table; six digits such as 400001 are understood too.",
    };

    private Task SetCountingAsync(ChangeEventArgs change)
    {
        var counting = Enum.TryParse<AddressCounting>(change.Value as string, out var chosen) ? chosen : AddressCounting.Wire;
        Form.Counting = counting;

        // What was no address in one way of counting may be one in the other.
        foreach (var row in Form.Rows.Where(row => row.WrongAddress is not null)) row.SetAddress(row.WrongAddress, counting);
        return Changed.InvokeAsync();
    }

    private Task AddAsync()
    {
        Form.AddRow();
        return Changed.InvokeAsync();
    }

    private Task RemoveAsync(RegisterForm row)
    {
        _removed = row.IsBlank ? null : (row, Form.Rows.IndexOf(row));
        Form.Rows.Remove(row);
        return Changed.InvokeAsync();
    }

    private Task BringBackAsync()
    {
        if (_removed is not { } removed) return Task.CompletedTask;
        Form.Rows.Insert(Math.Min(removed.Index, Form.Rows.Count), removed.Row);
        _removed = null;
        return Changed.InvokeAsync();
    }
}
