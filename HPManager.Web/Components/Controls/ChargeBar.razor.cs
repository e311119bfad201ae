using HPManager.Core.Sensors;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Controls;

/// <summary>How full a battery is, as a bar; nothing where that is not told. Its number stands beside it.</summary>
public partial class ChargeBar
{
    /// <summary>The state of charge in per cent; null when the battery does not tell it.</summary>
    [Parameter, EditorRequired]
    public Reading? Reading { get; set; }

    private double? Percent => Reading is { Quality: Quality.Good or Quality.Stale, Value: { } value } ? Math.Clamp(value, 0, 100) : null;
}
