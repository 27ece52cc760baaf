using System.Globalization;
using TradingEngine.Client;
using TradingEngine.Client.Commands;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>What came of the signals of a run, counted outside the engine, and what its own audit says of itself.</summary>
/// <param name="Sent">Signals sent, each with an id of its own.</param>
/// <param name="Lost">Signals without an order.</param>
/// <param name="Doubled">Orders beyond the first of a signal, or seen twice.</param>
/// <param name="Held">Lots held, by the store's index.</param>
/// <param name="Breaks">Breaks of the audit, and positions it does not lead to.</param>
internal sealed record Verdict(int Sent, int Lost, int Doubled, decimal Held, long Breaks)
{
    private static readonly TimeSpan OrderLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan FillLimit = TimeSpan.FromSeconds(60);

    public bool IsClean => Lost == 0 && Doubled == 0 && Held == Expected && Breaks == 0;

    private decimal Expected => Sent * Wire.Quantity;

    /// <summary>Waits until everything that was sent has had its effects, for as long as that may take, and counts.</summary>
    public static async Task<Verdict> OfAsync(RedisAgents agents, IReadOnlyList<string> sent, TradingEngineClientOptions engine)
    {
        // What does not come is counted below: it is the result, not a run that failed.
        await TryAsync(OrderLimit, () => Task.FromResult(agents.SeenSignals >= sent.Count));
        await using var client = await TradingEngineClient.ConnectAsync(engine);
        var held = 0m;
        await TryAsync(FillLimit, async () =>
        {
            held = (await agents.PositionsAsync()).Where(position => position.Strategy == "faults").Sum(position => position.Quantity);
            return held == sent.Count * Wire.Quantity;
        });
        var orders = await agents.OrdersAsync();
        var audit = new AuditWalk(client);
        await audit.RunAsync(CancellationToken.None);
        return new Verdict(
            sent.Count, sent.Count(id => !orders.ContainsKey(id)), orders.Values.Sum(seen => seen.OrderIds.Count - 1), held,
            audit.Verifier.BreakCount + audit.Differences.Count);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Sent} signals: {Lost} lost, {Doubled} doubled, quantity {Held:0.########} of {Expected:0.########}, "
        + $"{Breaks} breaks of the audit");

    private static async Task TryAsync(TimeSpan limit, Func<Task<bool>> holds)
    {
        try
        {
            await Poll.UntilAsync("", holds, limit);
        }
        catch (FaultException)
        {
            // Counted as it stands.
        }
    }
}
