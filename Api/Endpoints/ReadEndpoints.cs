using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TradingEngine.Api.Contracts;
using TradingEngine.Api.Events;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Api.Endpoints;

/// <summary>What can be looked at: status, tiers, positions, orders, fills, trades, strategies, instruments, equity, agents.</summary>
internal static class ReadEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet("/status", (EngineAccess engine) => Reads.StatusAsync(engine.Require()))
            .Requires(Role.Viewer).WithTags("Status").WithSummary("Mode, totals, accounts, monitoring and the store's health.");
        v1.MapGet("/tiers", (EngineAccess engine) => Reads.TiersAsync(engine.Require()))
            .Requires(Role.Viewer).WithTags("Status").WithSummary("Tiers with cycles, overruns and latencies in microseconds, and the hops of this silo.");
        v1.MapGet("/positions", PositionsAsync)
            .Requires(Role.Viewer).WithTags("Positions").WithSummary("Positions that are not over, oldest first; 'after' takes 'next' of the page before.");
        v1.MapGet("/positions/{id}", PositionAsync).Requires(Role.Viewer).MayBeAbsent().WithTags("Positions").WithSummary("One position with its orders, open or not.");
        v1.MapGet("/positions/{id}/story", StoryAsync)
            .Requires(Role.Viewer).MayBeAbsent().WithTags("Positions").WithSummary("What happened to a position, from its signal to its close, each step timed.");
        v1.MapGet("/orders", OrdersAsync).Requires(Role.Viewer).WithTags("Orders").WithSummary("The newest orders, newest first, up to a thousand; 'after' takes 'next' of the page before.");
        v1.MapGet("/fills", FillsAsync).Requires(Role.Viewer).WithTags("Orders").WithSummary("What the newest thousand orders traded, all fills of an order together, newest first; 'after' takes 'next' of the page before.");
        v1.MapGet("/trades", TradesAsync).Requires(Role.Viewer).WithTags("Positions").WithSummary("The newest closed positions, newest first.");
        v1.MapGet("/strategies", StrategiesAsync).Requires(Role.Viewer).WithTags("Status").WithSummary("Strategies with statistics and capital weight.");
        v1.MapGet("/instruments", async (EngineAccess engine) => new Page<InstrumentEntry>(await Reads.InstrumentsAsync(engine.Require())))
            .Requires(Role.Viewer).WithTags("Market").WithSummary("Instruments with their newest prices.");
        v1.MapGet("/instruments/{symbol}/candles", Candles)
            .Requires(Role.Viewer).WithTags("Market").WithSummary("Candles of a minute, or of ten seconds (period=10s), that this silo saw since it started, oldest first.");
        v1.MapGet("/equity", (Samples samples) => new Page<EquityEntry>(samples.Equity()))
            .Requires(Role.Viewer).WithTags("Status").WithSummary("Equity of the first account each ten seconds since this silo started, oldest first.");
        v1.MapGet("/agents", (EngineAccess engine) => Reads.AgentsAsync(engine.Require()))
            .Requires(Role.Viewer).WithTags("Status").WithSummary("Agents with the age of their heartbeats.");
    }

    private static async Task<Page<PositionEntry>> PositionsAsync(EngineAccess engine, int? limit, string? after)
    {
        var from = after is null ? null : PageCursor.Read(after);
        return PageCursor.Cut(
            (await engine.Require().Grain.GetPositionsAsync()).Select(PositionEntry.Of).OrderBy(CursorOf, PageCursor.Order),
            Query.Limit(limit), CursorOf, cursor => from is null || cursor.IsAfter(from));

        // A position of several symbols has an entry for each.
        static PageCursor CursorOf(PositionEntry position) => new(position.CreatedAt, $"{position.PositionId}/{position.Symbol}");
    }

    private static async Task<Results<Ok<PositionDetail>, ProblemHttpResult>> PositionAsync(EngineAccess engine, string id) =>
        await engine.Require().Grain.GetPositionAsync(id) is { } state ? TypedResults.Ok(PositionDetail.Of(state)) : NoPosition(id);

    private static async Task<Results<Ok<StoryEntry>, ProblemHttpResult>> StoryAsync(EngineAccess engine, string id) =>
        await engine.Require().Grain.GetPositionAsync(id) is { } state
            ? TypedResults.Ok(await Story.ReadAsync(engine.Require(), state))
            : NoPosition(id);

    private static async Task<Page<OrderEntry>> OrdersAsync(EngineAccess engine, int? limit, string? after) =>
        Newest((await engine.Require().Grain.GetOrdersAsync(Query.Most)).Select(OrderEntry.Of), limit, after, order => new PageCursor(order.CreatedAt, order.OrderId));

    private static async Task<Page<FillEntry>> FillsAsync(EngineAccess engine, int? limit, string? after) =>
        Newest(
            (await engine.Require().Grain.GetOrdersAsync(Query.Most)).Select(FillEntry.Of).OfType<FillEntry>(), limit, after,
            fill => new PageCursor(fill.OrderedAt, fill.OrderId));

    private static Page<T> Newest<T>(IEnumerable<T> items, int? limit, string? after, Func<T, PageCursor> cursorOf)
    {
        var from = after is null ? null : PageCursor.Read(after);
        return PageCursor.Cut(
            items.OrderByDescending(cursorOf, PageCursor.Order), Query.Limit(limit), cursorOf, cursor => from is null || from.IsAfter(cursor));
    }

    private static async Task<Page<TradeEntry>> TradesAsync(EngineAccess engine, int? limit) =>
        new([.. (await engine.Require().Grain.GetTradesAsync(Query.Limit(limit))).Select(TradeEntry.Of)]);

    private static async Task<Page<StrategyEntry>> StrategiesAsync(EngineAccess engine)
    {
        var current = engine.Require();
        return new([.. (await current.Grain.GetStrategiesAsync()).Select(view => StrategyEntry.Of(view, current.Sizes.Of(view.Strategy).Weight))]);
    }

    private static Page<CandleEntry> Candles(Samples samples, string symbol, string? period, int? limit) =>
        samples.CandlesOf(symbol, period ?? "1m", Query.Limit(limit)) is { } candles
            ? new(candles)
            : throw new RequestException($"period is {period}; use 1m or 10s");

    private static ProblemHttpResult NoPosition(string id) => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound, title: "There is no such position",
        detail: $"No position {id} is kept. GET /v1/positions lists those that are open, GET /v1/trades the newest closed ones.");
}
