using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TradingEngine.Trading.Portfolio;

/// <summary>
/// Which partition holds an account, with all its positions. The answer depends on account and number alone, on every machine and in every
/// version: an account that moved would leave its positions behind, so the number of a store's partitions is never changed.
/// </summary>
public static class AccountPartitions
{
    /// <summary>Most partitions a store may have.</summary>
    public const int Most = 64;

    /// <summary>The name of an account's partition: <c>0</c> to one less than <paramref name="partitions"/>, in decimal digits.</summary>
    /// <param name="account">The account, in any characters; case counts.</param>
    /// <param name="partitions">How many there are, 1 to <see cref="Most"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There cannot be that many partitions.</exception>
    public static string Of(string account, int partitions)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitions, Most);

        // The runtime's own hash of a string differs from process to process.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(account));
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)partitions).ToString(CultureInfo.InvariantCulture);
    }
}
