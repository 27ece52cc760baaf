namespace TradingEngine.Client.Certification;

/// <summary>What a certification of a strategy agent shows it and waits for.</summary>
/// <param name="Symbol">Symbol of the prices.</param>
/// <param name="Price">Price they begin with.</param>
/// <param name="Signals">Signals to wait for at first, and half as many after each break.</param>
/// <param name="Agent">Its name in <c>agent_stats:</c>.</param>
/// <param name="Patience">Longest wait for the signals of a part.</param>
internal sealed record StrategyOptions(string Symbol, decimal Price, int Signals, string Agent, TimeSpan Patience);
