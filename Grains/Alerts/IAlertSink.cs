using TradingEngine.Trading.Alerts;

namespace TradingEngine.Grains.Alerts;

/// <summary>Where alerts leave this silo. Thread-safe.</summary>
public interface IAlertSink
{
    /// <summary>Puts an alert on its way. It never waits: what has no room is left out and counted.</summary>
    void Offer(Alert alert);
}
