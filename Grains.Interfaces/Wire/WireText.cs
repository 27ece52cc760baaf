using System.Globalization;
using System.Text;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>What text of agents may look like, where it becomes a name, and where it is shown.</summary>
internal static class WireText
{
    /// <summary>Longest account, strategy, venue and the like, in characters.</summary>
    public const int LongestName = 64;

    /// <summary>Longest id, in characters.</summary>
    public const int LongestId = 128;

    private const int LongestDetail = 300;

    /// <summary>
    /// The text if it may be a name: of visible characters and spaces, blank neither as a whole nor at an end, without
    /// <c>|</c>, which parts names in grain keys. Controls, and what turns the direction of text or has no width, would show
    /// people another name than the engine trades under.
    /// </summary>
    public static string Name(string text, string field, int longest = LongestName) =>
        text.Length == 0 || text.Length > longest || text != text.Trim() || !text.EnumerateRunes().All(IsNameRune)
            ? throw new WireFieldException(
                field, text, $"1 to {longest} visible characters without | and without a space at either end")
            : text;

    /// <summary>The text if it may be an account: letters, digits and <c>. _ @ # + : -</c>. No <c>/</c>, which parts account
    /// and strategy in the names of counters.</summary>
    public static string Account(string text) =>
        text.Length is > 0 and <= LongestName && text.All(c => char.IsAsciiLetterOrDigit(c) || "._@#+:-".Contains(c, StringComparison.Ordinal))
            ? text
            : throw new WireFieldException("account", text, $"1 to {LongestName} of A-Z a-z 0-9 . _ @ # + : -");

    /// <summary>The text if it may be a symbol; null for none.</summary>
    public static string? Symbol(string? text) => text is null || SignalReader.IsSymbol(text)
        ? text
        : throw new WireFieldException("symbol", text, "1 to 32 of A-Z a-z 0-9 . _ / # + -");

    /// <summary>At most so many characters of the text, what is not visible replaced: safe for logs, terminals and JSON.</summary>
    public static string Shown(string text, int longest = LongestDetail)
    {
        if (text.Length <= longest && text.All(c => c is >= ' ' and <= '~'))
        {
            return text;
        }

        var shown = new StringBuilder(Math.Min(text.Length, longest) + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length + rune.Utf16SequenceLength > longest)
            {
                return shown.Append('…').ToString();
            }

            shown.Append(IsVisible(rune) ? rune.ToString() : "\uFFFD");
        }

        return shown.ToString();
    }

    private static bool IsNameRune(Rune rune) => IsVisible(rune) && rune.Value != '|' && rune != Rune.ReplacementChar;

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
