using System.Text;

namespace HPManager.Core.Text;

/// <summary>Keys in lower snake case: letters a–z, digits and single underscores, starting with a letter.</summary>
public static class SnakeCase
{
    /// <summary>Whether the text is lower snake case and not longer than allowed.</summary>
    public static bool IsValid(string? text, int maxLength)
    {
        if (string.IsNullOrEmpty(text) || text.Length > maxLength || !char.IsAsciiLetterLower(text[0])) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_') return false;
        }

        return true;
    }

    /// <summary>Turns a Pascal case name (<c>HotWater</c>) into snake case (<c>hot_water</c>).</summary>
    public static string FromPascalCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
