using System.Globalization;
using TradingEngine.Client;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>What the embedded store keeps when its silo is ended or killed.</summary>
[Collection(Alone.Name)]
public sealed class EmbeddedRestartTests
{
    private const int Positions = 100;
    private const string Strategy = "outlives";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hundred_positions_outlive_a_termination_and_a_kill()
    {
        using var place = new SiloPlace();
        string[] arguments = [.. place.Arguments, "--feed", "simulated", "--risk", "open"];
        List<string> opened;
        await using (var silo = SiloProcess.Start(arguments))
        {
            await silo.PrintsAsync("Ready: embedded");
            await using var client = await TradingEngineClient.ConnectAsync(place.ClientOptions, Stop);
            await PricedAsync(client);
            for (var i = 0; i < Positions; i++)
            {
                await client.SubmitSignalAsync(2, SignalOf($"{Strategy}-{i}", Strategy), Stop);
            }

            opened = await HeldAsync(client);
            Assert.Equal(0, await silo.TerminateAsync());
        }

        await using (var silo = SiloProcess.Start(arguments))
        {
            await silo.PrintsAsync("Ready: embedded");
            await using var client = await TradingEngineClient.ConnectAsync(place.ClientOptions, Stop);
            Assert.Equal(opened, await HeldAsync(client));
            await silo.KillAsync();
        }

        await using (var silo = SiloProcess.Start(arguments))
        {
            await silo.PrintsAsync("Ready: embedded");
            await using var client = await TradingEngineClient.ConnectAsync(place.ClientOptions, Stop);
            Assert.Equal(opened, await HeldAsync(client));

            // The same signal again is the same position still.
            await client.SubmitSignalAsync(2, SignalOf($"{Strategy}-0", Strategy), Stop);
            await Eventually.HoldsAsync("the repeated signal to be handled", async () =>
                (await client.GetRedisStatusAsync(Stop)).QueueDepths.Values.All(depth => depth == 0));
            Assert.Equal(opened, await HeldAsync(client));
            Assert.Equal(0, await silo.TerminateAsync());
        }
    }

    /// <summary>A signal whose stop and target lie where the simulated market does not go.</summary>
    private static string SignalOf(string id, string strategy) =>
        $$"""
        {"signal_id":"{{id}}","action":"buy","symbol":"BTCUSD","strategy":"{{strategy}}",
         "quantity":0.01,"stop_loss":1,"take_profit":100000000}
        """;

    /// <summary>Waits for the first price: what comes before it is refused for want of one.</summary>
    private static async Task PricedAsync(TradingEngineClient client)
    {
        const string strategy = "first-price";
        var sent = 0;
        await Eventually.HoldsAsync("a position at the first price", async () =>
        {
            await client.SubmitSignalAsync(2, SignalOf($"{strategy}-{sent++}", strategy), Stop);
            return (await client.GetPositionsAsync(Stop)).Any(position => position.Entry.Strategy == strategy);
        });
    }

    /// <summary>Waits until all are open with their stops armed; the ids, each with what it holds.</summary>
    private static async Task<List<string>> HeldAsync(TradingEngineClient client)
    {
        List<PositionView> held = [];
        await Eventually.HoldsAsync($"{Positions} open and armed positions", async () =>
        {
            held = [.. (await client.GetPositionsAsync(Stop)).Where(position => position.Entry.Strategy == Strategy)];
            return held.Count == Positions
                && held.All(position => position.IsArmed && position.Entry.Phase == PositionPhase.Open);
        }, seen: () => $"There are {held.Count}: {string.Join(", ", held.GroupBy(position => (position.Entry.Phase, position.IsArmed))
            .Select(group => $"{group.Count()} {group.Key.Phase}{(group.Key.IsArmed ? " armed" : "")}"))}.");
        return [.. held.Select(position => string.Create(CultureInfo.InvariantCulture,
            $"{position.Entry.Id} {position.Entry.Quantity} at {position.Entry.AverageOpen}")).Order(StringComparer.Ordinal)];
    }
}
