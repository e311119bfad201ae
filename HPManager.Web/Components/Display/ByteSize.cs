using System.Globalization;

namespace HPManager.Web.Components.Display;

/// <summary>Sizes of files for people, in powers of a thousand.</summary>
internal static class ByteSize
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>Such as 4.2 MB.</summary>
    public static string Of(long bytes)
    {
        double size = bytes;
        var unit = 0;
        for (; size >= 1000 && unit < Units.Length - 1; unit++) size /= 1000;
        return $"{size.ToString(unit == 0 || size >= 100 ? "0" : "0.0", CultureInfo.CurrentCulture)} {Units[unit]}";
    }
}
