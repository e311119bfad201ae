using HPManager.Core.Manufacturers;

namespace HPManager.Web.Components.Display;

/// <summary>What a device is called in a sentence.</summary>
public static class DeviceWords
{
    /// <summary><c>heat pump</c> or <c>battery</c>.</summary>
    public static string Noun(this DeviceKind kind) => kind == DeviceKind.Battery ? "battery" : "heat pump";
}
