using System.Globalization;
using TradingEngine.Client;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>What the embedded store keeps when its silo is ended or killed.</summary>
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
            for (var i = 0; i < Positions; i++)
            {
                await client.SubmitSignalAsync(2, SignalOf(i), Stop);
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
            await client.SubmitSignalAsync(2, SignalOf(0), Stop);
            await Eventually.HoldsAsync("the repeated signal to be handled", async () =>
                (await client.GetRedisStatusAsync(Stop)).QueueDepths.Values.All(depth => depth == 0));
            Assert.Equal(opened, await HeldAsync(client));
            Assert.Equal(0, await silo.TerminateAsync());
        }
    }

    /// <summary>A signal whose stop and target lie where the simulated market does not go.</summary>
    private static string SignalOf(int number) => string.Create(CultureInfo.InvariantCulture,
        $$"""
        {"signal_id":"{{Strategy}}-{{number}}","action":"buy","symbol":"BTCUSD","strategy":"{{Strategy}}",
         "quantity":0.01,"stop_loss":1,"take_profit":100000000}
        """);

    /// <summary>Waits until all are open with their stops armed; the ids, each with what it holds.</summary>
    private static async Task<List<string>> HeldAsync(TradingEngineClient client)
    {
        List<PositionView> held = [];
        await Eventually.HoldsAsync($"{Positions} open and armed positions", async () =>
        {
            held = [.. (await client.GetPositionsAsync(Stop)).Where(position => position.Entry.Strategy == Strategy)];
            return held.Count == Positions
                && held.All(position => position.IsArmed && position.Entry.Phase == PositionPhase.Open);
        });
        return [.. held.Select(position => string.Create(CultureInfo.InvariantCulture,
            $"{position.Entry.Id} {position.Entry.Quantity} at {position.Entry.AverageOpen}")).Order(StringComparer.Ordinal)];
    }
}
