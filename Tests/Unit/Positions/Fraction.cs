using System.Numerics;

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>A number as a quotient of whole numbers, so that nothing is rounded on the way. Kept in lowest terms, the bottom positive.</summary>
internal readonly record struct Fraction(BigInteger Top, BigInteger Bottom)
{
    private const int Digits = 12;

    public static Fraction Zero { get; } = Of(0m);

    public int Sign => Top.Sign;

    public decimal Value => (decimal)(Top * BigInteger.Pow(10, 20) / Bottom) / 100_000_000_000_000_000_000m;

    /// <summary>Exactly that number, which has at most 12 decimals.</summary>
    public static Fraction Of(decimal number)
    {
        var scaled = number * 1_000_000_000_000m;
        return scaled == decimal.Truncate(scaled)
            ? Reduced(new BigInteger(scaled), BigInteger.Pow(10, Digits))
            : throw new ArgumentOutOfRangeException(nameof(number), number, "Too many decimals.");
    }

    public static Fraction operator +(Fraction left, Fraction right) =>
        Reduced((left.Top * right.Bottom) + (right.Top * left.Bottom), left.Bottom * right.Bottom);

    public static Fraction operator -(Fraction left, Fraction right) => left + new Fraction(-right.Top, right.Bottom);

    public static Fraction operator *(Fraction left, Fraction right) => Reduced(left.Top * right.Top, left.Bottom * right.Bottom);

    public static Fraction operator /(Fraction left, Fraction right) => Reduced(left.Top * right.Bottom, left.Bottom * right.Top);

    /// <summary>To the nearest multiple of 10^-decimals; a half to the even one.</summary>
    public decimal Rounded(int decimals)
    {
        var top = BigInteger.Abs(Top) * BigInteger.Pow(10, decimals);
        var whole = BigInteger.DivRem(top, Bottom, out var rest);
        var half = (2 * rest).CompareTo(Bottom);
        whole += half > 0 || (half == 0 && !whole.IsEven) ? 1 : 0;
        return Sign * (decimal)whole / (decimal)BigInteger.Pow(10, decimals);
    }

    private static Fraction Reduced(BigInteger top, BigInteger bottom)
    {
        var common = BigInteger.GreatestCommonDivisor(top, bottom) * bottom.Sign;
        return new Fraction(top / common, bottom / common);
    }
}
