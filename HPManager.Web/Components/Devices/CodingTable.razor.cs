using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Core.Text;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.Profiles.Owner;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Devices;

/// <summary>The registers from a row's address on, and what they read as in every type and order: one click takes the right one.</summary>
public sealed partial class CodingTable
{
    private const double Widest = 1e6;
    private const double Finest = 1e-3;

    /// <summary>The device.</summary>
    [Parameter, EditorRequired]
    public required DeviceForm Form { get; set; }

    /// <summary>The register.</summary>
    [Parameter, EditorRequired]
    public required RegisterForm Row { get; set; }

    /// <summary>A coding was chosen.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private static IReadOnlyList<ColumnChoice> Orders => RegisterColumns.Orders;

    private Unit Unit => Unit.TryParse(Row["unit"], out var unit) ? unit : Unit.None;

    private IEnumerable<CodingGuess> Guesses => CodingGuesses.Of(Row.Window, Number("scale") is { } scale and > 0 ? scale : 1, Number("offset") ?? 0, Unit)
        .Where(guess => guess.Value is not null);

    private double? Number(string column) =>
        double.TryParse(Row[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static string KeyOf(RegisterOrder order) => SnakeCaseEnum.Key(order);

    // Without the unit: thirty times the same one would hide the numbers.
    private string Shown(double value) => Math.Abs(value) >= Widest || (value != 0 && Math.Abs(value) < Finest)
        ? value.ToString("0.#E+0", CultureInfo.CurrentCulture).Replace('-', '−')
        : ValueFormat.Number(value, Unit);

    private bool IsChosen(CodingGuess guess)
    {
        if (guess.Type != Row["type"]) return false;
        var order = RegisterOrders.Of(Row, Form).Read;
        return guess.Order == order || (guess.Type is "int16" or "uint16" && IsSwapped(guess.Order) == IsSwapped(order));
    }

    private static bool IsSwapped(RegisterOrder order) => order is RegisterOrder.Badc or RegisterOrder.Dcba;

    private Task ChooseAsync(CodingGuess guess)
    {
        Row.Set("type", guess.Type);
        var orders = RegisterOrders.Of(Row, Form);
        Row.Set("order", (orders with { Read = guess.Order }).Text(Form, Row.IsWritable));
        return Changed.InvokeAsync();
    }
}
