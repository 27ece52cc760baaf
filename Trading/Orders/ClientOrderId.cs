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

    private const int PositionPart = 19;
    private const int OwnPart = 9;

    /// <summary>Id of an order of the position that its own signal opened.</summary>
    public static string ForOrder(
        string account, string strategy, string signalId, int leg, OrderIntent intent, int attempt) =>
        ForOrder(ForPosition(account, strategy, signalId), signalId, leg, intent, attempt);

    /// <summary>
    /// Id of an order: the 19 characters of its position, which an agent that names the order alone thereby names too, and 9
    /// characters of base 32 of SHA-256 over version, position, signal, leg, intent and attempt.
    /// </summary>
    public static string ForOrder(string positionId, string signalId, int leg, OrderIntent intent, int attempt)
    {
        ArgumentException.ThrowIfNullOrEmpty(positionId);
        return positionId[1..]
            + Derive($"2|order|{Part(positionId)}|{Part(signalId)}|{leg}|{(int)intent}|{attempt}", OwnPart);
    }

    /// <summary>Id of the position an order belongs to; null for what is no order id of ours.</summary>
    public static string? PositionOf(string orderId)
    {
        ArgumentNullException.ThrowIfNull(orderId);
        return orderId.Length == PositionPart + OwnPart && orderId.All(Alphabet.Contains)
            ? "P" + orderId[..PositionPart]
            : null;
    }

    /// <summary>Id of the position a signal opens: <c>P</c> and 19 characters, derived likewise.</summary>
    public static string ForPosition(string account, string strategy, string signalId) =>
        "P" + Derive($"1|position|{Part(account)}|{Part(strategy)}|{Part(signalId)}", PositionPart);

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
