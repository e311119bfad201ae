using HPManager.Core.Sensors;

namespace HPManager.Drivers.Luxtronik.Tables;

/// <summary>The words of everything that is on or off.</summary>
internal static class SwitchWords
{
    public static CodeTable Table { get; } = new([new(0, "off"), new(1, "on")]);
}
