using System.Collections.Immutable;
using TradingEngine.Trading.Market;

namespace TradingEngine.Trading.Simulation;

/// <summary>How a symbol of the simulated market behaves.</summary>
/// <param name="Symbol">A symbol the instrument catalog knows.</param>
/// <param name="StartPrice">Price it starts from when none is resumed, positive.</param>
/// <param name="SpreadBps">Usual ask less bid, in basis points of the price; at least one tick is quoted.</param>
/// <param name="VolatilityBps">Usual deviation of the price over one second, in basis points; grows with √time.</param>
public sealed record SimulatedSymbol(string Symbol, decimal StartPrice, double SpreadBps, double VolatilityBps)
{
    /// <summary>
    /// Four crypto currencies, two currency pairs, an index and an energy. Spreads are usual ones; crypto volatility is
    /// near its usual 70 to 100 % a year, the others' is about double theirs so that a demonstration moves.
    /// </summary>
    public static ImmutableArray<SimulatedSymbol> Defaults { get; } =
    [
        new("BTCUSD", 64_000m, 0.6, 1.4),
        new("ETHUSD", 3_100m, 0.8, 1.7),
        new("LTCUSD", 84m, 2.0, 1.9),
        new("SOLUSD", 148m, 1.5, 2.2),
        new("EURUSD", 1.0850m, 0.8, 0.35),
        new("GBPUSD", 1.2700m, 1.0, 0.4),
        new("US500", 5_450m, 0.9, 0.7),
        new("USOIL", 78m, 3.0, 1.0),
    ];
}

/// <summary>Options of <see cref="SimulatedMarket"/>.</summary>
public sealed record SimulatedMarketOptions
{
    /// <summary>Decides every price; the same seed, times and start prices give the same market.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The symbols, each once.</summary>
    public ImmutableArray<SimulatedSymbol> Symbols { get; init; } = SimulatedSymbol.Defaults;

    /// <summary>Prices to go on from, by symbol; a symbol without one starts from its own.</summary>
    public ImmutableDictionary<string, decimal> LastPrices { get; init; } = ImmutableDictionary<string, decimal>.Empty;

    /// <summary>What its updates carry as source.</summary>
    public string Source { get; init; } = "simulated";

    /// <summary>When symbols trade.</summary>
    public SessionCalendar Calendar { get; init; } = SessionCalendar.Default;

    /// <summary>Where instruments come from.</summary>
    public InstrumentCatalog Catalog { get; init; } = InstrumentCatalog.Default;
}
