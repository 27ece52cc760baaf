using System.Buffers;

namespace TradingEngine.Trading.Market;

/// <summary>What a symbol may stand for once a broker's decoration is taken off, the most literal reading first.</summary>
internal static class SymbolCores
{
    private const string Separators = "./_#+-";

    private static readonly char[] s_trimmed = Separators.ToCharArray();
    private static readonly SearchValues<char> s_separators = SearchValues.Create(Separators);

    /// <summary>
    /// Upper-case readings of a symbol: itself, itself without separators, without decoration after a separator, without
    /// a suffix of letters. Only known account-type words and one or two letters are taken for a suffix, so
    /// <c>BTCUSD_PERP</c>, a different contract, is not read as <c>BTCUSD</c>.
    /// </summary>
    internal static IEnumerable<string> Of(string symbol)
    {
        yield return symbol.ToUpperInvariant();

        var plain = symbol.Trim(s_trimmed);
        if (plain.Length == 0)
        {
            yield break;
        }

        yield return plain.ToUpperInvariant();
        yield return Joined(plain);

        var cut = plain.AsSpan().LastIndexOfAny(s_separators);
        if (cut > 0 && IsSuffix(plain[(cut + 1)..]))
        {
            plain = plain[..cut].TrimEnd(s_trimmed);
            yield return Joined(plain);
        }

        for (var length = 1; length <= 5 && length < plain.Length; length++)
        {
            // A letter is a suffix only where it stands out: lower case behind upper case, or behind a whole pair.
            var (head, tail) = (plain[..^length], plain[^length..]);
            if (tail.All(char.IsAsciiLetterLower) && IsSuffix(tail) && (head.Length >= 6 || !head.Any(char.IsAsciiLetterLower)))
            {
                yield return Joined(head);
            }
        }
    }

    private static string Joined(string text) =>
        string.Concat(text.Where(character => !Separators.Contains(character))).ToUpperInvariant();

    private static bool IsSuffix(string text) =>
        (text.Length is 1 or 2 && text.All(char.IsAsciiLetter))
        || InstrumentTables.SuffixWords.Contains(text.ToLowerInvariant());
}
