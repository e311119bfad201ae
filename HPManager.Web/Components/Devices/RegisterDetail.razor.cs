using HPManager.Core.Text;
using HPManager.Drivers.Modbus.Profiles;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Devices;

/// <summary>Everything about a register that has no place in the table.</summary>
public sealed partial class RegisterDetail
{
    /// <summary>The device.</summary>
    [Parameter, EditorRequired]
    public required DeviceForm Form { get; set; }

    /// <summary>The register.</summary>
    [Parameter, EditorRequired]
    public required RegisterForm Row { get; set; }

    /// <summary>Something else was typed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private string ReadOrder => Row["order"].Length == 0 ? "" : SnakeCaseEnum.Key(RegisterOrders.Of(Row, Form).Read);

    private string WriteOrder => Row["order"].Length == 0 ? "" : SnakeCaseEnum.Key(RegisterOrders.Of(Row, Form).Write);

    private static IReadOnlyList<ColumnChoice> OrdersOf(RegisterOrder device) =>
        [new ColumnChoice("", $"As the device: {SnakeCaseEnum.Key(device).ToUpperInvariant()}"), .. RegisterColumns.Orders];

    private void TakeReadOrder(string? word) =>
        Row.Set("order", (RegisterOrders.Of(Row, Form) with { Read = Parse(word, Form.Order) }).Text(Form, Row.IsWritable));

    private void TakeWriteOrder(string? word) =>
        Row.Set("order", (RegisterOrders.Of(Row, Form) with { Write = Parse(word, Form.WriteOrder ?? Form.Order) }).Text(Form, isWritable: true));

    private void TakeKey(string? text)
    {
        Row.KeyFollowsName = string.IsNullOrWhiteSpace(text);
        Row.Set("key", Row.KeyFollowsName ? Form.FreeKey(Row["label"], Row) : text);
    }

    private Task SetFlagAsync(string column, bool isSet)
    {
        Row.Set(column, isSet ? "yes" : "");
        return Changed.InvokeAsync();
    }

    private static RegisterOrder Parse(string? word, RegisterOrder otherwise) => SnakeCaseEnum.TryParse<RegisterOrder>(word, out var order) ? order : otherwise;
}
