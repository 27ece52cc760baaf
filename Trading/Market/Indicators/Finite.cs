using System.Runtime.CompilerServices;

namespace TradingEngine.Trading.Market.Indicators;

/// <summary>Keeps what is no number out of running state, where it would stay for good.</summary>
internal static class Finite
{
    internal static void Require(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "must be finite");
        }
    }
}
