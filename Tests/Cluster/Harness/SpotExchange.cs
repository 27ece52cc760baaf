using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace TradingEngine.Tests.Cluster.Harness;

/// <summary>
/// A small spot exchange on a port of its own: signed requests, orders that fill when told to, and connections that break after the
/// order was taken.
/// </summary>
internal sealed class SpotExchange : IAsyncDisposable
{
    public const string Key = "key-of-the-test";
    public const string Secret = "secret-of-the-test";
    private const decimal Price = 60_010m;

    private readonly ConcurrentDictionary<string, Entry> _orders = new(StringComparer.Ordinal);
    private readonly WebApplication _app;
    private int _breaks;
    private int _refused;

    private SpotExchange(WebApplication app) => _app = app;

    /// <summary>Orders that it took, by the id of the client; a second one under an id that stands is refused.</summary>
    public IReadOnlyDictionary<string, Entry> Orders => _orders;

    /// <summary>Requests with a wrong signature or key.</summary>
    public int Refused => _refused;

    public string Url => _app.Urls.First();

    /// <summary>The next so many orders are taken, but their answer never comes.</summary>
    public int Breaks
    {
        set => Volatile.Write(ref _breaks, value);
    }

    public static async Task<SpotExchange> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var exchange = new SpotExchange(builder.Build());
        exchange._app.MapPost("/api/v3/order", exchange.Signed(exchange.Place));
        exchange._app.MapGet("/api/v3/order", exchange.Signed((_, query) => exchange.Show(query)));
        exchange._app.MapDelete("/api/v3/order", exchange.Signed((_, query) => exchange.Cancel(query)));
        exchange._app.MapGet("/api/v3/myTrades", exchange.Signed((_, query) => exchange.Trades(query)));
        await exchange._app.StartAsync();
        return exchange;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Trades a part of an order, or all that is left of it.</summary>
    public void Fill(string clientId, decimal? lots = null)
    {
        var order = _orders[clientId];
        lock (order)
        {
            order.Trades.Add(lots ?? order.Quantity - order.Trades.Sum());
            order.Status = order.Trades.Sum() == order.Quantity ? "FILLED" : "PARTIALLY_FILLED";
        }
    }

    private Func<HttpContext, IResult> Signed(Func<HttpContext, IReadOnlyDictionary<string, string>, IResult> handle) => context =>
    {
        var text = context.Request.QueryString.Value![1..];
        var at = text.LastIndexOf("&signature=", StringComparison.Ordinal);
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text[..at])));
        if (text[(at + 11)..] != expected || context.Request.Headers["X-MBX-APIKEY"] != Key)
        {
            Interlocked.Increment(ref _refused);
            return Error(-1022, "Signature for this request is not valid.");
        }

        return handle(context, QueryHelpers.ParseQuery(text).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal));
    };

    private IResult Place(HttpContext context, IReadOnlyDictionary<string, string> query)
    {
        var id = query["newClientOrderId"];
        var order = new Entry
        {
            Number = _orders.Count + 1, Symbol = query["symbol"], Side = query["side"],
            Quantity = decimal.Parse(query["quantity"], CultureInfo.InvariantCulture),
        };
        if (!_orders.TryAdd(id, order))
        {
            return Error(-2010, "Duplicate order sent.");
        }

        if (query["type"] == "MARKET")
        {
            Fill(id);
        }

        if (Interlocked.Decrement(ref _breaks) >= 0)
        {
            context.Abort();
            return Results.Empty;
        }

        return Show(id);
    }

    private IResult Show(IReadOnlyDictionary<string, string> query) => Show(query["origClientOrderId"]);

    private IResult Show(string id) => !_orders.TryGetValue(id, out var order)
        ? Error(-2013, "Order does not exist.")
        : Results.Json(new
        {
            symbol = order.Symbol, orderId = order.Number, clientOrderId = id, status = order.Status,
            executedQty = order.Trades.Sum().ToString(CultureInfo.InvariantCulture),
        });

    private IResult Cancel(IReadOnlyDictionary<string, string> query)
    {
        if (!_orders.TryGetValue(query["origClientOrderId"], out var order) || order.Status is "FILLED" or "CANCELED")
        {
            return Error(-2011, "Unknown order sent.");
        }

        order.Status = "CANCELED";
        return Show(query);
    }

    private IResult Trades(IReadOnlyDictionary<string, string> query)
    {
        var order = _orders.Values.Single(order => order.Number == int.Parse(query["orderId"], CultureInfo.InvariantCulture));
        return Results.Json(order.Trades.Select((lots, index) => new
        {
            id = (order.Number * 100) + index, price = Price.ToString(CultureInfo.InvariantCulture),
            qty = lots.ToString(CultureInfo.InvariantCulture), commission = "0.6", commissionAsset = "USD",
        }));
    }

    private static IResult Error(int code, string message) => Results.Json(new { code, msg = message }, statusCode: StatusCodes.Status400BadRequest);

    internal sealed class Entry
    {
        public required int Number { get; init; }

        public required string Symbol { get; init; }

        public required string Side { get; init; }

        public required decimal Quantity { get; init; }

        public List<decimal> Trades { get; } = [];

        public string Status { get; set; } = "NEW";
    }
}
