using System.Globalization;
using HPManager.Drivers.Luxtronik.Client;

namespace HPManager.Drivers.Luxtronik.Tables;

/// <summary>
/// Says from the controller's own entries whether something is fitted or configured. Written as <c>p42!=0 or v5=1;c66&gt;0</c>: a parameter,
/// calculation or visibility by its index, <c>=</c>, <c>!=</c> or <c>&gt;</c>, a number or several joined by <c>|</c>; <c>or</c> binds closer than
/// <c>;</c>, which means and. Immutable.
/// </summary>
internal sealed class PresenceRule
{
    private readonly Condition[][] _all;

    private PresenceRule(Condition[][] all) => _all = all;

    /// <summary>Reads a rule.</summary>
    /// <exception cref="FormatException">The text is no rule.</exception>
    public static PresenceRule Parse(string text) => new(
        [.. text.Split(';').Select(clause => clause.Split(" or ").Select(Condition.Parse).ToArray())]);

    /// <summary>False only when it is sure: what the controller does not tell counts as there.</summary>
    public bool Allows(LuxtronikBlocks blocks) => Array.TrueForAll(_all, any => Array.Exists(any, condition => condition.Holds(blocks) != false));

    private sealed record Condition(LuxtronikBlock Block, int Index, string Operator, int[] Numbers)
    {
        public static Condition Parse(string text)
        {
            var end = text.IndexOfAny(['=', '!', '>']);
            if (end < 2) throw new FormatException($"'{text}' is no condition.");
            var block = text[0] switch
            {
                'p' => LuxtronikBlock.Parameters,
                'c' => LuxtronikBlock.Calculations,
                'v' => LuxtronikBlock.Visibilities,
                _ => throw new FormatException($"'{text}' must begin with p, c or v."),
            };
            var comparison = text[end..].StartsWith("!=", StringComparison.Ordinal) ? "!=" : text[end..(end + 1)];
            var numbers = text[(end + comparison.Length)..].Split('|').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            return new Condition(block, int.Parse(text[1..end], CultureInfo.InvariantCulture), comparison, numbers);
        }

        public bool? Holds(LuxtronikBlocks blocks) => blocks.Raw(Block, Index) is not { } raw
            ? null
            : Operator switch
            {
                "=" => Array.IndexOf(Numbers, raw) >= 0,
                "!=" => Array.IndexOf(Numbers, raw) < 0,
                _ => raw > Numbers[0],
            };
    }
}
