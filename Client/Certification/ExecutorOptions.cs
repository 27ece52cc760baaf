namespace TradingEngine.Client.Certification;

/// <summary>What a certification of an execution agent sends.</summary>
/// <param name="Symbol">Symbol that the agent trades.</param>
/// <param name="Price">Price the orders name.</param>
/// <param name="Quantity">Lots of an order.</param>
/// <param name="Account">Account the orders name.</param>
/// <param name="ClosesAsOpposite">Sends a close as the opposite side, for agents that know no close.</param>
/// <param name="Patience">Longest wait for an answer.</param>
internal sealed record ExecutorOptions(
    string Symbol, decimal Price, decimal Quantity, string Account, bool ClosesAsOpposite, TimeSpan Patience);
