using System.Text.Json;
using System.Text.Json.Serialization;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Tests.Cluster.Harness;

/// <summary>A signal as a strategy agent sends it; what is null is left out.</summary>
internal sealed record SentSignal
{
    public const string DefaultStrategy = "trend_following";

    private static readonly JsonSerializerOptions Wire = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string? SignalId { get; init; }

    public string Strategy { get; init; } = DefaultStrategy;

    public string? Account { get; init; }

    public string Action { get; init; } = "buy";

    public string Symbol { get; init; } = "BTCUSD";

    public decimal Quantity { get; init; } = 0.1m;

    public decimal? EntryPrice { get; init; }

    public decimal? StopLoss { get; init; }

    public decimal? TakeProfit { get; init; }

    public decimal? TrailingStop { get; init; }

    public decimal? TimeStop { get; init; }

    public string? PositionId { get; init; }

    [JsonIgnore]
    public string Json => JsonSerializer.Serialize(this, Wire);

    /// <summary>Id of the position it opens.</summary>
    [JsonIgnore]
    public string OpensPosition => ClientOrderId.ForPosition(Account ?? "default", Strategy, SignalId!);

    /// <summary>A buy at 50,000 with a stop at 49,000 and a target at 52,000.</summary>
    public static SentSignal Buy(string id) => new()
    {
        SignalId = id, EntryPrice = 50_000m, StopLoss = 49_000m, TakeProfit = 52_000m,
    };

    /// <summary>A sale at 50,000 with a stop at 51,000 and a target at 48,000.</summary>
    public static SentSignal Sell(string id) => new()
    {
        SignalId = id, Action = "sell", EntryPrice = 50_000m, StopLoss = 51_000m, TakeProfit = 48_000m,
    };
}
