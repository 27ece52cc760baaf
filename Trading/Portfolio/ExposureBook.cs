using System.Globalization;

namespace TradingEngine.Trading.Portfolio;

/// <summary>What an account has in one symbol, in the symbol's settlement currency.</summary>
public sealed record SymbolExposure
{
    /// <summary>Long notional, working buys included.</summary>
    public decimal Long { get; init; }

    /// <summary>Short notional, working sells included.</summary>
    public decimal Short { get; init; }

    /// <summary>Notional of working buys.</summary>
    public decimal Buying { get; init; }

    /// <summary>Notional of working sells.</summary>
    public decimal Selling { get; init; }

    /// <summary>Units held long.</summary>
    public decimal UnitsLong { get; init; }

    /// <summary>Units held short.</summary>
    public decimal UnitsShort { get; init; }

    /// <summary>What the long units cost.</summary>
    public decimal CostLong { get; init; }

    /// <summary>What the short units brought.</summary>
    public decimal CostShort { get; init; }

    /// <summary>Profit or loss if all units were left now: longs at the bid, shorts at the ask.</summary>
    public decimal Unrealized(bool isInverse, decimal bid, decimal ask) => isInverse
        ? CostLong - (UnitsLong / bid) + (UnitsShort / ask) - CostShort
        : (UnitsLong * bid) - CostLong + CostShort - (UnitsShort * ask);
}

/// <summary>What became of a strategy's orders in all.</summary>
public readonly record struct StrategyCounts(long Fills, long Wins, long Losses, long Refusals);

/// <summary>An account's counters as they are read: by symbol and by currency, nothing converted. Nobody changes it; thread-safe.</summary>
public sealed class ExposureBook
{
    /// <summary>Nothing held.</summary>
    public static ExposureBook Empty { get; } = new();

    /// <summary>By symbol.</summary>
    public IReadOnlyDictionary<string, SymbolExposure> Symbols { get; init; } = new Dictionary<string, SymbolExposure>();

    /// <summary>Realised P&amp;L by currency, commissions taken off; that of records of earlier versions has none.</summary>
    public IReadOnlyDictionary<string, decimal> Realized { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Notional by tier and currency.</summary>
    public IReadOnlyDictionary<(int Tier, string Currency), decimal> Tiers { get; init; } =
        new Dictionary<(int, string), decimal>();

    /// <summary>Outcomes by strategy.</summary>
    public IReadOnlyDictionary<string, StrategyCounts> Strategies { get; init; } = new Dictionary<string, StrategyCounts>();

    /// <summary>Positions that are not over.</summary>
    public long OpenPositions { get; init; }

    /// <summary>Orders that may still trade.</summary>
    public long WorkingOrders { get; init; }

    /// <summary>Reads the counters that <see cref="Contributions"/> write. A field of a later version is passed over.</summary>
    public static ExposureBook Of(IReadOnlyDictionary<string, long> counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        var symbols = new Dictionary<string, SymbolExposure>(StringComparer.Ordinal);
        var realized = new Dictionary<string, decimal>(StringComparer.Ordinal);
        var tiers = new Dictionary<(int, string), decimal>();
        var strategies = new Dictionary<string, StrategyCounts>(StringComparer.Ordinal);
        foreach (var (field, value) in counters)
        {
            if (value == 0)
            {
                continue;
            }

            var slash = field.IndexOf('/', StringComparison.Ordinal);
            var (kind, name) = slash < 0 ? (field, "") : (field[..slash], field[(slash + 1)..]);
            var amount = value / Contributions.Scale;
            switch (kind)
            {
                case "long" or "short" or "buying" or "selling" or "units_long" or "units_short" or "cost_long" or "cost_short":
                    symbols[name] = With(symbols.GetValueOrDefault(name) ?? new SymbolExposure(), kind, amount);
                    break;
                case "realized":
                    realized[name] = amount;
                    break;
                case "tier":
                    var parts = name.Split('/', 2);
                    tiers[(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1])] = amount;
                    break;
                case "fills" or "wins" or "losses" or "refusals":
                    strategies[name] = With(strategies.GetValueOrDefault(name), kind, value);
                    break;
                default:
                    break;
            }
        }

        return new ExposureBook
        {
            Symbols = symbols,
            Realized = realized,
            Tiers = tiers,
            Strategies = strategies,
            OpenPositions = counters.GetValueOrDefault(ExposureFields.Open),
            WorkingOrders = counters.GetValueOrDefault(ExposureFields.Working),
        };
    }

    private static SymbolExposure With(SymbolExposure known, string kind, decimal amount) => kind switch
    {
        "long" => known with { Long = known.Long + amount },
        "short" => known with { Short = known.Short + amount },
        "buying" => known with { Long = known.Long + amount, Buying = amount },
        "selling" => known with { Short = known.Short + amount, Selling = amount },
        "units_long" => known with { UnitsLong = amount },
        "units_short" => known with { UnitsShort = amount },
        "cost_long" => known with { CostLong = amount },
        _ => known with { CostShort = amount },
    };

    private static StrategyCounts With(StrategyCounts known, string kind, long count) => kind switch
    {
        "fills" => known with { Fills = count },
        "wins" => known with { Wins = count },
        "losses" => known with { Losses = count },
        _ => known with { Refusals = count },
    };
}
