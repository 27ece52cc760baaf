using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Queues;

namespace TradingEngine.Silo.Hosting;

/// <summary>The agents' queues under the keys of the wire.</summary>
internal static class QueueCatalog
{
    /// <summary>Queues that are read in this deployment; orders only where the executor is ours.</summary>
    public static IReadOnlyList<QueueDefinition> Create(bool readsOrders) =>
    [
        Read(StreamNames.HftSignals, "hft_signals"),
        Read(StreamNames.FastSignals, "strategy_signals", "fast_signals"),
        Read(StreamNames.TacticalSignals, "tactical_signals"),
        Read(StreamNames.Updates, "position_updates"),
        Read(StreamNames.Commands, "trading_commands"),
        Channel(StreamNames.Market, "strategy_engine:market_data"),
        Channel(StreamNames.Warnings, "market_warnings"),
        Channel(StreamNames.Alerts, "immediate_alerts"),
        new QueueDefinition { Name = StreamNames.Orders, ListKeys = ["execution_orders"], IsRead = readsOrders },
        new QueueDefinition { Name = StreamNames.Reconcile, ListKeys = ["reconcile_requests"], IsRead = readsOrders },
        Read(StreamNames.Reconciled, ReconcileWriter.ReplyList),
    ];

    private static QueueDefinition Channel(string name, string channel) =>
        new() { Name = name, ListKeys = [], Channel = channel, IsRead = true };

    private static QueueDefinition Read(string name, params string[] keys) =>
        new() { Name = name, ListKeys = keys, IsRead = true };
}
