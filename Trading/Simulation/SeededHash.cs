namespace TradingEngine.Trading.Simulation;

/// <summary>
/// Random numbers that depend on what they are for and not on when they are asked: a hash of a seed and ids. The same on
/// every machine and in every version, so a run can be repeated.
/// </summary>
/// <remarks>
/// FNV-1a over the text's UTF-16 units, finished with SplitMix64 (Steele, Lea, Flood 2014). Only operations that IEEE 754
/// fixes are used, no sine or logarithm, so that the doubles agree to the last bit. Not for secrets.
/// </remarks>
public static class SeededHash
{
    /// <summary>Hash of a seed and a text.</summary>
    public static ulong Of(ulong seed, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        unchecked
        {
            var hash = 14695981039346656037UL ^ Mix(seed);
            foreach (var character in text)
            {
                hash = (hash ^ character) * 1099511628211UL;
            }

            return Mix(hash);
        }
    }

    /// <summary>Hash of a hash and a number.</summary>
    public static ulong Of(ulong seed, long number) => unchecked(Mix(Mix(seed) ^ (ulong)number));

    /// <summary>A number in [0, 1) from a hash.</summary>
    public static double Unit(ulong hash) => (hash >> 11) * (1d / (1UL << 53));

    /// <summary>
    /// A number from a hash that is nearly normal, mean 0 and deviation 1, within ±6: the sum of twelve uniform ones
    /// less six (Irwin–Hall).
    /// </summary>
    public static double Normal(ulong hash)
    {
        var sum = 0d;
        for (var i = 0; i < 12; i++)
        {
            sum += Unit(Of(hash, i));
        }

        return sum - 6d;
    }

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15UL;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}
