using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Agents.Hosting;
using TradingEngine.Agents.Wire;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Simulation;

namespace TradingEngine.Agents.Feeds;

/// <summary>
/// Publishes a simulated market as a data feed would. It goes on from the last prices it published, so open positions
/// meet no jump after a restart, and first publishes a history that leads there, so that indicators are warm.
/// </summary>
[GrainType("simulated-feed"), KeepAlive]
public sealed partial class SimulatedFeedGrain(
    ITradingStore store,
    IOptions<AgentOptions> options,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<SimulatedFeedGrain> logger) : Grain, ISimulatedFeedGrain
{
    private const int HistoryBars = 300;
    private const int LatestKept = 100;
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HistoryInterval = TimeSpan.FromSeconds(1);

    private readonly AgentOptions _options = options.Value;
    private SimulatedMarket _market = null!;
    private int _ticks;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _market = new SimulatedMarket(new SimulatedMarketOptions
        {
            Seed = (ulong)_options.Seed,
            LastPrices = await ReadLastPricesAsync(),
        });
        await PublishHistoryAsync();
        this.RegisterGrainTimer(TickAsync, new() { DueTime = TimeSpan.Zero, Period = TickPeriod, KeepAlive = true });
        this.RegisterGrainTimer(
            _ => Heartbeat.SendAsync(store.Board, "data_feeds", clock.GetUtcNow()),
            new() { DueTime = TimeSpan.Zero, Period = Heartbeat.Period, KeepAlive = true });
    }

    /// <inheritdoc/>
    public Task WakeAsync() => Task.CompletedTask;

    private async Task TickAsync()
    {
        try
        {
            var updates = _market.Step(clock.GetUtcNow());
            await PublishAsync(updates);
            // A second of prices lost in a crash is no jump; writing each would cost more than it shows.
            if (_ticks++ % 4 == 0)
            {
                await ShowAsync(updates);
            }
        }
        catch (StoreException exception)
        {
            LogStoreAway(logger, exception.Message);
        }
    }

    private async Task PublishHistoryAsync()
    {
        var now = clock.GetUtcNow();
        var prices = _market.Prices;
        foreach (var instrument in _market.Instruments)
        {
            await PublishAsync(_market.History(
                instrument.Symbol, HistoryBars, HistoryInterval, now, prices.GetValueOrDefault(instrument.Symbol)));
        }
    }

    private ValueTask PublishAsync(IReadOnlyList<MarketUpdate> updates) => store.Queues.PushAsync(
        StreamNames.Market, [.. updates.Select(update => (ReadOnlyMemory<byte>)AgentJson.Price(update))]);

    private async Task ShowAsync(IReadOnlyList<MarketUpdate> updates)
    {
        foreach (var update in updates)
        {
            await store.Board.SetHashAsync(BoardKeys.MarketData + update.Symbol, new Dictionary<string, string>
            {
                ["symbol"] = update.Symbol,
                ["bid"] = Text(update.Bid),
                ["ask"] = Text(update.Ask),
                ["timestamp"] = Text(TradeWriter.Seconds(update.Time)),
                ["source"] = update.Source,
            });
        }

        await store.Board.SetListAsync(BoardKeys.MarketDataLatest,
            [.. updates.Take(LatestKept).Select(update => Encoding.UTF8.GetString(AgentJson.Price(update)))]);
    }

    private async Task<ImmutableDictionary<string, decimal>> ReadLastPricesAsync()
    {
        var prices = ImmutableDictionary.CreateBuilder<string, decimal>();
        foreach (var symbol in SimulatedSymbol.Defaults)
        {
            var shown = await store.Board.ReadHashAsync(BoardKeys.MarketData + symbol.Symbol);
            if (decimal.TryParse(shown.GetValueOrDefault("bid"), CultureInfo.InvariantCulture, out var bid)
                && decimal.TryParse(shown.GetValueOrDefault("ask"), CultureInfo.InvariantCulture, out var ask))
            {
                prices[symbol.Symbol] = (bid + ask) / 2m;
            }
        }

        return prices.ToImmutable();
    }

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(3001, LogLevel.Warning, "Simulated prices wait for the store: {Error}")]
    private static partial void LogStoreAway(ILogger logger, string error);
}
