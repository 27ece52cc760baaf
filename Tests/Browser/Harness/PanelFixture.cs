using System.Text.Json;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Browser.Harness;

/// <summary>One silo and one browser for all tests that leave them as they were.</summary>
public sealed class PanelFixture : IAsyncLifetime
{
    // Limits that show on meters, and are wide enough for whatever the simulated market does.
    private const string Limits =
        """
        { "name": "wide", "basedOn": "conservative", "isStopRequired": false, "maxGrossShare": 2, "maxNetShare": 2, "maxLeverage": 2, "maxPositionShare": 1,
          "maxGroupShare": 2, "maxTierShare": 2, "maxOpenPositions": 400, "maxLossesInRow": 100000, "maxRepeatedEntries": 100000, "maxLookAlikes": 500,
          "maxPriceAge": "00:01:00" }
        """;

    private readonly string _limits = Path.GetTempFileName();

    internal PanelSite Site { get; private set; } = null!;

    internal Chrome Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Browser = new Chrome();
        await File.WriteAllTextAsync(_limits, Limits);
        Site = await PanelSite.StartAsync(key: null, "--risk", _limits);

        // Something of everything: positions, a closed trade, a refused message, a halt.
        await Site.OpenAsync(("steady", "ETHUSD"), ("steady", "BTCUSD"), ("leaver", "BTCUSD"));
        var leaver = (await Site.PositionsAsync()).First(position => position.GetProperty("strategy").GetString() == "leaver");
        await Site.PostAsync($"/v1/positions/{leaver.GetProperty("positionId").GetString()}/close", new { });
        await Site.PostAsync("/v1/queues/strategy_signals", new { action = "dance", symbol = "BTCUSD" });
        await Site.PostAsync("/v1/commands/halt", new { scope = "symbol/USOIL", reason = "news" });
        await Eventually.HoldsAsync("a closed trade and a dead letter", async () =>
            (await Site.GetAsync("/v1/trades")).GetProperty("items").GetArrayLength() > 0
            && (await Site.GetAsync("/v1/deadletters")).GetProperty("items").GetArrayLength() > 0
            && (await Site.GetAsync("/v1/strategies")).GetProperty("items").EnumerateArray()
                .Any(strategy => strategy.GetProperty("trades").ValueKind == JsonValueKind.Number && strategy.GetProperty("trades").GetInt64() > 0));
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Site.DisposeAsync();
        File.Delete(_limits);
    }
}

/// <summary>Tests of the shared silo, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OnSharedSilo : ICollectionFixture<PanelFixture>
{
    public const string Name = "shared silo";
}
