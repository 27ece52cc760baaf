using System.Security.Cryptography;
using System.Text;

namespace TradingEngine.Trading.Orders;

/// <summary>
/// Derives the ids of positions and orders from what caused them, so that the same cause always has the same id: a retry
/// repeats it and everybody downstream can drop the repetition.
/// </summary>
public static class ClientOrderId
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Id of an order: 20 characters of base 32 of SHA-256 over version, account, strategy, signal, leg, intent and attempt.</summary>
    public static string ForOrder(
        string account, string strategy, string signalId, int leg, OrderIntent intent, int attempt) =>
        Derive($"1|order|{Part(account)}|{Part(strategy)}|{Part(signalId)}|{leg}|{(int)intent}|{attempt}", 20);

    /// <summary>Id of the position a signal opens: <c>P</c> and 19 characters, derived likewise.</summary>
    public static string ForPosition(string account, string strategy, string signalId) =>
        "P" + Derive($"1|position|{Part(account)}|{Part(strategy)}|{Part(signalId)}", 19);

    /// <summary>Keeps the borders of names that contain the separator, so that no two causes are spelled alike.</summary>
    private static string Part(string name) => name
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("|", "\\|", StringComparison.Ordinal);

    private static string Derive(string cause, int length)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(cause), hash);
        Span<char> text = stackalloc char[length];
        for (var i = 0; i < length; i++)
        {
            // Five bits a character, read across byte borders.
            var bit = i * 5;
            var pair = (hash[bit >> 3] << 8) | hash[(bit >> 3) + 1];
            text[i] = Alphabet[(pair >> (11 - (bit & 7))) & 31];
        }

        return new string(text);
    }
}
