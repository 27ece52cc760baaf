using TradingEngine.Trading.Positions;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>What was seen from outside of one signal's orders.</summary>
/// <param name="OrderIds">Every order that appeared, as often as it did.</param>
/// <param name="Decided">When the first of them was decided, as it says.</param>
internal sealed record SeenOrders(List<string> OrderIds, DateTimeOffset Decided);

/// <summary>The strategy and execution agents of a run, which are not killed and count what passes them.</summary>
internal interface IAgents : IAsyncDisposable
{
    /// <summary>Sends signals; repeats what was not taken, under the same ids.</summary>
    Task SendAsync(IReadOnlyList<string> signalIds);

    /// <summary>Orders by signal id, as they appeared outside the engine. To be read when the engine is at rest.</summary>
    Task<IReadOnlyDictionary<string, SeenOrders>> OrdersAsync();

    /// <summary>Positions that are not over, as the store's index has them, read past the engine.</summary>
    Task<IReadOnlyList<PositionIndexEntry>> PositionsAsync();
}
